// @ts-check
/** Talks to the regional API. Nothing else in this client knows its addresses. */

const BASE = (document.body.dataset.api ?? "/api/v3/regional").replace(/\/$/, "");

/** An answer that is not the one asked for; `problem` is its problem+json (RFC 9457). */
export class ApiError extends Error {
  /** @param {import("./types").Problem} problem */
  constructor(problem) {
    const details = (problem.errors ?? []).map((error) => error.msg);
    super([problem.detail, ...details].filter(Boolean).join(" "));
    this.name = "ApiError";
    this.problem = problem;
    this.status = problem.status;
  }
}

/**
 * @template {keyof import("./schema").paths} Path
 * @param {Path} path under the API's base, such as "/pages/find/"
 * @param {import("./types").Query<Path>} parameters a list repeats its parameter
 * @param {AbortSignal} [signal]
 * @returns {Promise<import("./types").Answer<Path>>}
 */
async function get(path, parameters, signal) {
  const url = new URL(BASE + path, location.href);
  for (const [name, value] of Object.entries(parameters ?? {})) {
    for (const each of [value].flat()) {
      if (each !== "" && each != null) url.searchParams.append(name, String(each));
    }
  }
  const response = await fetch(url, { headers: { Accept: "application/json" }, signal: signal ?? null });
  const isJson = /\bjson\b/.test(response.headers.get("Content-Type") ?? "");
  const body = isJson ? await response.json() : null;
  if (!response.ok || body === null) {
    const { statusText: title, status } = response;
    const fallback = { type: "about:blank", title, status, detail: "" };
    throw new ApiError({ ...fallback, ...(response.ok ? {} : body) });
  }
  return body;
}

/**
 * Where a reader can look at what this client reads.
 *
 * @param {string} path
 */
export const findPageUrl = (path) => `${BASE}/pages/find/?path=${encodeURIComponent(path)}`;

/**
 * @param {string} path
 * @param {AbortSignal} signal
 */
export const findPage = (path, signal) => get("/pages/find/", { path }, signal);

/**
 * A draft, with the token that the editor's preview puts in the address.
 *
 * @param {string} token
 * @param {AbortSignal} signal
 */
export const getPreview = (token, signal) => get("/preview/", { token }, signal);

/** @param {string} locale */
export const getSection = async (locale) => {
  const { items } = await get("/pages/", { type: ["region_index"], locale, limit: 1 });
  return items[0] ?? null;
};

/**
 * A programme index comes with its first programmes; this asks for the others.
 *
 * @param {string} locale
 * @param {import("./types").Programme[]} first
 * @param {number} total
 * @param {AbortSignal} signal
 */
export async function getProgrammes(locale, first, total, signal) {
  const programmes = [...first];
  while (programmes.length < total) {
    const parameters = { locale, limit: 100, offset: programmes.length };
    const { items } = await get("/programmes/", parameters, signal);
    if (items.length === 0) break;
    programmes.push(...items);
  }
  return programmes;
}
