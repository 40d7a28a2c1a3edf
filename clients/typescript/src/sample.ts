/**
 * Reads everything there is, with types alone: pages, lists, details, problems, and each block by
 * its `type`. It is compiled, never run; where the API and its document part, it stops compiling.
 */

import { type Block, type BlockOf, type Locale, ProblemError, type Schemas, dataOf, regionalApi } from "./client.js";

const api = regionalApi("http://localhost:8000/api/v3/regional");

// --- Pages -----------------------------------------------------------------------------------

export async function readPage(path: string): Promise<string> {
  const page = dataOf(await api.GET("/pages/find/", { params: { query: { path } } }));
  const languages: string[] = page.meta.alternates.map(({ hreflang }) => hreflang);
  const crumbs = page.meta.breadcrumbs.map(({ title, url }) => `${title} ${url}`);
  const status: Schemas["RegionalStatus"] | undefined = page.subject?.lifecycle.status;
  return [page.title, ...languages, ...crumbs, status ?? "", ...page.body.map(summary)].join("\n");
}

/** What the blocks of a page only name, whole: each once, however often it is named. */
export async function readProgrammes(path: string): Promise<string[]> {
  const query = { path, include: "programmes" };
  const { included, body } = dataOf(await api.GET("/pages/find/", { params: { query } }));
  const rows = new Map(included?.programmes?.map((row) => [row.id, row]));
  return body
    .filter((block): block is BlockOf<"programme_list"> => block.type === "programme_list")
    .flatMap(({ value }) => value.programmes)
    .flatMap(({ id }) => rows.get(id) ?? [])
    .map(programme);
}

export async function readEveryPage(locale: Locale): Promise<string[]> {
  const { items } = dataOf(await api.GET("/pages/", { params: { query: { locale } } }));
  const pages = await Promise.all(
    items.map(({ id }) => api.GET("/pages/{page_id}/", { params: { path: { page_id: id } } })),
  );
  return pages.map(dataOf).flatMap(({ body }) => body.map(summary));
}

export async function readDraft(token: string): Promise<string> {
  const answer = await api.GET("/preview/", { params: { query: { token } }, cache: "no-store" });
  return dataOf(answer).title;
}

// --- Blocks ----------------------------------------------------------------------------------

/**
 * A block in one line. Each case knows the value of its own type.
 *
 * To the compiler every type is known; a newer server may have one more. So the last case is
 * `never` while compiling, and passes the block over when it runs.
 */
export function summary(block: Block): string {
  switch (block.type) {
    case "alliance": {
      const { alliance, members, is_past, timeline } = block.value;
      const names = members?.map(({ name, role_label }) => `${name} (${role_label})`) ?? [];
      const since = timeline?.[0]?.date_text ?? alliance.lifecycle.text;
      return [alliance.name, is_past ? "past" : "present", since, ...names].join(", ");
    }
    case "programme_list":
      return block.value.programmes.map(({ name }) => name).join("; ") || block.value.empty_text;
    case "partner_grid":
      return block.value.partners.map(({ name, logo }) => logo?.alt ?? name).join(", ");
    case "project_list":
      return [...block.value.current, ...block.value.ended].map(({ title }) => title).join(", ");
    case "timeline":
      return block.value.events.map(({ date, title }) => `${date} ${title}`).join(", ");
    case "partner_map":
      return block.value.places
        .map(({ partner, latitude, longitude }) => `${partner.name} ${latitude + longitude}`)
        .join(", ");
    case "facts":
      return block.value.facts.map(({ value, label }) => `${value} ${label}`).join(", ");
    case "recognitions":
      return block.value.recognitions.map(({ label, issued_by }) => [label, issued_by].filter(Boolean).join(", ")).join(", ");
    case "heading":
      return "#".repeat(block.value.level) + block.value.text;
    case "rich_text":
      return block.value.replace(/<[^>]+>/g, "");
    case "quote":
      return `${block.value.text} (${block.value.name})`;
    case "faq":
      return block.value.questions.map(({ question }) => question).join(" ");
    case "call_to_action":
      return block.value.link?.url ?? block.value.heading ?? "";
    case "related_links":
      return block.value.links.map(link).join(", ");
    case "contact":
      return [block.value.name, block.value.organisation?.name].filter(Boolean).join(", ");
    case "image":
      return block.value.image.src + block.value.caption;
    case "document":
      return `${block.value.title} (${block.value.size ?? "?"} bytes)`;
    case "embed":
      return block.value.html || block.value.url;
    default:
      return passOver(block);
  }
}

function passOver(_block: never): string {
  return "";
}

function link({ kind, text, url }: Schemas["RegionalLink"]): string {
  switch (kind) {
    case "page":
      return text;
    case "document":
      return `${text} (download)`;
    case "external":
      return `${text} ${url}`;
    default:
      return passOver(kind);
  }
}

/** The value of one type of block, taken by its type. */
export const alliancesOf = (body: Block[]): string[] =>
  body
    .filter((block): block is BlockOf<"alliance"> => block.type === "alliance")
    .map(({ value }) => value.alliance.name);

// --- The registry ----------------------------------------------------------------------------

function programme({ name, study_load, access, providers, is_joint }: Schemas["RegionalProgramme"]) {
  const load: number | undefined = study_load?.value;
  const terms = access.map(({ audience, ects, application_closes }) =>
    [audience === "guests" ? "guests" : "students", ects ?? load, application_closes].join(" "),
  );
  return [name, is_joint && "joint", ...providers.map((each) => each.organisation.name), ...terms]
    .filter(Boolean)
    .join(", ");
}

export async function readRegistry(locale: Locale): Promise<string[]> {
  const query = { locale, limit: 100 };
  const [organisations, alliances, projects, programmes] = await Promise.all([
    api.GET("/organisations/", { params: { query: { ...query, type: ["education"] } } }),
    api.GET("/alliances/", { params: { query: { ...query, status: ["active", "ended"] } } }),
    api.GET("/projects/", { params: { query } }),
    api.GET("/programmes/", { params: { query: { ...query, type: ["minor", "mooc"] } } }),
  ]);
  return [
    ...dataOf(organisations).items.map(({ name, ror_id }) => `${name} ${ror_id ?? ""}`),
    ...dataOf(alliances).items.map(({ name, lifecycle }) => `${name}: ${lifecycle.text}`),
    ...dataOf(projects).items.map(({ title, alliance }) => `${title} of ${alliance.name}`),
    ...dataOf(programmes).items.map(programme),
  ];
}

export async function readDetails(uuid: string): Promise<string[]> {
  const params = { path: { uuid } };
  const organisation = dataOf(await api.GET("/organisations/{uuid}/", { params }));
  const alliance = dataOf(await api.GET("/alliances/{uuid}/", { params }));
  const project = dataOf(await api.GET("/projects/{uuid}/", { params }));
  const study = dataOf(await api.GET("/programmes/{uuid}/", { params }));
  return [
    ...organisation.memberships.map(({ role_label }) => role_label),
    ...alliance.members.map(({ name }) => name),
    ...alliance.children.map(({ name }) => name),
    ...project.themes.map(({ label }) => label),
    ...study.modes_of_study.map(({ label }) => label),
    study.review.last_reviewed ?? "never",
  ];
}

// --- The finder ------------------------------------------------------------------------------

/** “I study at”: what is open now to students of one organisation, and how to narrow it further. */
export async function find(home: string, locale: Locale): Promise<string[]> {
  const query = { locale, home: [home], type: ["minor" as const], open: "now" as const };
  const [found, counted] = await Promise.all([
    api.GET("/programmes/", { params: { query: { ...query, order: "deadline", limit: 10 } } }),
    api.GET("/programmes/facets/", { params: { query } }),
  ]);
  const { items, count } = dataOf(found);
  return [`${count} found`, ...items.map(programme), ...dataOf(counted).facets.map(facet)];
}

/** In the order of the answer, which is the one to show them in. */
function facet({ label, values, total, truncated }: Schemas["RegionalProgrammeFacet" | "RegionalOrganisationFacet" | "RegionalAllianceFacet"]): string {
  const counts = values.map((each) => `${each.selected ? "*" : ""}${each.label} (${each.count})`);
  return `${label}: ${counts.join(", ")}${truncated ? ` of ${total}` : ""}`;
}

export async function countPartners(locale: Locale): Promise<string[]> {
  const query = { locale, near: "52.16,4.49", radius_km: 25 };
  const organisations = await api.GET("/organisations/facets/", { params: { query } });
  const alliances = await api.GET("/alliances/facets/", { params: { query } });
  const members = dataOf(alliances).facets.filter(({ name }) => name === "member");
  return [...dataOf(organisations).facets, ...members].map(facet);
}

export async function readMap(): Promise<[longitude: number, latitude: number, name: string][]> {
  const query = { near: "52.16,4.49", radius_km: 25 };
  const { features, links } = dataOf(await api.GET("/organisations.geojson", { params: { query } }));
  const next: string | undefined = links.find(({ rel }) => rel === "next")?.href;
  if (next) console.info(next);
  return features.map(({ geometry, properties: { name } }) => {
    const [longitude = 0, latitude = 0] = geometry.coordinates;
    return [longitude, latitude, name];
  });
}

export async function readNetwork(): Promise<string[]> {
  const { nodes, links } = dataOf(await api.GET("/network/", { params: { query: {} } }));
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  return links.map(({ kind, source, target, role_label }) => {
    const ends = `${names.get(source)} – ${names.get(target)}`;
    switch (kind) {
      case "membership":
        return `${ends}: ${role_label}`;
      case "part":
        return `${ends}: part of it`;
      default:
        return passOver(kind);
    }
  });
}

export async function search(q: string): Promise<string[]> {
  const { items, counts } = dataOf(await api.GET("/search/", { params: { query: { q } } }));
  return [...Object.entries(counts).map(([kind, count]) => `${kind}: ${count}`), ...items.map(result)];
}

/** A search result in one line. Its `kind` says what its `id` is of. */
export function result({ kind, id, title, type_label, url }: Schemas["RegionalSearchResult"]): string {
  switch (kind) {
    case "page":
      return `${title} (/pages/${id}/)`;
    case "organisation":
    case "alliance":
    case "programme":
      return `${title}, ${type_label} (/${kind}s/${id}/)`;
    case "project":
      return `${title}, ${url ?? "without a site"} (/projects/${id}/)`;
    default:
      return passOver(kind);
  }
}

// --- Problems --------------------------------------------------------------------------------

/** What to tell a developer, or a reader, when it goes wrong. */
export async function explain(path: string): Promise<string> {
  try {
    return await readPage(path);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const { status, title, errors } = error.problem;
    if (status === 404) return "There is no such page.";
    return [title, ...(errors ?? []).map(({ loc, msg }) => `${loc.at(-1)}: ${msg}`)].join("\n");
  }
}

// --- What must not compile --------------------------------------------------------------------

export async function mistakes(): Promise<void> {
  // @ts-expect-error there is no such endpoint
  await api.GET("/universities/");
  // @ts-expect-error there is no such type of programme
  await api.GET("/programmes/", { params: { query: { type: ["thesis"] } } });
  // @ts-expect-error one cannot ask what was open yesterday by this name
  await api.GET("/programmes/", { params: { query: { open: "yesterday" } } });
  // @ts-expect-error a search needs words
  await api.GET("/search/", { params: { query: {} } });
  // @ts-expect-error a page is found by its path
  await api.GET("/pages/find/", {});
  const { body } = dataOf(await api.GET("/pages/find/", { params: { query: { path: "/" } } }));
  for (const block of body) {
    // @ts-expect-error which value it is, its type must say first
    block.value.alliance;
    // @ts-expect-error a quote has no members
    if (block.type === "quote") block.value.members;
  }
}
