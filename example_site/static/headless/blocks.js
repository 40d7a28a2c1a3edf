// @ts-check
/**
 * One function for each type of block: (value, page) to elements. A type that is not here, a
 * host's own or a newer package's, is passed over.
 */

import { h, richText } from "./dom.js";
import { narrowing } from "./narrow.js";
import { partnerMap } from "./map.js";
import * as parts from "./parts.js";

/** @param {string | null} text */
const heading = (text) => text && h("h2", {}, text);

const HALF = "(min-width: 60rem) 34rem, 100vw";

/**
 * Only what is listed in the OpenAPI document: a block more here, or one of another shape, is
 * found by the type checker.
 *
 * @type {{ [T in import("./types").BlockType]: (
 *   value: import("./types").Value<T>, page: import("./types").View) => import("./types").Child }}
 */
export const BLOCKS = {
  heading: ({ text, level, anchor }) => h(`h${level}`, { id: anchor || null }, text),

  rich_text: (value) => richText(value),

  image: ({ image, caption, credit }) =>
    h(
      "figure",
      {},
      parts.image(image, { sizes: "(min-width: 60rem) 52rem, 100vw" }),
      (caption || credit) &&
        h("figcaption", {}, caption, caption && credit && " · ", credit && h("small", {}, credit)),
    ),

  document: ({ title, url, extension, size }, { t, locale }) =>
    h(
      "p",
      { class: "download" },
      h("a", { href: url, "aria-label": `${t.download}: ${title}` }, title),
      " ",
      h("small", {}, [extension?.toUpperCase(), bytes(size, locale)].filter(Boolean).join(", ")),
    ),

  embed,

  alliance(value, page) {
    const { alliance } = value;
    const { t } = page;
    const programmes = parts.wholeProgrammes(value.programmes, page);
    const centres = (value.centres ?? []).flatMap(
      ({ id }) => page.included?.alliances.get(id) ?? [],
    );
    /** @type {(title: string, content: import("./types").Child) => import("./types").Child} */
    const list = (title, content) => content && parts.section(title, 3, content);
    return h(
      "div",
      { class: value.is_past ? "alliance alliance--past" : "alliance" },
      h(
        "header",
        {},
        h(
          "p",
          { class: "kicker" },
          [alliance.type_label, alliance.region, value.is_past && t.history]
            .filter(Boolean)
            .join(" · "),
        ),
        h("h2", {}, value.heading || alliance.name),
        parts.lifecycle(alliance.lifecycle) ??
          h("p", { class: "note" }, alliance.lifecycle.text),
        alliance.succeeded_by &&
          h(
            "p",
            { class: "note" },
            parts.link(alliance.succeeded_by.url, t.successor(alliance.succeeded_by.name)),
          ),
      ),
      parts.image(value.image, { sizes: HALF }),
      richText(value.text) ?? (alliance.summary && h("p", {}, alliance.summary)),
      alliance.activities.length > 0 &&
        h(
          "ul",
          { class: "tags" },
          alliance.activities.map(({ label }) => h("li", {}, label)),
        ),
      alliance.themes.length > 0 &&
        h("p", { class: "note" }, `${t.themes}: ${alliance.themes.map(({ label }) => label).join(", ")}`),
      list(t.members, parts.members(value.members, page)),
      list(t.formerMembers, parts.members(value.former_members, page)),
      list(t.centres, parts.alliances(centres, page)),
      list(t.projects, parts.projects(value.projects, page)),
      list(
        t.programmes,
        programmes.length ? parts.fewProgrammes(programmes, page, 4) : null,
      ),
      list(t.timeline, parts.events(value.timeline)),
      parts.links(linksOf(value, page)),
    );
  },

  programme_list(value, page) {
    const { t } = page;
    const programmes = parts.wholeProgrammes(value.programmes, page);
    return [
      heading(value.heading),
      value.audience && h("p", { class: "kicker" }, t.forStudentsOf(value.audience.name)),
      richText(value.introduction),
      programmes.length === 0 && h("p", {}, value.empty_text || t.empty),
      programmes.length > 0 &&
        (value.show_filters
          ? narrowing(programmes, page, { total: value.total })
          : [
              parts.programmes(programmes, page),
              value.total > programmes.length &&
                h("p", { class: "note" }, t.shown(programmes.length, value.total)),
            ]),
    ];
  },

  partner_grid: (value, page) => [
    heading(value.heading),
    h(
      "ul",
      { class: "partners partners--grid" },
      value.partners.map((partner) => parts.organisation(partner, page, partner.locality)),
    ),
  ],

  project_list: (value, page) => [
    heading(value.heading),
    value.current.length > 0 &&
      parts.section(page.t.currentProjects, 3, parts.projects(value.current, page)),
    value.ended.length > 0 &&
      parts.section(page.t.endedProjects, 3, parts.projects(value.ended, page)),
  ],

  timeline: (value) => [heading(value.heading), parts.events(value.events)],

  partner_map: (value, page) => [heading(value.heading), partnerMap(value, page)],

  facts: (value, { t }) => [
    heading(value.heading),
    h(
      "dl",
      { class: "facts" },
      value.facts.map((fact) =>
        h(
          "div",
          {},
          h("dt", {}, fact.label),
          h("dd", { class: "facts__value" }, fact.value),
          h(
            "dd",
            { class: "note" },
            fact.computed ? t.counted : fact.as_of_text && t.asOf(fact.as_of_text),
            fact.source && [", ", parts.link(fact.source.url, fact.source.text || t.source)],
          ),
        ),
      ),
    ),
  ],

  quote: ({ text, name, role, image }) =>
    h(
      "figure",
      { class: "quote" },
      h("blockquote", {}, h("p", {}, text)),
      (name || role) &&
        h(
          "figcaption",
          {},
          parts.image(image, { sizes: "4rem" }),
          h("span", {}, name && h("b", {}, name), name && role && ", ", role),
        ),
    ),

  call_to_action: ({ heading: title, text, audience, link }) =>
    h(
      "div",
      { class: "call" },
      audience && h("p", { class: "kicker" }, audience),
      heading(title),
      richText(text),
      link && h("p", {}, parts.link(link.url, link.text, { class: "button" })),
    ),

  related_links: (value) => [heading(value.heading), parts.links(value.links)],

  recognitions: (value, { t }) => [
    heading(value.heading),
    h(
      "ul",
      { class: "rows" },
      value.recognitions.map((item) =>
        h(
          "li",
          {},
          parts.link(item.url, item.label, { class: "rows__name" }),
          parts.lifecycle(item.lifecycle),
          h(
            "p",
            { class: "note" },
            [item.alliance.name, item.issued_by && t.issuedBy(item.issued_by)]
              .filter(Boolean)
              .join(" · "),
          ),
        ),
      ),
    ),
  ],

  contact: (value, { t }) =>
    h(
      "div",
      { class: "contact" },
      parts.image(value.image, { sizes: "6rem" }),
      h(
        "div",
        {},
        heading(value.heading),
        h(
          "p",
          {},
          h("b", {}, value.name),
          value.role && h("span", { class: "note" }, value.role),
          value.organisation &&
            h(
              "span",
              { class: "note" },
              parts.link(value.organisation.url, value.organisation.name),
            ),
        ),
        h(
          "ul",
          { class: "links" },
          value.email &&
            h(
              "li",
              {},
              h(
                "a",
                { href: `mailto:${value.email}`, "aria-label": `${t.email}: ${value.email}` },
                value.email,
              ),
            ),
          value.phone &&
            h(
              "li",
              {},
              h(
                "a",
                {
                  href: `tel:${value.phone.replace(/[^\d+]/g, "")}`,
                  "aria-label": `${t.phone}: ${value.phone}`,
                },
                value.phone,
              ),
            ),
          value.link && h("li", {}, parts.link(value.link.url, value.link.text)),
        ),
      ),
    ),

  faq: (value) => [
    heading(value.heading),
    value.questions.map(({ question, answer }) =>
      h("details", { class: "question" }, h("summary", {}, question), richText(answer)),
    ),
  ],
};

/**
 * The editor's links, then the alliance's own page or site where none of them leads there.
 *
 * @param {import("./types").Value<"alliance">} value
 * @param {import("./types").View} page
 */
function linksOf({ alliance, links }, { t, url }) {
  const isThere =
    !alliance.url || alliance.url === url || links.some((link) => link.url === alliance.url);
  return isThere ? links : [...links, { url: alliance.url, text: t.more(alliance.name) }];
}

/**
 * @param {import("./types").Block} block
 * @param {import("./types").View} page
 */
export function block({ type, value, id }, page) {
  // The compiler cannot tell that `type` and `value` belong together; the union says so.
  const render = /** @type {((value: unknown, page: import("./types").View) =>
    import("./types").Child) | undefined} */ (BLOCKS[type]);
  if (!render) return null;
  return h(
    "section",
    { class: `block block--${type}`, id: id ? `block-${id}` : null },
    render(value, page),
  );
}

/**
 * Another site's content comes only when asked for: showing it tells that site who reads. Of
 * its HTML just the address of its frame is used.
 *
 * @param {import("./types").Value<"embed">} value
 * @param {import("./types").View} page
 */
function embed({ url, title, html, caption }, { t }) {
  const frame = new DOMParser().parseFromString(html ?? "", "text/html").querySelector("iframe");
  const src = frame?.getAttribute("src")?.replace(/^\/\//, "https://") ?? "";
  const host = new URL(url).host;
  const figure = h(
    "figure",
    { class: "embed" },
    src.startsWith("https:") &&
      h(
        "p",
        { class: "embed__ask" },
        h(
          "button",
          {
            type: "button",
            onclick: ({ target }) =>
              target instanceof Element &&
              target
                .closest("p")
                ?.replaceWith(
                  h("iframe", {
                    src,
                    title: title || host,
                    allowfullscreen: true,
                    referrerpolicy: "origin",
                    tabindex: "0",
                  }),
                ),
          },
          t.embed(host),
        ),
        h("small", {}, t.embedNote(host)),
      ),
    h("figcaption", {}, h("a", { href: url }, title || url), caption && ` – ${caption}`),
  );
  return figure;
}

/**
 * @param {number | null} size
 * @param {string} locale
 */
function bytes(size, locale) {
  if (size == null) return "";
  const [amount, unit] = size < 1e6 ? [size / 1e3, "kilobyte"] : [size / 1e6, "megabyte"];
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit,
    maximumFractionDigits: amount < 10 ? 1 : 0,
  }).format(amount);
}
