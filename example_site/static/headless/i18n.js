// @ts-check
/** The client's own words. Everything else comes from the API in the language of the page. */

/** @type {Record<string, import("./types").Texts>} */
const TEXTS = {
  en: {
    skip: "Skip to the content",
    language: "Language",
    breadcrumbs: "You are here",
    loading: "Loading…",
    loaded: (title) => `${title}, loaded`,
    failed: "This page could not be shown",
    offline: "The server gave no answer. Please try again.",
    notFound: "The API knows no regional page at this address.",
    again: "Try again",
    toSection: (title) => `Go to “${title}”`,
    noSection: "There is nothing here yet",
    noSectionText: "No regional section has been published. Fill the demo with load_demo.",
    inSection: "In this section",
    members: "Partners",
    formerMembers: "Former partners",
    centres: "Joint centres",
    projects: "Projects",
    currentProjects: "Now and to come",
    endedProjects: "Ended",
    programmes: "Programmes",
    moreProgrammes: (count) => (count === 1 ? "1 more programme" : `${count} more programmes`),
    timeline: "Timeline",
    more: (name) => `More about ${name}`,
    successor: (name) => `Continued by ${name}`,
    history: "From the past",
    themes: "Themes",
    providers: "Offered by",
    taughtIn: "Taught in",
    terms: "Who can enrol",
    guests: "Guest students",
    studentsOf: (name) => `Students of ${name}`,
    places: (count) => (count === 1 ? "1 place" : `${count} places`),
    selective: "with selection",
    apply: (from, to) =>
      from && to ? `apply from ${from} to ${to}` : from ? `apply from ${from}` : `apply by ${to}`,
    closed: (date) => `applications closed on ${date}`,
    enrol: "Enrol",
    joint: "Joint",
    forStudentsOf: (name) => `For students of ${name}`,
    filter: "Narrow the list",
    all: "All",
    type: "Kind",
    level: "Level",
    teachingLanguage: "Language",
    provider: "Offered by",
    iStudyAt: "I study at",
    shown: (count, total) => `${count} of ${total} programmes`,
    none: "No programme fits this choice.",
    empty: "There are no programmes here now.",
    reset: "Show all",
    elsewhere: "Not on the map",
    mapLabel: (count) => `Sketch of where ${count} partners are; the list beside it names them`,
    asOf: (date) => `as of ${date}`,
    counted: "counted today",
    source: "source",
    issuedBy: (name) => `given by ${name}`,
    email: "E-mail",
    phone: "Telephone",
    download: "Download",
    embed: (host) => `Show content of ${host}`,
    embedNote: (host) => `Showing it lets ${host} set cookies of its own.`,
    footer: "Rendered in your browser, from the API alone.",
    rendered: "This page as the server renders it",
    json: "This page as JSON",
  },
  nl: {
    skip: "Naar de inhoud",
    language: "Taal",
    breadcrumbs: "U bent hier",
    loading: "Laden…",
    loaded: (title) => `${title}, geladen`,
    failed: "Deze pagina kan niet worden getoond",
    offline: "De server gaf geen antwoord. Probeer het nog eens.",
    notFound: "De API kent op dit adres geen regiopagina.",
    again: "Opnieuw proberen",
    toSection: (title) => `Naar ‘${title}’`,
    noSection: "Hier is nog niets",
    noSectionText: "Er is nog geen regiosectie gepubliceerd. Vul de demo met load_demo.",
    inSection: "In deze sectie",
    members: "Partners",
    formerMembers: "Voormalige partners",
    centres: "Gezamenlijke centra",
    projects: "Projecten",
    currentProjects: "Nu en straks",
    endedProjects: "Afgelopen",
    programmes: "Opleidingen en vakken",
    moreProgrammes: (count) => `Nog ${count}`,
    timeline: "Tijdlijn",
    more: (name) => `Meer over ${name}`,
    successor: (name) => `Voortgezet door ${name}`,
    history: "Uit het verleden",
    themes: "Thema’s",
    providers: "Aangeboden door",
    taughtIn: "Onderwijs in het",
    terms: "Wie zich kan inschrijven",
    guests: "Gaststudenten",
    studentsOf: (name) => `Studenten van ${name}`,
    places: (count) => (count === 1 ? "1 plaats" : `${count} plaatsen`),
    selective: "met selectie",
    apply: (from, to) =>
      from && to
        ? `aanmelden van ${from} tot en met ${to}`
        : from
          ? `aanmelden vanaf ${from}`
          : `aanmelden tot en met ${to}`,
    closed: (date) => `aanmelden kon tot en met ${date}`,
    enrol: "Inschrijven",
    joint: "Gezamenlijk",
    forStudentsOf: (name) => `Voor studenten van ${name}`,
    filter: "Beperk de lijst",
    all: "Alle",
    type: "Soort",
    level: "Niveau",
    teachingLanguage: "Taal",
    provider: "Aangeboden door",
    iStudyAt: "Ik studeer aan",
    shown: (count, total) => `${count} van ${total} opleidingen en vakken`,
    none: "Niets past bij deze keuze.",
    empty: "Er zijn hier nu geen opleidingen of vakken.",
    reset: "Toon alles",
    elsewhere: "Niet op de kaart",
    mapLabel: (count) => `Schets van waar ${count} partners zijn; de lijst ernaast noemt ze`,
    asOf: (date) => `stand van ${date}`,
    counted: "vandaag geteld",
    source: "bron",
    issuedBy: (name) => `gegeven door ${name}`,
    email: "E-mail",
    phone: "Telefoon",
    download: "Downloaden",
    embed: (host) => `Toon inhoud van ${host}`,
    embedNote: (host) => `Dan kan ${host} eigen cookies plaatsen.`,
    footer: "Opgebouwd in uw browser, uit niets dan de API.",
    rendered: "Deze pagina zoals de server haar maakt",
    json: "Deze pagina als JSON",
  },
};

/**
 * The texts of a language; English where this client does not speak it.
 *
 * @param {string} language
 * @returns {import("./types").Texts}
 */
export const texts = (language) =>
  TEXTS[language] ?? TEXTS[language.split("-")[0] ?? ""] ?? texts("en");

/** @param {string} code */
export const languageName = (code) => {
  const name = new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;
  return name.charAt(0).toLocaleUpperCase(code) + name.slice(1);
};

/**
 * A date of the API (2026-11-30) in words.
 *
 * @param {string | null} date
 * @param {string} language
 */
export const longDate = (date, language) =>
  date &&
  new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(
    new Date(`${date}T00:00:00Z`),
  );
