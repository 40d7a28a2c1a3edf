// @ts-check
/**
 * What blocks and pages share: images, links, members, programmes, projects, timelines.
 *
 * `page` is the page being shown: its language, this client's texts in it, its address.
 */

import { h, richText } from "./dom.js";
import { longDate } from "./i18n.js";
import { clientUrl } from "./routes.js";

/**
 * @param {string | null | undefined} url
 * @param {import("./types").Child} text
 * @param {import("./types").Attributes} attributes
 */
export function link(url, text, attributes = {}) {
  return url ? h("a", { href: clientUrl(url), ...attributes }, text) : h("span", attributes, text);
}

/**
 * @param {{ url: string | null, text: string }[]} items
 */
export function links(items) {
  if (!items?.length) return null;
  return h(
    "ul",
    { class: "links" },
    items.map((item) => h("li", {}, link(item.url, item.text))),
  );
}

/**
 * @param {import("./types").Image | null} value
 * @param {{ sizes?: string, eager?: boolean }} options
 */
export function image(value, { sizes = "100vw", eager = false } = {}) {
  if (!value) return null;
  const { x, y } = value.focal_point ?? { x: 0.5, y: 0.5 };
  return h("img", {
    src: value.src,
    srcset: value.srcset || null,
    sizes: value.srcset ? sizes : null,
    width: value.width,
    height: value.height,
    alt: value.alt ?? "",
    loading: eager ? null : "lazy",
    style: `object-position: ${x * 100}% ${y * 100}%`,
  });
}

/**
 * `lang` for a name that is not in the language of the page.
 *
 * @param {string | null} language
 * @param {import("./types").View} page
 */
export const langOf = (language, page) => (language && language !== page.locale ? language : null);

/**
 * A badge, where something no longer is or is not yet; what simply runs needs none.
 *
 * @param {import("./types").Lifecycle} lifecycle
 */
export function lifecycle({ status, text }) {
  if (!text || status === "undated") return null;
  return h("span", { class: `status status--${status}` }, text);
}

/**
 * @param {string | null} heading
 * @param {number} level
 * @param {...import("./types").Child} children
 */
export function section(heading, level, ...children) {
  if (children.flat().every((child) => child == null)) return null;
  return h("section", {}, heading && h(`h${level}`, {}, heading), children);
}

/**
 * @param {import("./types").Organisation} value
 * @param {import("./types").View} page
 * @param {string | null} note
 */
export function organisation(value, page, note) {
  return h(
    "li",
    { class: "partner" },
    value.logo &&
      h("span", { class: "partner__logo" }, image({ ...value.logo, alt: null }, { sizes: "8rem" })),
    h(
      "span",
      { class: "partner__text" },
      link(value.website, value.name, {
        lang: langOf(value.language, page),
        class: "partner__name",
      }),
      note && h("span", { class: "note" }, note),
      ["ended", "ending_soon", "planned"].includes(value.lifecycle.status) &&
        lifecycle(value.lifecycle),
      value.successor && h("span", { class: "note" }, page.t.successor(value.successor.name)),
    ),
  );
}

/**
 * What the blocks of a page name, whole, by its id.
 *
 * @param {import("./types").Page["included"]} included
 * @returns {import("./types").Included}
 */
export function byId(included) {
  /** @type {<Row extends { id: string }>(rows: Row[] | null | undefined) => Map<string, Row>} */
  const map = (rows) => new Map((rows ?? []).map((row) => [row.id, row]));
  return {
    organisations: map(included?.organisations),
    alliances: map(included?.alliances),
    programmes: map(included?.programmes),
  };
}

/**
 * Programmes of a list, whole, with the terms that the list is about.
 *
 * @param {import("./types").ProgrammeMention[] | null} mentions
 * @param {import("./types").View} page
 * @returns {import("./types").Programme[]}
 */
export const wholeProgrammes = (mentions, { included }) =>
  (mentions ?? []).flatMap(({ id, access }) => {
    const row = included?.programmes.get(id);
    return row ? [{ ...row, access: access ?? row.access }] : [];
  });

/**
 * @param {import("./types").Member[] | null} items
 * @param {import("./types").View} page
 */
export function members(items, page) {
  if (!items?.length) return null;
  return h(
    "ul",
    { class: "partners" },
    items.map((item) => {
      const isOn = !item.lifecycle || item.lifecycle.status === "active";
      const note = [item.role_label, isOn ? "" : item.lifecycle?.text]
        .filter(Boolean)
        .join(" · ");
      const row = page.included?.organisations.get(item.id ?? "");
      if (row) return organisation(row, page, note);
      return h(
        "li",
        { class: "partner" },
        h(
          "span",
          { class: "partner__text" },
          item.count && h("b", { class: "partner__count" }, item.count),
          link(item.url, item.name, { class: "partner__name" }),
          note && h("span", { class: "note" }, note),
        ),
      );
    }),
  );
}

/**
 * @param {import("./types").Alliance[] | null} items
 * @param {import("./types").View} page
 */
export function alliances(items, page) {
  if (!items?.length) return null;
  return h(
    "ul",
    { class: "cards" },
    items.map((item) =>
      h(
        "li",
        { class: "card" },
        h("h4", { lang: langOf(item.language, page) }, link(item.url, item.name)),
        item.summary && h("p", { lang: langOf(item.summary_language, page) }, item.summary),
        lifecycle(item.lifecycle),
      ),
    ),
  );
}

/**
 * @param {import("./types").Project[] | null} items
 * @param {import("./types").View} page
 */
export function projects(items, page) {
  if (!items?.length) return null;
  return h(
    "ul",
    { class: "rows" },
    items.map((item) =>
      h(
        "li",
        {},
        link(item.website, item.title, { class: "rows__name", lang: langOf(item.language, page) }),
        lifecycle(item.lifecycle),
        item.summary && h("p", { lang: langOf(item.summary_language, page) }, item.summary),
      ),
    ),
  );
}

/**
 * @param {import("./types").TimelineEvent[] | null} items
 */
export function events(items) {
  if (!items?.length) return null;
  return h(
    "ol",
    { class: "timeline" },
    items.map((item) =>
      h(
        "li",
        {},
        h("time", { datetime: item.date }, item.date_text),
        h("div", {}, link(item.url, item.title), richText(item.text)),
      ),
    ),
  );
}

/**
 * @param {import("./types").Programme[]} items
 * @param {import("./types").View} page
 */
export function programmes(items, page, level = 3) {
  return h(
    "ul",
    { class: "programmes" },
    items.map((item) => programme(item, page, level)),
  );
}

const FEW = 6;

/**
 * The first of them, and the others folded away: for a list beside other things.
 *
 * @param {import("./types").Programme[]} items
 * @param {import("./types").View} page
 * @param {number} level
 */
export function fewProgrammes(items, page, level) {
  const others = items.slice(FEW);
  return [
    programmes(items.slice(0, FEW), page, level),
    others.length > 0 &&
      h(
        "details",
        { class: "question" },
        h("summary", {}, page.t.moreProgrammes(others.length)),
        programmes(others, page, level),
      ),
  ];
}

/**
 * @param {import("./types").Programme} item
 * @param {import("./types").View} page
 * @param {number} level
 */
function programme(item, page, level) {
  const { t } = page;
  const facts = [
    item.type_label,
    item.level_label,
    item.study_load?.label,
    item.is_joint && t.joint,
  ].filter(Boolean);
  const languages = item.teaching_languages.map((language) => language.label).join(", ");
  return h(
    "li",
    { class: "programme" },
    h("p", { class: "programme__facts" }, facts.join(" · ")),
    h(`h${level}`, { lang: langOf(item.language, page) }, link(item.url, item.name)),
    item.lifecycle.status !== "active" && lifecycle(item.lifecycle),
    item.summary && h("p", { lang: langOf(item.summary_language, page) }, item.summary),
    h(
      "dl",
      { class: "pairs" },
      pair(t.providers, item.providers.map((each) => each.organisation.name).join(", ")),
      pair(t.taughtIn, languages),
      item.access.length > 0 && [
        h("dt", {}, t.terms),
        item.access.map((each) => h("dd", {}, access(each, page))),
      ],
    ),
  );
}

/**
 * @param {string} term
 * @param {string} text
 */
const pair = (term, text) => text && [h("dt", {}, term), h("dd", {}, text)];

/**
 * @param {import("./types").Access} item
 * @param {import("./types").View} page
 */
function access(item, { t, locale }) {
  const who = item.organisation ? t.studentsOf(item.organisation.name) : t.guests;
  const opens = longDate(item.application_opens, locale);
  const closes = longDate(item.application_closes, locale);
  const today = new Date().toLocaleDateString("sv");
  const isClosed = item.application_closes && item.application_closes < today;
  const terms = [
    item.ects != null && `${item.ects.toLocaleString(locale)} ECTS`,
    item.places != null && t.places(item.places),
    item.selective && t.selective,
    isClosed ? t.closed(closes) : (opens || closes) && t.apply(opens, closes),
  ]
    .filter(Boolean)
    .join(", ");
  return [
    terms ? `${who}: ${terms}` : who,
    item.conditions && `. ${item.conditions}`,
    item.enrolment_link && [
      " ",
      h("a", { href: item.enrolment_link, "aria-label": `${t.enrol}: ${who}` }, t.enrol),
    ],
  ];
}
