/** The regional API, typed: `openapi-fetch` with the types made from the OpenAPI document. */

import createClient from "openapi-fetch";

import type { components, paths } from "./schema.js";

export type Schemas = components["schemas"];
export type Page = Schemas["RegionalPageDetail"];
export type Problem = Schemas["RegionalProblem"];

/** Any block that a page of this site can hold. */
export type Block = Page["body"][number];

/** A language that the site has content in. */
export type Locale = NonNullable<NonNullable<paths["/pages/"]["get"]["parameters"]["query"]>["locale"]>;

/** The block of one type: `BlockOf<"alliance">`. */
export type BlockOf<Type extends Block["type"]> = Extract<Block, { type: Type }>;

/** An answer that is not the one asked for. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super([problem.detail, ...(problem.errors ?? []).map(({ msg }) => msg)].join(" "));
    this.name = "ProblemError";
  }
}

/** @param baseUrl where the API is mounted, such as `https://www.example.edu/api/v3/regional` */
export const regionalApi = (baseUrl: string) =>
  // A list repeats its parameter: ?type=minor&type=mooc
  createClient<paths>({ baseUrl, querySerializer: { array: { style: "form", explode: true } } });

/** The data of an answer, or a ProblemError. */
export function dataOf<Data>(answer: { data?: Data; error?: Problem; response: Response }): Data {
  if (answer.data !== undefined) return answer.data;
  const { status, statusText } = answer.response;
  throw new ProblemError(answer.error ?? { type: "about:blank", title: statusText, status, detail: "" });
}
