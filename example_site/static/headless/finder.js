// @ts-check
/**
 * The finder of programmes: the API filters and counts, the address holds what was chosen.
 *
 * What a filter is called in the address is what the API calls it, so that a choice can be shared,
 * bookmarked, and asked of the API as it is.
 */

import { ApiError, countProgrammes, findProgrammes } from "./api.js";
import { append, h } from "./dom.js";
import { programmes } from "./parts.js";
import { clientSearch } from "./routes.js";

const PAGE_SIZE = 12;
/** Facets shown as lists of boxes, in the order of the API; the first few are open from the start. */
const BOXES = /** @type {const} */ ([
  "type", "level", "language", "provider", "alliance", "field", "theme", "delivery", "mode", "status",
]);
const OPEN_BOXES = 3;
const MANY = 6;
const TEXTS = /** @type {const} */ (["q", "ects_min", "ects_max"]);
const ORDERS = /** @type {const} */ (["name", "type", "starts", "ects", "deadline"]);
const CHOICES = ["home", "open", "joint", ...BOXES, ...TEXTS, "terms", "open_on"];
/** While somebody types, the list need not follow each letter. */
const PAUSE = 350;

/**
 * Reads the address again, for whoever goes back and forth.
 *
 * @type {(() => void) | null}
 */
let reread = null;

/** Whether there was a finder to follow the address. */
export function followAddress() {
  reread?.();
  return reread !== null;
}

export const forgetFinder = () => {
  reread = null;
};

/** What the address asks for, without what is not ours. */
function asked() {
  const all = new URLSearchParams(location.search);
  const ours = new URLSearchParams();
  for (const name of [...CHOICES, "order", "page"]) {
    for (const value of all.getAll(name)) if (value) ours.append(name, value);
  }
  return ours;
}

/** @param {URLSearchParams} choice */
const pageOf = (choice) => Math.max(1, Math.trunc(Number(choice.get("page"))) || 1);

/**
 * The same choice with other values of one filter, from its first page on.
 *
 * @param {URLSearchParams} choice
 * @param {string} name
 * @param {string[]} values
 */
function changed(choice, name, values) {
  const other = new URLSearchParams(choice);
  other.delete("page");
  other.delete(name);
  for (const value of values) if (value) other.append(name, value);
  return other;
}

/**
 * @param {URLSearchParams} choice
 * @param {string} name
 * @param {string} value
 */
const without = (choice, name, value) =>
  changed(choice, name, choice.getAll(name).filter((each) => each !== value));

/** @param {import("./types").View} page */
export function finder(page) {
  const { t, locale } = page;
  let running = new AbortController();
  let pause = 0;

  const words = textField("q", t.words, { type: "search", maxlength: 100, autocomplete: "off" });
  const least = textField("ects_min", t.ectsMin, { type: "number", min: 0, inputmode: "numeric" });
  const most = textField("ects_max", t.ectsMax, { type: "number", min: 0, inputmode: "numeric" });
  const first = h("div", { class: "finder__first" });
  const boxes = h("div", { class: "finder__boxes" });
  const filterCount = h("span", {});
  const more = h(
    "details",
    { class: "finder__more", open: matchMedia("(min-width: 60rem)").matches },
    h("summary", {}, t.filter, filterCount),
    boxes,
    h("fieldset", { class: "finder__range" }, h("legend", {}, "ECTS"), least, most),
  );
  const form = h(
    "form",
    { class: "finder__form", "aria-label": t.finder, onsubmit: submit, onchange: choose, oninput: type },
    words,
    first,
    more,
  );
  const count = h("h3", { class: "count", id: "found", tabindex: "-1" });
  const told = h("p", { class: "visually-hidden", role: "status" });
  const chosen = h("div", { class: "chosen" });
  const results = h("div", { class: "finder__results", "aria-live": "off" });
  const whole = h(
    "div",
    { class: "finder", onclick: follow },
    form,
    h("div", { class: "finder__list" }, h("div", { class: "finder__head" }, count), told, chosen, results),
  );

  /**
   * @param {string} name
   * @param {string} label
   * @param {import("./types").Attributes} attributes
   */
  function textField(name, label, attributes) {
    const value = asked().get(name) ?? "";
    return h(
      "p",
      { class: "field" },
      h("label", { for: `find-${name}` }, label),
      h("input", { id: `find-${name}`, name, value, ...attributes }),
    );
  }

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault();
    clearTimeout(pause);
    go(typed());
  }

  /** The choice with what the reader has typed. */
  function typed() {
    let choice = asked();
    for (const name of TEXTS) {
      const input = form.querySelector(`input[name="${name}"]`);
      if (input instanceof HTMLInputElement && input.value.trim() !== (choice.get(name) ?? "")) {
        choice = changed(choice, name, [input.value.trim()]);
      }
    }
    return choice;
  }

  /** @param {Event} event */
  function type({ target }) {
    if (!(target instanceof HTMLInputElement) || target.type === "checkbox") return;
    clearTimeout(pause);
    pause = setTimeout(() => go(typed(), { replace: true }), PAUSE);
  }

  /** @param {Event} event */
  function choose({ target }) {
    if (target instanceof HTMLSelectElement) {
      go(changed(typed(), target.name, [target.value]));
    } else if (target instanceof HTMLInputElement && target.type === "checkbox") {
      const { name, value, checked } = target;
      const others = without(typed(), name, value);
      go(checked ? changed(others, name, [...others.getAll(name), value]) : others);
    }
  }

  /**
   * Links inside lead to another choice; only what changes is loaded.
   *
   * @param {Event} event
   */
  function follow(event) {
    const anchor = event.target instanceof Element ? event.target.closest("a[data-choice]") : null;
    const isPlain =
      event instanceof MouseEvent && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!anchor || !isPlain) return;
    event.preventDefault();
    const choice = new URLSearchParams(anchor.getAttribute("data-choice") ?? "");
    go(choice, { arrive: true });
  }

  /**
   * @param {URLSearchParams} choice
   * @param {{ replace?: boolean, arrive?: boolean }} how
   */
  function go(choice, { replace = false, arrive = false } = {}) {
    const url = clientSearch(choice);
    if (url !== location.search) {
      if (replace) history.replaceState({}, "", url);
      else history.pushState({}, "", url);
    }
    show({ arrive });
  }

  /** @param {{ arrive?: boolean }} how whether the reader went to the results */
  async function show({ arrive = false } = {}) {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    const choice = asked();
    for (const name of TEXTS) fillIn(name, choice.get(name) ?? "");
    results.setAttribute("aria-busy", "true");
    try {
      const query = queryOf(choice, locale);
      const [found, { facets }] = await findProgrammes(query, PAGE_SIZE, pageOf(choice), signal);
      const freed = found.count === 0 ? await looser(choice, signal) : [];
      if (signal.aborted) return;
      showForm(choice, facets);
      const labels = labelsOf(choice, facets);
      count.textContent = t.found(found.count);
      told.textContent = t.found(found.count);
      chosen.replaceChildren();
      append(chosen, [choices(choice, labels)]);
      results.replaceChildren();
      append(
        results,
        found.items.length > 0
          ? [programmes(found.items, page, 4), pages(choice, found.count)]
          : [found.count > 0 ? pastTheEnd(choice) : nothing(freed, labels, choice)],
      );
    } catch (error) {
      if (signal.aborted) return;
      showError(error);
    }
    results.removeAttribute("aria-busy");
    if (arrive) {
      count.focus({ preventScroll: true });
      count.scrollIntoView({ block: "start" });
    }
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  function fillIn(name, value) {
    const input = form.querySelector(`input[name="${name}"]`);
    // Whoever is typing is ahead of the address.
    if (input instanceof HTMLInputElement && document.activeElement !== input) input.value = value;
  }

  /**
   * The fields with counts are made anew each time; the focus stays where it was.
   *
   * @param {URLSearchParams} choice
   * @param {import("./types").Facet[]} facets
   */
  function showForm(choice, facets) {
    const focused = document.activeElement?.id;
    /** @type {(name: string) => import("./types").FacetValue[]} */
    const valuesOf = (name) => facets.find((each) => each.name === name)?.values ?? [];
    const opened = new Map(
      [...boxes.querySelectorAll("details")].map((each) => [each.dataset["name"], each.open]),
    );
    first.replaceChildren();
    append(first, [
      select("home", t.iStudyAt, t.anywhere, valuesOf("home"), choice),
      box(
        "open",
        valuesOf("open")[0] ?? { value: "now", label: t.openNow, count: 0, selected: false },
        t.openNow,
      ),
    ]);
    boxes.replaceChildren();
    append(boxes, [
      facets
        .filter(({ name }) => BOXES.some((each) => each === name))
        .map((facet, number) => {
          const { name, values } = facet;
          if (values.length === 0 || (values.length < 2 && !values[0]?.selected)) return null;
          const isOpen = values.some((each) => each.selected) || number < OPEN_BOXES;
          return group(facet, opened.get(name) ?? isOpen);
        }),
      valuesOf("joint").length > 1 && select("joint", t.joint, t.all, valuesOf("joint"), choice),
      select(
        "order",
        t.order,
        null,
        ORDERS.map((value) => ({ value, label: t.orders[value] ?? value, count: null })),
        choice,
      ),
    ]);
    const number = CHOICES.reduce((sum, name) => sum + choice.getAll(name).length, 0);
    filterCount.textContent = number ? ` (${number})` : "";
    if (focused && focused !== document.activeElement?.id) {
      document.getElementById(focused)?.focus({ preventScroll: true });
    }
  }

  /**
   * @param {import("./types").Facet} facet
   * @param {boolean} open
   */
  function group({ name, label, values }, open) {
    const few = values.filter((each, number) => number < MANY || each.selected);
    const others = values.filter((each) => !few.includes(each));
    return h(
      "details",
      { class: "facet", open, "data-name": name },
      h("summary", { id: `facet-${name}` }, label),
      h(
        "div",
        { role: "group", "aria-labelledby": `facet-${name}` },
        few.map((each) => box(name, each)),
        others.length > 0 &&
          h(
            "details",
            { class: "facet__others", "data-name": `${name}-others` },
            h("summary", { id: `facet-${name}-others` }, t.others(others.length)),
            others.map((each) => box(name, each)),
          ),
      ),
    );
  }

  /**
   * @param {string} name
   * @param {import("./types").FacetValue} value
   * @param {string} label
   */
  function box(name, { value, count: number, selected, label: given }, label = given) {
    const id = `find-${name}-${value}`;
    return h(
      "p",
      { class: number === 0 && !selected ? "box box--none" : "box" },
      h("input", { type: "checkbox", id, name, value, checked: selected, disabled: number === 0 && !selected }),
      h("label", { for: id }, label, " ", h("span", { class: "box__count" }, number)),
    );
  }

  /**
   * @param {string} name
   * @param {string} label
   * @param {string | null} none what no choice is called, where that can be
   * @param {{ value: string, label: string, count: number | null }[]} values
   * @param {URLSearchParams} choice
   */
  function select(name, label, none, values, choice) {
    const current = choice.get(name);
    return h(
      "p",
      { class: "field" },
      h("label", { for: `find-${name}` }, label),
      h(
        "select",
        { id: `find-${name}`, name },
        none !== null && h("option", { value: "" }, none),
        values.map(({ value, label: text, count: number }) =>
          h(
            "option",
            { value, selected: value === current },
            number === null ? text : `${text} (${number})`,
          ),
        ),
      ),
    );
  }

  /**
   * What each choice is called; all that were made are among the facets.
   *
   * @param {URLSearchParams} choice
   * @param {import("./types").Facet[]} facets
   */
  function labelsOf(choice, facets) {
    /** @type {(name: string, value: string) => string} */
    return (name, value) => {
      if (name === "q") return `“${value}”`;
      if (name === "ects_min") return `${t.ectsMin} ${value} ECTS`;
      if (name === "ects_max") return `${t.ectsMax} ${value} ECTS`;
      if (name === "open") return t.openNow;
      const values = facets.find((each) => each.name === name)?.values ?? [];
      const label = values.find((each) => each.value === value)?.label ?? value;
      return name === "home" ? `${t.iStudyAt} ${label}` : label;
    };
  }

  /**
   * @param {URLSearchParams} choice
   * @param {(name: string, value: string) => string} labelOf
   */
  function choices(choice, labelOf) {
    const made = CHOICES.flatMap((name) =>
      choice.getAll(name).map((value) => /** @type {const} */ ([name, value])),
    );
    if (made.length === 0) return null;
    return h(
      "ul",
      { "aria-label": t.chosen },
      made.map(([name, value]) => {
        const label = labelOf(name, value);
        return h(
          "li",
          {},
          to(without(choice, name, value), { class: "chip", "aria-label": t.remove(label) }, label, cross()),
        );
      }),
      made.length > 1 && h("li", {}, to(new URLSearchParams(), { class: "chip chip--all" }, t.reset)),
    );
  }

  /**
   * A link to another choice, which can be opened in a tab of its own, too.
   *
   * @param {URLSearchParams} choice
   * @param {import("./types").Attributes} attributes
   * @param {...import("./types").Child} children
   */
  function to(choice, attributes, ...children) {
    const href = clientSearch(choice);
    return h("a", { href, "data-choice": String(choice), ...attributes }, ...children);
  }

  /**
   * @param {URLSearchParams} choice
   * @param {number} total
   */
  function pages(choice, total) {
    const last = Math.ceil(total / PAGE_SIZE);
    if (last < 2) return null;
    const current = pageOf(choice);
    /** @type {(number: number, text: import("./types").Child, more?: import("./types").Attributes) => Node} */
    const step = (number, text, extra = {}) => {
      const other = new URLSearchParams(choice);
      if (number > 1) other.set("page", String(number));
      else other.delete("page");
      return h("li", {}, to(other, extra, text));
    };
    const near = [...Array(last).keys()]
      .map((each) => each + 1)
      .filter((each) => each === 1 || each === last || Math.abs(each - current) <= 1);
    return h(
      "nav",
      { class: "pages", "aria-label": t.pages },
      h(
        "ul",
        {},
        current > 1 && step(current - 1, t.previous, { rel: "prev" }),
        near.map((number, place) => [
          place > 0 && number - (near[place - 1] ?? 0) > 1 && h("li", { "aria-hidden": "true" }, "…"),
          step(number, number, {
            "aria-label": t.pageNumber(number),
            "aria-current": number === current ? "page" : null,
          }),
        ]),
        current < last && step(current + 1, t.next, { rel: "next" }),
      ),
    );
  }

  /**
   * Which choices to give up, with how many programmes that would find: only those that help.
   *
   * @param {URLSearchParams} choice
   * @param {AbortSignal} signal
   */
  async function looser(choice, signal) {
    const tried = CHOICES.filter((name) => choice.has(name)).slice(0, 8);
    const counts = await Promise.all(
      tried.map((name) => countProgrammes(queryOf(changed(choice, name, []), locale), signal)),
    );
    return tried
      .map((name, number) => /** @type {const} */ ([name, counts[number] ?? 0]))
      .filter(([, number]) => number > 0)
      .sort((a, b) => b[1] - a[1]);
  }

  /**
   * @param {(readonly [string, number])[]} freed
   * @param {(name: string, value: string) => string} labelOf
   * @param {URLSearchParams} choice
   */
  function nothing(freed, labelOf, choice) {
    if (CHOICES.every((name) => !choice.has(name))) return h("p", {}, t.empty);
    return h(
      "div",
      { class: "nothing" },
      h("p", { class: "lead" }, t.none),
      freed.length > 0 &&
        h(
          "ul",
          {},
          freed.map(([name, number]) => {
            const given = choice.getAll(name).map((value) => labelOf(name, value)).join(", ");
            return h("li", {}, to(changed(choice, name, []), {}, t.without(given, number)));
          }),
        ),
      h("p", {}, to(new URLSearchParams(), { class: "button button--plain" }, t.reset)),
    );
  }

  /** @param {URLSearchParams} choice */
  function pastTheEnd(choice) {
    return h("p", {}, to(changed(choice, "page", []), {}, t.firstPage));
  }

  /**
   * An address that somebody made up is told what is wrong with it, in the API's own words.
   *
   * @param {unknown} error
   */
  function showError(error) {
    const isRefusal = error instanceof ApiError;
    count.textContent = t.notFoundNow;
    told.textContent = t.notFoundNow;
    chosen.replaceChildren();
    results.replaceChildren(
      h(
        "div",
        { class: "nothing" },
        isRefusal ? h("p", { lang: "en" }, error.message) : h("p", {}, t.offline),
        isRefusal
          ? h("p", {}, to(new URLSearchParams(), { class: "button button--plain" }, t.reset))
          : h("p", {}, h("button", { type: "button", onclick: () => show() }, t.again)),
      ),
    );
  }

  reread = () => show();
  show();
  return whole;
}

const cross = () => h("span", { "aria-hidden": "true" }, " ×");

/**
 * The choice as the API takes it.
 *
 * @param {URLSearchParams} choice
 * @param {string} locale
 */
function queryOf(choice, locale) {
  /** @type {Record<string, string | string[]>} */
  const query = { locale };
  for (const name of CHOICES) {
    const values = choice.getAll(name);
    if (values.length > 1) query[name] = values;
    else if (values[0] !== undefined) query[name] = values[0];
  }
  const order = choice.get("order");
  if (order) query["order"] = order;
  // An address may hold anything; the API refuses what it does not know.
  return /** @type {import("./types").ProgrammeQuery} */ (/** @type {unknown} */ (query));
}
