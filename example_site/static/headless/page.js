// @ts-check
/** A page of the API as elements, and the states a page can be in. */

import { ApiError } from "./api.js";
import { block } from "./blocks.js";
import { h } from "./dom.js";
import { finder } from "./finder.js";
import { languageName } from "./i18n.js";
import * as parts from "./parts.js";
import { clientUrl } from "./routes.js";

/**
 * @param {import("./types").Page} data
 * @param {import("./types").View} view
 */
export function renderPage(data, view) {
  const page = { ...view, included: parts.byId(data.included) };
  const { t } = page;
  return [
    breadcrumbs(data, page),
    h(
      "div",
      { class: data.hero_image ? "title title--image" : "title" },
      h(
        "div",
        { class: "title__text" },
        data.subject && h("p", { class: "kicker" }, data.subject.type_label),
        h("h1", { tabindex: "-1" }, data.title),
        data.introduction && h("p", { class: "lead" }, data.introduction),
        data.subject && parts.lifecycle(data.subject.lifecycle),
      ),
      parts.image(data.hero_image, { sizes: "(min-width: 60rem) 50vw, 100vw", eager: true }),
    ),
    h(
      "div",
      { class: "body" },
      data.body.map((each) => block(each, page)),
      data.programmes && programmeIndex(page),
      data.children.length > 0 && children(data.children, t),
    ),
  ];
}

/** @param {import("./types").View} page */
function programmeIndex(page) {
  return h("section", { class: "block" }, h("h2", {}, page.t.programmes), finder(page));
}

/**
 * @param {import("./types").PageSummary[]} pages
 * @param {import("./types").Texts} t
 */
function children(pages, t) {
  return h(
    "nav",
    { class: "block", "aria-labelledby": "in-section" },
    h("h2", { id: "in-section" }, t.inSection),
    h(
      "ul",
      { class: "cards" },
      pages.map((child) =>
        h(
          "li",
          { class: "card" },
          h("h3", {}, parts.link(child.url, child.title)),
          child.introduction && h("p", {}, child.introduction),
        ),
      ),
    ),
  );
}

/**
 * @param {import("./types").Page} page
 * @param {import("./types").View} view
 */
function breadcrumbs({ title, meta }, { t }) {
  if (meta.breadcrumbs.length === 0) return null;
  return h(
    "nav",
    { class: "breadcrumbs", "aria-label": t.breadcrumbs },
    h(
      "ol",
      {},
      meta.breadcrumbs.map((crumb) => h("li", {}, parts.link(crumb.url, crumb.title))),
      h("li", {}, h("span", { "aria-current": "page" }, title)),
    ),
  );
}

/**
 * @param {Map<string, import("./types").PageSummary>} sections by language, where it begins
 * @param {import("./types").Alternate[]} alternates the page shown in other languages
 * @param {import("./types").Child} search
 * @param {import("./types").View} view
 */
export function renderHeader(sections, alternates, search, { locale, t }) {
  const section = sections.get(locale);
  return [
    h("p", { class: "bar__name" }, section && parts.link(section.url, section.title)),
    section && search,
    h(
      "nav",
      { "aria-label": t.language },
      h(
        "ul",
        {},
        [...sections].map(([code, { url }]) => {
          const alternate = alternates.find(({ hreflang }) => hreflang === code);
          const current = code === locale;
          return h(
            "li",
            {},
            h(
              "a",
              {
                href: current ? location.href : clientUrl(alternate?.url ?? url),
                lang: code,
                hreflang: code,
                "aria-current": current ? "true" : null,
              },
              languageName(code),
            ),
          );
        }),
      ),
    ),
  ];
}

/**
 * @param {string | undefined} url the page on the site itself
 * @param {string | null} jsonUrl what the API answered
 * @param {import("./types").View} view
 */
export function renderFooter(url, jsonUrl, { t }) {
  return [
    h("p", {}, t.footer),
    url &&
      h(
        "ul",
        {},
        h("li", {}, h("a", { href: url }, t.rendered)),
        jsonUrl && h("li", {}, h("a", { href: jsonUrl }, t.json)),
      ),
  ];
}

/** @param {import("./types").View} view */
export const renderLoading = ({ t }) => h("div", { class: "loading" }, h("p", {}, t.loading));

/** @param {import("./types").View} view */
export const renderEmpty = ({ t }) => [
  h("h1", { tabindex: "-1" }, t.noSection),
  h("p", { class: "lead" }, t.noSectionText),
];

/**
 * @param {unknown} error an ApiError, or what `fetch` throws without a connection
 * @param {import("./types").PageSummary | undefined} section
 * @param {() => void} retry
 * @param {import("./types").View} view
 */
export function renderError(error, section, retry, { t }) {
  const { problem = null, message = "" } = error instanceof ApiError ? error : {};
  return h(
    "div",
    { class: "problem" },
    problem &&
      h("p", { class: "kicker" }, [problem.status, problem.title].filter(Boolean).join(" ")),
    h("h1", { tabindex: "-1" }, t.failed),
    h("p", { class: "lead" }, problem?.status === 404 ? t.notFound : problem ? "" : t.offline),
    message && h("p", { lang: "en" }, message),
    h(
      "p",
      { class: "actions" },
      h("button", { type: "button", onclick: retry }, t.again),
      section && parts.link(section.url, t.toSection(section.title)),
    ),
  );
}
