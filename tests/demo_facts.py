"""What a reader of the demo's main page must find there, whichever way it is read."""

from tests.browser.addresses import PARTNERSHIPS, PARTNERSHIPS_NL

#: Those that read the same in both languages.
NAMES = [
    "Economie071", "Leiden-Delft-Erasmus", "BOLD Cities", "Centre for Safety and Security",
    "MOOC", "Medical Delta", "science parks", "HealthTIES", "2010", "2013",
    "Centre for Medical Systems Biology", "TNO", "Vrije Universiteit Amsterdam", "Erasmus MC",
    "2003", "Bronovo", "2006", "2019",
]  # fmt: skip

FACTS = {
    PARTNERSHIPS: [
        *NAMES,
        "Leiden University", "municipalities", "umbrella organisations of business associations",
        "teaching and research establishments", "Economic Agenda for the Leiden region",
        "Jobs and business climate", "Coordinator", "June 2016", "January 1, 2027", "Since 2012",
        "Delft University of Technology", "Erasmus University Rotterdam", "Valorisation",
        "Starts September 2027", "every broad minor", "Companies, authorities and civil society",
        "business incubators", "local and regional authorities",
        "Leiden University Medical Center", "VU University Medical Center",
        "Tissue remodelling and stem cells", "ICT in health care", "Public health",
        "Patient care", "EU Knowledge Region", "Child health", "Angiogenesis", "Genetic technology",
        "Cardiovascular disease", "Haaglanden Medical Centre", "Dates not known",
    ],
    PARTNERSHIPS_NL: [
        *NAMES,
        "Universiteit Leiden", "gemeenten", "koepels van ondernemersverenigingen",
        "onderwijs- en onderzoeksinstellingen", "Economische Agenda Leidse regio",
        "Banen en vestigingsklimaat", "juni 2016", "1 januari 2027", "Sinds 2012",
        "Technische Universiteit Delft", "Erasmus Universiteit Rotterdam", "Valorisatie",
        "september 2027", "Bedrijven, overheden en maatschappelijke organisaties",
        "bedrijfsincubatoren", "gemeenten en provincie", "Leids Universitair Medisch Centrum",
        "VU medisch centrum", "Weefselherstel en stamcellen", "ICT in de zorg",
        "Volksgezondheid",
        "Kennisregio van de EU", "Gezondheid van kinderen", "angiogenese", "Gentechnologie",
        "Hart- en vaatziekten", "Haaglanden Medisch Centrum",
    ],
}  # fmt: skip


def missing(path: str, text: str) -> list[str]:
    """The facts of the page at `path` that `text` lacks."""
    lower = " ".join(text.split()).lower()
    return [fact for fact in FACTS[path] if fact.lower() not in lower]
