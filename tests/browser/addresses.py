"""The demo's pages that the tests look at."""

ENGLISH = "/en/in-the-region/"
DUTCH = "/nl/in-de-regio/"
PARTNERSHIPS = f"{ENGLISH}regional-partnerships/"
MEDICAL_DELTA = f"{PARTNERSHIPS}medical-delta/"
PARTNERSHIPS_NL = f"{DUTCH}regionale-samenwerking/"
MEDICAL_DELTA_NL = f"{PARTNERSHIPS_NL}medical-delta/"
PROGRAMMES = f"{ENGLISH}programmes/"
PROGRAMMES_NL = f"{DUTCH}opleidingen/"

SECTION = [
    ENGLISH,
    DUTCH,
    PARTNERSHIPS,
    f"{PARTNERSHIPS}leiden-delft-erasmus/",
    MEDICAL_DELTA,
    f"{PARTNERSHIPS}lumc/",
    PARTNERSHIPS_NL,
    f"{PARTNERSHIPS_NL}leiden-delft-erasmus/",
    MEDICAL_DELTA_NL,
    f"{PARTNERSHIPS_NL}lumc/",
    PROGRAMMES,
    PROGRAMMES_NL,
]
EVERYTHING = [
    *SECTION,
    f"{PROGRAMMES}?q=nothing+is+called+this",
    f"{PROGRAMMES_NL}?q=zo+heet+er+niets&type=nonsense",
    "/en/",
    "/nl/",
    "/headless/",
    f"/headless/?path={MEDICAL_DELTA}",
    f"/headless/?path={PROGRAMMES_NL}",
    f"/headless/?path={PROGRAMMES}&q=nothing+is+called+this",
    "/headless/?search=delta&locale=nl",
    "/en/search/",
    "/en/search/?q=delta",
    "/nl/search/?q=delta&kind=alliance",
    "/en/search/?q=%3F",
    "/en/cookies/",
    "/nl/cookies/",
]
