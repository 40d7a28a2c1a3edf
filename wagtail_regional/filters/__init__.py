"""Choosing rows of the registry: one query layer for blocks, pages and endpoints.

A filter says which rows; values of one field are alternatives, fields narrow each other. It can
leave fields open again, which is how facets are counted.
"""

from wagtail_regional.filters.partners import (
    AllianceFilter,
    OrganisationFilter,
    alliance_order,
    organisation_order,
)
from wagtail_regional.filters.programmes import (
    ORDERS,
    READER_ORDERS,
    TERMS,
    ProgrammeFilter,
    ProgrammeSelection,
    Selected,
    branches,
    gather,
    programme_order,
    words_or_code,
)

__all__ = [
    "ORDERS",
    "READER_ORDERS",
    "TERMS",
    "AllianceFilter",
    "OrganisationFilter",
    "ProgrammeFilter",
    "ProgrammeSelection",
    "Selected",
    "alliance_order",
    "branches",
    "gather",
    "organisation_order",
    "programme_order",
    "words_or_code",
]
