// @ts-check
/** Which address of the site this client shows itself, and under which address of its own. */

/** @type {Set<string>} */
const sectionPaths = new Set();
const origins = new Set([location.origin]);

/**
 * Everything below this page is regional, so the API can give it.
 *
 * @param {string} url
 */
export function addSection(url) {
  const { origin, pathname } = new URL(url, location.href);
  origins.add(origin);
  sectionPaths.add(pathname);
}

/**
 * The path on the site, when this client can show what is there; else null.
 *
 * @param {string} url
 */
export function sitePath(url) {
  const { origin, pathname } = new URL(url, location.href);
  const isOurs = origins.has(origin) && [...sectionPaths].some((path) => pathname.startsWith(path));
  return isOurs ? pathname : null;
}

/**
 * The client's own address for an address of the site.
 *
 * @param {string} url
 */
export function clientUrl(url) {
  const path = sitePath(url);
  if (path === null) return url;
  return `${location.pathname}?path=${path}${new URL(url, location.href).hash}`;
}

export const currentPath = () => new URLSearchParams(location.search).get("path");

/**
 * The client's own address for a choice made on the page that is shown.
 *
 * @param {URLSearchParams} choice
 */
export function clientSearch(choice) {
  const token = previewToken();
  // As readable as the addresses of pages: slashes need no escape in a query.
  const where = token ? `token=${encodeURIComponent(token)}` : `path=${encodeURI(currentPath() ?? "")}`;
  return `?${[where, String(choice)].filter(Boolean).join("&")}`;
}

/** The token of a draft, when the editor's preview has opened this client. */
export const previewToken = () => new URLSearchParams(location.search).get("token");
