// @ts-check
/** Talks to the regional API. Nothing else in this client knows its addresses. */

const BASE = (document.body.dataset.api ?? "/api/v3/regional").replace(/\/$/, "");

/** An answer that is not the one asked for; `problem` is its problem+json (RFC 9457). */
export class ApiError extends Error {
  /** @param {import("./types").Problem} problem */
  constructor(problem) {
    const details = (problem.errors ?? []).map((error) => error.msg);
    super(details.join(" ") || problem.detail);
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

/** What a page only names, and this client shows whole. */
const INCLUDE = "organisations,alliances,programmes";

/**
 * Where a reader can look at what this client reads.
 *
 * @param {string} path
 */
export const findPageUrl = (path) =>
  `${BASE}/pages/find/?path=${encodeURIComponent(path)}&include=${INCLUDE}`;

/**
 * @param {string} path
 * @param {AbortSignal} signal
 */
export const findPage = (path, signal) => get("/pages/find/", { path, include: INCLUDE }, signal);

/**
 * A draft, with the token that the editor's preview puts in the address.
 *
 * @param {string} token
 * @param {AbortSignal} signal
 */
export const getPreview = (token, signal) => get("/preview/", { token }, signal);

/** @param {string} code */
export const getSection = async (code) => {
  const locale = /** @type {import("./types").Locale} */ (code);
  const { items } = await get("/pages/", { type: ["region_index"], locale, limit: 1 });
  return items[0] ?? null;
};

/**
 * A page of the programmes that fit, and how many there would be with each value of each filter.
 *
 * @param {import("./types").ProgrammeQuery} query
 * @param {number} limit
 * @param {number} page counted from 1
 * @param {AbortSignal} signal
 */
export function findProgrammes(query, limit, page, signal) {
  const { order: _order, ...filters } = query;
  return Promise.all([
    get("/programmes/", { ...query, limit, offset: (page - 1) * limit }, signal),
    get("/programmes/facets/", filters, signal),
  ]);
}

/**
 * @param {import("./types").ProgrammeQuery} query
 * @param {AbortSignal} signal
 */
export const countProgrammes = async (query, signal) =>
  (await get("/programmes/", { ...query, limit: 1 }, signal)).count;

/**
 * @param {NonNullable<import("./types").Query<"/search/">>} query
 * @param {AbortSignal} signal
 */
export const search = (query, signal) => get("/search/", query, signal);
