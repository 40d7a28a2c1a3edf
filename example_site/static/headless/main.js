// @ts-check
/** Starts the client: finds the sections, shows the page of the address, follows its links. */

import { findPage, findPageUrl, getPreview, getSection } from "./api.js";
import { append } from "./dom.js";
import { followAddress, forgetFinder } from "./finder.js";
import { texts } from "./i18n.js";
import * as views from "./page.js";
import { addSection, clientUrl, currentPath, previewToken, sitePath } from "./routes.js";
import { question, searchForm, searchPage, searchUrl } from "./search.js";

const LANGUAGES = (document.body.dataset.languages ?? "en").split(" ");
/** A page that is there sooner needs no word about its coming. */
const PATIENCE = 200;

/** @param {string} id of an element of the page that the server gives */
const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const header = part("header");
const main = part("content");
const footer = part("footer");
const status = part("status");
const skip = part("skip");

/**
 * By language, the first page of the section.
 *
 * @type {Map<string, import("./types").PageSummary>}
 */
const sections = new Map();
let running = new AbortController();
/** The part of the address that chose what is shown, and the path in it. */
let shown = "";
/** @type {string | null} */
let shownPath = null;

/**
 * @param {string} locale
 * @returns {import("./types").View}
 */
const languagePage = (locale) => ({ locale, t: texts(locale) });

/**
 * What language to speak before the API has said what language the page is in.
 *
 * @param {string | null} path
 */
function guessLanguage(path) {
  const prefix = path?.split("/")[1] ?? "";
  if (LANGUAGES.includes(prefix)) return prefix;
  return (
    navigator.languages
      .map((tag) => tag.split("-")[0] ?? "")
      .find((code) => LANGUAGES.includes(code)) ??
    LANGUAGES[0] ??
    "en"
  );
}

/**
 * @param {HTMLElement} element
 * @param {import("./types").Child} content
 */
function set(element, content) {
  element.replaceChildren();
  append(element, [content]);
}

/**
 * What is around a page: its title, the language switch, the footer.
 *
 * @param {import("./types").View} page
 * @param {{ title: string, alternates?: import("./types").Alternate[], path?: string | null }} data
 */
function showFrame(page, { title, alternates = [], path = null }) {
  document.documentElement.lang = page.locale;
  const name = sections.get(page.locale)?.title;
  document.title = [title, name !== title && name].filter(Boolean).join(" – ");
  skip.textContent = page.t.skip;
  const words = question()?.words ?? "";
  set(header, views.renderHeader(sections, alternates, searchForm(words, page, open), page));
  set(footer, views.renderFooter(page.url, path && findPageUrl(path), page));
}

/**
 * `moved`: the reader went from page to page, so the focus goes along. `top`: how far the page was
 * scrolled when the reader left it.
 *
 * @param {{ moved: boolean, top?: number }} how
 */
async function show({ moved, top = 0 }) {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  const wanted = currentPath();
  const asked = question();
  shown = location.search;
  shownPath = wanted;
  forgetFinder();
  const guess = languagePage(guessLanguage(asked?.locale ? `/${asked.locale}/` : wanted));
  const timer = setTimeout(() => {
    status.textContent = guess.t.loading;
    if (!main.querySelector("h1")) set(main, views.renderLoading(guess));
  }, PATIENCE);
  main.ariaBusy = "true";
  try {
    await loadSections();
    const first = sections.get(guess.locale) ?? [...sections.values()][0];
    const path = wanted ?? (first && sitePath(first.url));
    const token = previewToken();
    if (token) await showPage(null, await getPreview(token, signal), signal);
    else if (asked) await showSearch(asked, guess, signal);
    else if (path) await showPage(path, await findPage(path, signal), signal);
    else showEmpty(guess);
  } catch (error) {
    if (signal.aborted) return;
    showError(error, guess);
  } finally {
    clearTimeout(timer);
    if (!signal.aborted) main.ariaBusy = "false";
  }
  if (!signal.aborted && moved) arrive(top);
  else if (!signal.aborted) toAnchor();
}

async function loadSections() {
  if (sections.size > 0) return;
  const found = await Promise.all(LANGUAGES.map(getSection));
  for (const [i, section] of found.entries()) {
    if (!section || section.locale !== LANGUAGES[i]) continue;
    sections.set(section.locale, section);
    addSection(section.url);
  }
}

/**
 * @param {string | null} path where the page is; a draft is nowhere yet
 * @param {import("./types").Page} data
 * @param {AbortSignal} signal
 */
async function showPage(path, data, signal) {
  const page = languagePage(data.meta.locale);
  if (signal.aborted) return;
  const { alternates, html_url: url, seo } = data.meta;
  if (url) page.url = url;
  showFrame(page, { title: seo.title || data.title, alternates, path });
  set(main, views.renderPage(data, page));
  routeLinks();
  status.textContent = page.t.loaded(data.title);
}

/**
 * @param {import("./search.js").Question} asked
 * @param {import("./types").View} page
 * @param {AbortSignal} signal
 */
async function showSearch(asked, page, signal) {
  const results = await searchPage(asked, page, signal);
  if (signal.aborted) return;
  const alternates = [...sections.keys()].map((hreflang) => ({
    hreflang,
    title: page.t.search,
    url: searchUrl({ ...asked, locale: hreflang }),
  }));
  showFrame(page, { title: page.t.searchTitle(asked.words), alternates });
  set(main, results);
  status.textContent = page.t.loaded(page.t.search);
}

/** @param {import("./types").View} page */
function showEmpty(page) {
  showFrame(page, { title: page.t.noSection });
  set(main, views.renderEmpty(page));
  status.textContent = "";
}

/**
 * @param {unknown} error
 * @param {import("./types").View} page
 */
function showError(error, page) {
  showFrame(page, { title: page.t.failed });
  const retry = () => show({ moved: true });
  set(main, views.renderError(error, sections.get(page.locale), retry, page));
  status.textContent = "";
}

/** Links inside rich text come as the API gives them; send those to the section here too. */
function routeLinks() {
  /** @type {NodeListOf<HTMLAnchorElement>} */
  const anchors = main.querySelectorAll(".rich-text a[href]");
  for (const anchor of anchors) {
    anchor.href = clientUrl(anchor.href);
  }
}

/** @param {number} top */
function arrive(top) {
  main.querySelector("h1")?.focus({ preventScroll: true });
  if (top || !toAnchor()) scrollTo(0, top);
}

/** The place in the page that the address names; the browser looked before it was there. */
function toAnchor() {
  const id = decodeURIComponent(location.hash.slice(1));
  const target = id ? document.getElementById(id) : null;
  target?.scrollIntoView();
  return target !== null;
}

document.addEventListener("click", (event) => {
  /** @type {HTMLAnchorElement | null} */
  const anchor = event.target instanceof Element ? event.target.closest("a[href]") : null;
  const isPlain =
    event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (!anchor || !isPlain || event.defaultPrevented || anchor.target) return;
  const url = new URL(anchor.href);
  const isRoute = url.origin === location.origin && url.pathname === location.pathname;
  // A link within the page is the browser's own work.
  if (!isRoute || (url.search === location.search && url.hash)) return;
  event.preventDefault();
  open(url.href);
});

/** @param {string} href an address of this client */
function open(href) {
  if (href !== location.href) {
    history.replaceState({ top: scrollY }, "");
    history.pushState({}, "", href);
  }
  show({ moved: true });
}

history.scrollRestoration = "manual";
addEventListener("popstate", ({ state }) => {
  // Between anchors of one page there is nothing to load.
  if (location.search === shown) toAnchor();
  // Between choices of one finder there is only its list.
  else if (!question() && currentPath() === shownPath && followAddress()) shown = location.search;
  else show({ moved: true, top: state?.top ?? 0 });
});

show({ moved: false });
