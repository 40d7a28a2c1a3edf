"""Codes of the Open Education API, versions 5 and 6: what the specification calls it, and what it
is here. None: there is no place for it."""

from __future__ import annotations

from typing import Final

TYPES: Final[dict[str, str | None]] = {
    "program": "programme",
    "programme": "programme",
    "private_program": "programme",
    "privateprogram": "programme",
    "minor": "minor",
    "honours": "honours",
    "specialization": "specialisation",
    "specialisation": "specialisation",
    "track": "track",
    "course": "course",
    "mooc": "mooc",
    "summer_school": "summer_school",
    "summerschool": "summer_school",
    # A definition that programmes refer to, and nothing to enrol for.
    "specification": None,
    "cluster": None,
    "programcluster": None,
}
LEVELS: Final[dict[str, str | None]] = {
    "associate_degree": "associate_degree",
    "bachelor": "bachelor",
    "master": "master",
    "doctoral": "doctoral",
    "post_doctoral": "post_doctoral",
    "undefined": "unspecified",
    "undivided": "unspecified",
    "pre_vocational": None,
    "secondary_vocational_education": None,
    "secondary_vocational_education_1": None,
    "secondary_vocational_education_2": None,
    "secondary_vocational_education_3": None,
    "secondary_vocational_education_4": None,
    "nt2_1": None,
    "nt2_2": None,
}
DELIVERY: Final[dict[str, str | None]] = {
    "distance_learning": "distance_learning",
    "on_campus": "presential",
    "situated": "presential",
    "presential": "presential",
    "online": "online",
    "hybrid": "hybrid",
    "blended": "blended",
    "coil": None,
    "joint_delivery": None,
    "project_based": None,
    "research_lab_based": None,
    "work_based": None,
}
STUDY: Final[dict[str, str | None]] = {
    "full_time": "full_time",
    "part_time": "part_time",
    "dual_training": "dual_training",
    "self_paced": "self_paced",
}
QUALIFICATIONS: Final[dict[str, str | None]] = {
    "ad": "AD",
    "ba": "BA",
    "bsc": "BSc",
    "llb": "LLB",
    "ma": "MA",
    "msc": "MSc",
    "llm": "LLM",
    "mphil": "MPhil",
    "phd": "PhD",
    "pdeng": "PDEng",
    "none": "none",
    "associate_degree": "AD",
    "doctoral": "PhD",
    # These need a designation to tell which.
    "bachelor": None,
    "master": None,
    "diploma": None,
    "vocational_diploma": None,
    "certificate": None,
}
#: v6: a degree, and the word that its designation holds.
DESIGNATED: Final = {
    ("bachelor", "art"): "BA",
    ("bachelor", "science"): "BSc",
    ("bachelor", "law"): "LLB",
    ("master", "art"): "MA",
    ("master", "science"): "MSc",
    ("master", "law"): "LLM",
    ("master", "philosophy"): "MPhil",
}
UNITS: Final = ("ects", "sbu", "sp", "hour")

#: Types of codes that identify an organisation, and the scheme they are here.
ORGANISATION_CODES: Final = {
    "brin": "brin",
    "institution_code": "brin",
    "kvk_organisation_id": "kvk",
    "schac_home": "schac_home",
    "schachome": "schac_home",
    "isni": "isni",
    "x_isni": "isni",
    "x_lei": "lei",
    "x_wikidata": "wikidata",
    "x_brin": "brin",
    "x_kvk": "kvk",
}
