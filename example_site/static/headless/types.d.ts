/**
 * What this client's modules share, in words of its own. `schema.d.ts` beside it is made from the
 * API's OpenAPI document (`make client`) and says what the API gives. Neither is loaded by a
 * browser: the modules are checked against them (`// @ts-check`), and run as they are.
 */

import type { components, paths } from "./schema.js";

export type Schemas = components["schemas"];

export type Page = Schemas["RegionalPageDetail"];
export type Block = Page["body"][number];
export type BlockType = Block["type"];
/** The value of one type of block: Value<"alliance">. */
export type Value<Type extends BlockType> = Extract<Block, { type: Type }>["value"];

export type Access = Schemas["RegionalAccess"];
export type Alliance = Schemas["RegionalAlliance"];
export type Alternate = Schemas["RegionalAlternate"];
export type TimelineEvent = Schemas["RegionalEvent"];
export type Image = Schemas["RegionalImage"];
export type Lifecycle = Schemas["RegionalLifecycle"];
export type Member = Schemas["RegionalMember"];
export type Organisation = Schemas["RegionalOrganisation"];
export type PageSummary = Schemas["RegionalPageSummary"];
export type Place = Schemas["RegionalPlace"];
export type Problem = Schemas["RegionalProblem"];
export type ProgrammeMention = Schemas["RegionalProgrammeMention"];
export type Programme = Schemas["RegionalProgramme"];
export type Project = Schemas["RegionalProject"];

/** What a GET at a path takes in its query, and answers. */
export type Query<Path extends keyof paths> = paths[Path]["get"]["parameters"]["query"];
type Content<Path extends keyof paths> = paths[Path]["get"]["responses"][200]["content"];
export type Answer<Path extends keyof paths> = Content<Path>[keyof Content<Path>];

export type ProgrammeQuery = NonNullable<Query<"/programmes/">>;
/** A language that the site has content in. */
export type Locale = NonNullable<ProgrammeQuery["locale"]>;
export type ProgrammeFacets = Schemas["RegionalProgrammeFacets"];
export type FacetValue = Schemas["RegionalFacetValue"];
export type Facet = Schemas["RegionalProgrammeFacet"];
export type SearchResult = Schemas["RegionalSearchResult"];
type Kind = SearchResult["kind"];

/** What an element may hold; nothing, of whatever kind, is left out. */
export type Child = Node | string | number | boolean | null | undefined | Child[];

type Listener = (event: Event) => void;
export type Attributes = Record<string, string | number | boolean | null | undefined | Listener>;

/** The page that is being shown: its language, this client's texts in it, its address. */
export interface View {
  locale: string;
  t: Texts;
  url?: string;
  included?: Included;
}

/** What a page names, whole, by its id. */
export interface Included {
  organisations: Map<string, Organisation>;
  alliances: Map<string, Alliance>;
  programmes: Map<string, Programme>;
}

export type Texts = Record<Word, string> & Sentences;

type Word =
  | "skip" | "language" | "breadcrumbs" | "loading" | "failed" | "offline" | "notFound" | "again"
  | "noSection" | "noSectionText" | "inSection" | "members" | "formerMembers" | "centres"
  | "projects" | "currentProjects" | "endedProjects" | "programmes" | "timeline" | "history"
  | "themes" | "providers" | "taughtIn" | "terms" | "guests" | "selective" | "enrol" | "joint"
  | "filter" | "all" | "type" | "level" | "teachingLanguage" | "provider" | "iStudyAt" | "none"
  | "empty" | "reset" | "elsewhere" | "counted" | "source" | "email" | "phone" | "download"
  | "footer" | "rendered" | "json" | "search" | "find" | "kinds" | "nothingFound" | "pages"
  | "previous" | "next" | "finder" | "words" | "ectsMin" | "ectsMax" | "anywhere" | "openNow"
  | "order" | "chosen" | "firstPage" | "notFoundNow";

interface Sentences {
  orders: Record<string, string>;
  kind: Record<Kind, string>;
  searchTitle(words: string): string;
  results(count: number): string;
  found(count: number): string;
  others(count: number): string;
  remove(label: string): string;
  without(label: string, count: number): string;
  pageNumber(number: number): string;
  pageOf(number: number, last: number): string;
  loaded(title: string): string;
  toSection(title: string): string;
  moreProgrammes(count: number): string;
  more(name: string): string;
  successor(name: string): string;
  studentsOf(name: string): string;
  places(count: number): string;
  apply(from: string | null, to: string | null): string;
  closed(date: string | null): string;
  forStudentsOf(name: string): string;
  shown(count: number, total: number): string;
  mapLabel(count: number): string;
  asOf(date: string): string;
  issuedBy(name: string): string;
  embed(host: string): string;
  embedNote(host: string): string;
}
