"""The registry of the demo: what the reference page says, corrected where time overtook it."""

# key: (English, Dutch, acronym, type, ROR id, website, place, latitude, longitude)
ORGANISATIONS = {
    "leiden": ("Leiden University", "Universiteit Leiden", "", "education", "027bh9e22",
               "https://www.universiteitleiden.nl", "Leiden", "52.157100", "4.485300"),
    "lumc": ("Leiden University Medical Center", "Leids Universitair Medisch Centrum", "LUMC",
             "healthcare", "05xvt9f17", "https://www.lumc.nl", "Leiden", "52.166200", "4.477800"),
    "delft": ("Delft University of Technology", "Technische Universiteit Delft", "TU Delft",
              "education", "02e2c7k09", "https://www.tudelft.nl", "Delft", "51.999000", "4.373600"),
    "eur": ("Erasmus University Rotterdam", "Erasmus Universiteit Rotterdam", "EUR", "education",
            "057w15z03", "https://www.eur.nl", "Rotterdam", "51.917400", "4.526200"),
    "emc": ("Erasmus MC", "Erasmus MC", "", "healthcare", "018906e22",
            "https://www.erasmusmc.nl", "Rotterdam", "51.910800", "4.468700"),
    "tno": ("TNO", "TNO", "", "facility", "01bnjb948", "https://www.tno.nl", "The Hague",
            "52.079000", "4.330000"),
    "hmc": ("Haaglanden Medical Centre", "Haaglanden Medisch Centrum", "HMC", "healthcare",
            "00v2tx290", "https://www.haaglandenmc.nl", "The Hague", "52.069000", "4.290000"),
    "vu": ("Vrije Universiteit Amsterdam", "Vrije Universiteit Amsterdam", "VU", "education",
           "008xxew50", "https://vu.nl", "Amsterdam", "52.333800", "4.865700"),
    "vumc": ("VU University Medical Center", "VU medisch centrum", "VUmc", "healthcare", None,
             "", "Amsterdam", None, None),
    "bronovo": ("Bronovo Hospital", "Ziekenhuis Bronovo", "", "healthcare", None, "",
                "The Hague", "52.095000", "4.326000"),
    "amsterdam-umc": ("Amsterdam UMC", "Amsterdam UMC", "", "healthcare", "05grdyy37",
                      "https://www.amsterdamumc.nl", "Amsterdam", "52.334200", "4.860400"),
    "hsleiden": ("Leiden University of Applied Sciences", "Hogeschool Leiden", "", "education",
                 None, "https://www.hsleiden.nl", "Leiden", "52.165300", "4.466900"),
    "naturalis": ("Naturalis Biodiversity Center", "Naturalis Biodiversity Center", "",
                  "facility", None, "https://www.naturalis.nl", "Leiden",
                  "52.164900", "4.473400"),
    "bio-science-park": ("Leiden Bio Science Park", "Leiden Bio Science Park", "LBSP",
                         "nonprofit", None, "https://leidenbiosciencepark.nl", "Leiden",
                         "52.166800", "4.466300"),
    "rdgg": ("Reinier de Graaf Hospital", "Reinier de Graaf Gasthuis", "", "healthcare", None,
             "https://reinierdegraaf.nl", "Delft", "52.001500", "4.345300"),
    "hhs": ("The Hague University of Applied Sciences", "De Haagse Hogeschool", "THUAS",
            "education", None, "https://www.dehaagsehogeschool.nl", "The Hague",
            "52.067000", "4.323900"),
    "hr": ("Rotterdam University of Applied Sciences", "Hogeschool Rotterdam", "HR", "education",
           None, "https://www.hogeschoolrotterdam.nl", "Rotterdam", "51.917000", "4.484300"),
    "franciscus": ("Franciscus Hospital", "Franciscus Gasthuis & Vlietland", "", "healthcare",
                   None, "https://www.franciscus.nl", "Rotterdam", "51.947300", "4.462400"),
    "economie071": ("Stichting Economie071", "Stichting Economie071", "", "nonprofit", None,
                    "https://economie071.nl", "Leiden", None, None),
    # For the review to find: the same foundation, entered twice.
    "economie071-again": ("Economie071", "Economie071", "", "nonprofit", None,
                          "https://www.economie071.nl", "Leiden", None, None),
}  # fmt: skip

THEMES = {
    "tissue": ("Tissue remodelling and stem cells", "Weefselherstel en stamcellen"),
    "ict-care": ("ICT in health care", "ICT in de zorg"),
    "public-health": ("Public health", "Volksgezondheid"),
    "child-health": ("Child health", "Gezondheid van kinderen"),
    "angiogenesis": ("Angiogenesis", "Groei van bloedvaten (angiogenese)"),
    "gene-technology": ("Genetic technology", "Gentechnologie"),
    "cardiovascular": ("Cardiovascular disease", "Hart- en vaatziekten"),
    "jobs": ("Jobs and business climate", "Banen en vestigingsklimaat"),
    "medtech": ("Health and medical technology", "Gezondheid en medische technologie"),
}

# key: names, summaries, type, starts, ends, parent, website, activities, themes, region, members.
# A member is an organisation's key, "@alliance", or (English, Dutch, count) for a group; with
# its role after a colon where that is not "partner", and its start after another.
ALLIANCES = {
    "agenda": {
        "names": ("Economic Agenda for the Leiden region", "Economische Agenda Leidse regio"),
        "summaries": (
            "Municipalities, businesses and knowledge institutions work on a better investment "
            "climate and more jobs. Signed in 2014 and prolonged twice.",
            "Gemeenten, bedrijven en kennisinstellingen werken aan een beter vestigingsklimaat "
            "en meer banen. Getekend in 2014 en twee keer verlengd.",
        ),
        "type": "agenda", "starts": "2014-02", "ends": "2027-01-01",
        "website": "https://economie071.nl", "region": ("Leiden region", "Leidse regio"),
        "activities": ["economic_development"], "themes": ["jobs"],
        "members": [
            "economie071:coordinator", "leiden",
            ("municipalities", "gemeenten", 6),
            ("umbrella organisations of business associations",
             "koepels van ondernemersverenigingen", None),
            ("teaching and research establishments", "onderwijs- en onderzoeksinstellingen", None),
        ],
    },
    "lde": {
        "names": ("Leiden-Delft-Erasmus", "Leiden-Delft-Erasmus"), "acronym": "LDE",
        "summaries": (
            "Three universities in South Holland share research, teaching and valorisation.",
            "Drie universiteiten in Zuid-Holland delen onderzoek, onderwijs en valorisatie.",
        ),
        "type": "alliance", "starts": "2012", "website": "https://www.leiden-delft-erasmus.nl",
        "activities": ["research", "education", "valorisation"],
        "members": ["leiden:founder", "delft:founder", "eur:founder"],
    },
    "medical-delta": {
        "names": ("Medical Delta", "Medical Delta"),
        "summaries": (
            "The consortium of Delft, Leiden and Rotterdam for new health technology, from the "
            "laboratory to the bedside.",
            "Het consortium van Delft, Leiden en Rotterdam voor nieuwe zorgtechnologie, van "
            "laboratorium tot ziekbed.",
        ),
        "type": "consortium", "starts": "2006", "website": "https://www.medicaldelta.nl",
        "activities": ["research", "valorisation", "healthcare"], "themes": ["medtech"],
        "members": [
            "leiden", "lumc", "delft", "eur", "emc", "hsleiden", "hhs", "hr", "rdgg",
            "franciscus",
            ("science parks", "science parks", None),
            ("business incubators", "bedrijfsincubatoren", None),
            ("businesses", "bedrijven", None),
            ("local and regional authorities", "gemeenten en provincie", None),
        ],
    },
    "healthties": {
        "names": ("HealthTIES", "HealthTIES"),
        "summaries": (
            "A European consortium of four regions that were strong in medical technology.",
            "Een Europees consortium van vier regio's die sterk waren in medische technologie.",
        ),
        "type": "consortium", "starts": "2010", "ends": "2013",
        "activities": ["research"], "themes": ["medtech"], "members": ["@medical-delta:member"],
    },
    "cmsb": {
        "names": ("Centre for Medical Systems Biology", "Centre for Medical Systems Biology"),
        "acronym": "CMSB",
        "summaries": (
            "Universities, medical centres and TNO study how whole biological systems fall ill.",
            "Universiteiten, medische centra en TNO onderzoeken hoe hele biologische systemen "
            "ziek worden.",
        ),
        # Its sources differ about 2003 and 2004, and the review says so of the first member.
        "type": "joint_centre", "starts": "2004", "activities": ["research"],
        "members": ["leiden::2003", "lumc", "tno", "vu", "vumc", "emc"],
    },
    "lumc-tno": {
        "names": ("LUMC and TNO", "LUMC en TNO"),
        "summaries": ("A formal collaboration in three fields.",
                      "Een formele samenwerking op drie terreinen."),
        "type": "bilateral", "starts": "2003", "activities": ["research"],
        "themes": ["tissue", "ict-care", "public-health"], "members": ["lumc", "tno"],
    },
    "lumc-bronovo": {
        "names": ("LUMC and Bronovo Hospital", "LUMC en Ziekenhuis Bronovo"),
        "summaries": (
            "An alliance for care, teaching and research with a hospital in The Hague that has "
            "since become part of HMC.",
            "Een alliantie voor zorg, onderwijs en onderzoek met een Haags ziekenhuis dat "
            "inmiddels in HMC is opgegaan.",
        ),
        "type": "bilateral", "starts": "2006", "ends": "2019",
        "activities": ["healthcare", "education", "research"], "members": ["lumc", "bronovo"],
        "succeeded_by": "lumc-hmc",
    },
    "lumc-tno-prevention": {
        "names": ("LUMC and TNO: prevention and health", "LUMC en TNO: preventie en gezondheid"),
        "summaries": ("Research into four subjects of prevention.",
                      "Onderzoek naar vier onderwerpen van preventie."),
        "type": "bilateral", "activities": ["research"],
        "themes": ["child-health", "angiogenesis", "gene-technology", "cardiovascular"],
        "members": ["lumc", "tno"],
    },
    "lumc-hmc": {
        "names": ("LUMC and Haaglanden Medical Centre", "LUMC en Haaglanden Medisch Centrum"),
        "summaries": ("The two hospitals work ever more closely together.",
                      "De twee ziekenhuizen werken steeds nauwer samen."),
        "type": "bilateral", "activities": ["healthcare"], "members": ["lumc", "hmc"],
    },
}  # fmt: skip

# The eight joint centres of Leiden-Delft-Erasmus: English, Dutch, starts, ends.
CENTRES = [
    ("Centre for Sustainability", "Centre for Sustainability", "2013", None),
    ("Centre for Global Heritage and Development",
     "Centre for Global Heritage and Development", "2013", None),
    ("Centre for Frugal Innovation in Africa", "Centre for Frugal Innovation in Africa",
     "2013", "2021"),
    ("Centre for Metropolis and Mainport", "Centre for Metropolis and Mainport", "2013", "2023"),
    ("Centre for Safety and Security", "Centre for Safety and Security", "2013", "2020"),
    ("Centre for Education and Learning", "Centre for Education and Learning", "2013", None),
    # Not written in Dutch, where it reads the same; the review finds it.
    ("Centre for BOLD Cities", "", "2015", None),
    ("Centre for Healthy Regions", "Centrum voor gezonde regio's", "2027-09", None),
]  # fmt: skip

PROJECTS = [
    ("Attracting businesses to the Bio Science Park", "Bedrijven naar het Bio Science Park"),
    ("A shared desk for entrepreneurs", "Eén loket voor ondernemers"),
    ("Technicians for tomorrow", "Technici voor morgen"),
    ("A livelier inner city", "Een levendiger binnenstad"),
    ("Room for growing companies", "Ruimte voor groeiende bedrijven"),
    ("Knowledge for small firms", "Kennis voor kleine bedrijven"),
    ("Space and satellite cluster", "Cluster ruimtevaart en satellieten"),
    ("Visitors to the region", "Bezoekers in de regio"),
]

LOST_SOURCE = "https://ruimtevaart.leidseregio.invalid/cluster"

# type, English, Dutch, level, ECTS, providers, access {organisation or "guests": ECTS}, more.
PROGRAMMES = [
    ("programme", "Industrial Ecology", "Industrial Ecology", "master", 120, ["leiden", "delft"],
     {}, {"degree_award": "joint", "qualification": "MSc", "duration": "P2Y"}),
    ("programme", "Governance of Migration", "Bestuur van migratie", "master", 60,
     ["leiden", "delft", "eur"], {}, {"degree_award": "multiple", "qualification": "MSc"}),
    ("minor", "Responsible Innovation", "Verantwoord innoveren", "bachelor", 30,
     ["delft", "leiden", "eur"], {"leiden": 30, "delft": 30, "eur": 15, "guests": 15}, {}),
    # Still with the dates of the last round.
    ("minor", "Frugal Innovation", "Eenvoudig innoveren", "bachelor", 30,
     ["leiden", "delft", "eur"], {"leiden": 30, "delft": 30, "eur": 15}, {"years_late": 1}),
    ("minor", "Smart and Shared Cities", "Slimme en gedeelde steden", "bachelor", 30,
     ["eur", "leiden"], {"leiden": 30, "eur": 15}, {}),
    ("honours", "Honours Lab: the Delta", "Honourslab: de Delta", "bachelor", 15,
     ["leiden", "delft"], {"leiden": 15, "delft": 15}, {}),
    ("honours", "Honours Programme Health Technology", "Honoursprogramma zorgtechnologie",
     "master", 20, ["delft", "lumc"], {"delft": 20, "leiden": 20}, {}),
    ("specialisation", "Medical Physics", "Medische fysica", "master", 60, ["delft", "lumc"],
     {}, {}),
    ("specialisation", "Port and City", "Haven en stad", "master", 30, ["eur", "delft"], {}, {}),
    ("track", "Archaeological Heritage", "Archeologisch erfgoed", "master", 60, ["leiden"], {}, {}),
    ("track", "Data for Health", "Data voor gezondheid", "master", 45, ["lumc", "emc"], {}, {}),
    ("course", "Energy Transition and Society", "Energietransitie en samenleving", "bachelor", 5,
     ["delft", "eur"], {"leiden": 5, "guests": 5}, {}),
    # Nobody has said yet who gives it.
    ("course", "Water and Law", "Water en recht", "bachelor", 5, [], {}, {}),
    ("course", "Law for Engineers", "Recht voor ingenieurs", "bachelor", 5, ["leiden"],
     {"delft": 5}, {}),
    ("mooc", "Circular Economy", "Circulaire economie", "unspecified", None, ["leiden", "delft"],
     {"guests": None}, {"duration": "P7W", "online": True}),
    ("mooc", "Heritage under Threat", "Bedreigd erfgoed", "unspecified", None,
     ["leiden", "delft", "eur"], {"guests": None}, {"duration": "P6W", "online": True}),
    ("summer_school", "Summer School Water and Cities", "Zomerschool water en steden", "master",
     6, ["delft", "eur"], {"guests": 6}, {"duration": "P2W"}),
    ("summer_school", "Summer School Global Health", "Zomerschool wereldgezondheid", "bachelor",
     5, ["lumc", "emc"], {"guests": 5}, {"duration": "P2W"}),
]  # fmt: skip

#: ISCED-F 2013 codes of what programmes are about, by their English names.
FIELDS = {
    "Industrial Ecology": "0712",
    "Governance of Migration": "0312",
    "Responsible Innovation": "0788",
    "Frugal Innovation": "0413",
    "Smart and Shared Cities": "0731",
    "Honours Lab: the Delta": "0521",
    "Honours Programme Health Technology": "0914",
    "Medical Physics": "0533",
    "Port and City": "0731",
    "Archaeological Heritage": "0222",
    "Data for Health": "0542",
    "Energy Transition and Society": "0713",
    "Water and Law": "0421",
    "Law for Engineers": "0421",
    "Circular Economy": "0712",
    "Heritage under Threat": "0222",
    "Summer School Water and Cities": "0732",
    "Summer School Global Health": "0912",
}

#: Themes of programmes, by their English names.
PROGRAMME_THEMES = {
    "Honours Programme Health Technology": ["medtech"],
    "Medical Physics": ["medtech"],
    "Data for Health": ["ict-care", "public-health"],
    "Summer School Global Health": ["public-health"],
}
