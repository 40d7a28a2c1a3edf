// @ts-check
/** A short list of programmes that the reader can narrow, by what the programmes themselves say. */

import { h } from "./dom.js";
import { programmes } from "./parts.js";

/** @typedef {"iStudyAt" | "type" | "level" | "teachingLanguage" | "provider"} Choice */

/**
 * What a reader can choose by: its name, and the values of a programme with their labels.
 *
 * @type {[Choice, (item: import("./types").Programme) => [string, string][]][]}
 */
const CHOICES = [
  [
    "iStudyAt",
    (item) =>
      item.access.flatMap(({ organisation }) =>
        organisation ? [[organisation.id, organisation.name]] : [],
      ),
  ],
  ["type", (item) => [[item.type, item.type_label]]],
  ["level", (item) => (item.level && item.level_label ? [[item.level, item.level_label]] : [])],
  ["teachingLanguage", (item) => item.teaching_languages.map(({ code, label }) => [code, label])],
  [
    "provider",
    (item) => item.providers.map(({ organisation }) => [organisation.id, organisation.name]),
  ],
];

let lists = 0;

/**
 * @param {import("./types").Programme[]} items
 * @param {import("./types").View} page
 * @param {{ level?: number, total?: number }} options
 */
export function narrowing(items, page, { level = 3, total = items.length } = {}) {
  const { t } = page;
  const prefix = `list-${++lists}`;
  /** @type {Map<Choice, string>} */
  const chosen = new Map();
  const count = h("p", { class: "count", role: "status" });
  const results = h("div", {});

  function show() {
    const fitting = items.filter((item) =>
      CHOICES.every(
        ([name, values]) =>
          !chosen.get(name) || values(item).some(([value]) => value === chosen.get(name)),
      ),
    );
    count.textContent = t.shown(fitting.length, total);
    results.replaceChildren(
      fitting.length
        ? programmes(fitting, page, level)
        : h("p", {}, t.none, " ", h("button", { type: "button", onclick: reset }, t.reset)),
    );
  }

  function reset() {
    chosen.clear();
    form.reset();
    show();
    form.querySelector("select")?.focus();
  }

  const form = /** @type {HTMLFormElement} */ (h(
    "form",
    { class: "narrow", "aria-label": t.filter, onsubmit: (event) => event.preventDefault() },
    CHOICES.map(([name, values]) => {
      const options = new Map(items.flatMap(values));
      if (options.size < 2) return null;
      const sorted = [...options].sort((a, b) => a[1].localeCompare(b[1], page.locale));
      /** @param {Event} event */
      const onchange = ({ target }) => {
        if (target instanceof HTMLSelectElement) chosen.set(name, target.value);
        show();
      };
      return h(
        "p",
        {},
        h("label", { for: `${prefix}-${name}` }, t[name]),
        h(
          "select",
          { id: `${prefix}-${name}`, onchange },
          h("option", { value: "" }, t.all),
          sorted.map(([value, label]) => h("option", { value }, label)),
        ),
      );
    }),
  ));
  show();
  return [form.childElementCount > 0 && form, count, results];
}
