// @ts-check
/** Search over registry and pages, with its own address: `?search=delta&locale=en&kind=page`. */

import { search } from "./api.js";
import { h } from "./dom.js";
import { langOf, link } from "./parts.js";

const PAGE_SIZE = 10;
const KINDS = /** @type {const} */ (["page", "alliance", "programme", "project", "organisation"]);

/**
 * @typedef {object} Question
 * @property {string} words
 * @property {string | null} locale
 * @property {string} kind one of KINDS, or nothing for all
 * @property {number} page
 */

/**
 * What the address asks to search for, when it does.
 *
 * @returns {Question | null}
 */
export function question() {
  const parameters = new URLSearchParams(location.search);
  const words = parameters.get("search");
  if (words === null) return null;
  return {
    words: words.trim(),
    locale: parameters.get("locale"),
    kind: parameters.get("kind") ?? "",
    page: Math.max(1, Math.trunc(Number(parameters.get("page"))) || 1),
  };
}

/**
 * The address of a search in this client.
 *
 * @param {{ words: string, locale: string, kind?: string, page?: number }} question
 */
export function searchUrl({ words, locale, kind = "", page = 1 }) {
  const parameters = new URLSearchParams({ search: words, locale });
  if (kind) parameters.set("kind", kind);
  if (page > 1) parameters.set("page", String(page));
  return `${location.pathname}?${parameters}`;
}

/**
 * @param {string} words
 * @param {import("./types").View} view
 * @param {(url: string) => void} open
 */
export function searchForm(words, { t, locale }, open) {
  /** @param {Event} event */
  const onsubmit = (event) => {
    event.preventDefault();
    const input = form.querySelector("input");
    if (input?.value.trim()) open(searchUrl({ words: input.value.trim(), locale }));
    else input?.focus();
  };
  const form = h(
    "form",
    { class: "search", role: "search", onsubmit },
    h("label", { class: "visually-hidden", for: "search" }, t.search),
    h("input", { id: "search", type: "search", maxlength: 200, value: words, placeholder: t.search }),
    h("button", { type: "submit" }, t.find),
  );
  return form;
}

/**
 * The page of results.
 *
 * @param {Question} asked
 * @param {import("./types").View} view
 * @param {AbortSignal} signal
 */
export async function searchPage(asked, view, signal) {
  const { t } = view;
  const locale = /** @type {import("./types").Locale} */ (view.locale);
  const { words, page } = asked;
  const kind = KINDS.find((each) => each === asked.kind);
  // Of all kinds once, for the counts; of the one kind for its results.
  const all = await search({ q: words, locale, limit: PAGE_SIZE, offset: kind ? 0 : offset(page) }, signal);
  const found = kind
    ? await search({ q: words, locale, kind: [kind], limit: PAGE_SIZE, offset: offset(page) }, signal)
    : all;
  const base = { words, locale };
  return h(
    "div",
    { class: "body found" },
    h("h1", { tabindex: "-1" }, t.searchTitle(words)),
    h("p", { class: "lead" }, t.results(found.count)),
    all.count > 0 &&
      h(
        "nav",
        { "aria-label": t.kinds },
        h(
          "ul",
          { class: "chosen__list" },
          tab(searchUrl(base), t.all, all.count, !kind),
          KINDS.filter((each) => all.counts[each]).map((each) =>
            tab(searchUrl({ ...base, kind: each }), t.kind[each], all.counts[each] ?? 0, each === kind),
          ),
        ),
      ),
    found.items.length > 0
      ? h("ol", { class: "rows" }, found.items.map((item) => result(item, view)))
      : h("p", {}, t.nothingFound),
    steps(found.count, page, (number) => searchUrl({ ...base, kind: kind ?? "", page: number }), view),
  );
}

/** @param {number} page */
const offset = (page) => (page - 1) * PAGE_SIZE;

/**
 * @param {string} href
 * @param {string} label
 * @param {number} count
 * @param {boolean} current
 */
const tab = (href, label, count, current) =>
  h("li", {}, h("a", { href, class: "chip", "aria-current": current ? "true" : null }, `${label} ${count}`));

/**
 * @param {import("./types").SearchResult} item
 * @param {import("./types").View} view
 */
function result({ kind, kind_label, title, language, text, type_label, url }, view) {
  const label = (kind !== "page" && type_label) || kind_label;
  const lang = langOf(language, view);
  return h(
    "li",
    {},
    h("p", { class: "programme__facts" }, label),
    h("h2", { lang }, link(url, title)),
    text && h("p", { lang }, text),
  );
}

/**
 * @param {number} total
 * @param {number} page
 * @param {(number: number) => string} address
 * @param {import("./types").View} view
 */
function steps(total, page, address, { t }) {
  const last = Math.ceil(total / PAGE_SIZE);
  if (last < 2) return null;
  return h(
    "nav",
    { class: "pages", "aria-label": t.pages },
    h(
      "ul",
      {},
      page > 1 && h("li", {}, h("a", { href: address(page - 1), rel: "prev" }, t.previous)),
      h("li", {}, h("span", { "aria-current": "page" }, t.pageOf(page, last))),
      page < last && h("li", {}, h("a", { href: address(page + 1), rel: "next" }, t.next)),
    ),
  );
}
