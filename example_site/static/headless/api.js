/** Talks to the regional API. Nothing else in this client knows its addresses. */

const { api: BASE } = document.body.dataset;

/** An answer that is not the one asked for; `problem` is its problem+json (RFC 9457). */
export class ApiError extends Error {
  constructor(problem) {
    const details = (problem.errors ?? []).map((error) => error.msg);
    super([problem.detail, ...details].filter(Boolean).join(" "));
    this.name = "ApiError";
    this.problem = problem;
    this.status = problem.status;
  }
}

/**
 * @param {string} path under the API's base, such as "pages/find/"
 * @param {Object} parameters a list repeats its parameter; an empty value leaves it out
 * @param {AbortSignal} [signal]
 */
async function get(path, parameters = {}, signal) {
  const url = new URL(BASE + path, location.href);
  for (const [name, value] of Object.entries(parameters)) {
    for (const each of [value].flat()) {
      if (each !== "" && each != null) url.searchParams.append(name, each);
    }
  }
  const response = await fetch(url, { headers: { Accept: "application/json" }, signal });
  const isJson = /\bjson\b/.test(response.headers.get("Content-Type") ?? "");
  const body = isJson ? await response.json() : null;
  if (!response.ok || body === null) {
    const fallback = { title: response.statusText, status: response.status };
    throw new ApiError({ ...fallback, ...(response.ok ? {} : body) });
  }
  return body;
}

/** Where a reader can look at what this client reads. */
export const findPageUrl = (path) => `${BASE}pages/find/?path=${encodeURIComponent(path)}`;

export const findPage = (path, signal) => get("pages/find/", { path }, signal);

/** A draft, with the token that the editor's preview puts in the address. */
export const getPreview = (token, signal) => get("preview/", { token }, signal);

export const getSection = async (locale) => {
  const { items } = await get("pages/", { type: "region_index", locale, limit: 1 });
  return items[0] ?? null;
};

/** A programme index comes with its first programmes; this asks for the others. */
export async function getProgrammes(locale, first, total, signal) {
  const programmes = [...first];
  while (programmes.length < total) {
    const parameters = { locale, limit: 100, offset: programmes.length };
    const { items } = await get("programmes/", parameters, signal);
    if (items.length === 0) break;
    programmes.push(...items);
  }
  return programmes;
}
