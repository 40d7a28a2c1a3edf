/** A list of programmes that the reader can narrow, by what the programmes themselves say. */

import { h } from "./dom.js";
import { programmes } from "./parts.js";

const CHOICES = [
  [
    "iStudyAt",
    (item) =>
      item.access
        .filter((each) => each.organisation)
        .map(({ organisation }) => [organisation.id, organisation.name]),
  ],
  ["type", (item) => [[item.type, item.type_label]]],
  ["level", (item) => (item.level ? [[item.level, item.level_label]] : [])],
  ["teachingLanguage", (item) => item.teaching_languages.map(({ code, label }) => [code, label])],
  [
    "provider",
    (item) => item.providers.map(({ organisation }) => [organisation.id, organisation.name]),
  ],
];

let finders = 0;

export function finder(items, page, { level = 3, total = items.length } = {}) {
  const { t } = page;
  const prefix = `finder-${++finders}`;
  const chosen = new Map();
  const count = h("p", { class: "finder__count", role: "status" });
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

  const form = h(
    "form",
    { class: "finder", "aria-label": t.filter, onsubmit: (e) => e.preventDefault() },
    CHOICES.map(([name, values]) => {
      const options = new Map(items.flatMap(values));
      if (options.size < 2) return null;
      const sorted = [...options].sort((a, b) => a[1].localeCompare(b[1], page.locale));
      const onchange = (event) => {
        chosen.set(name, event.target.value);
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
  );
  show();
  return [form.childElementCount > 0 && form, count, results];
}
