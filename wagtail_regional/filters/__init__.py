"""Choosing rows of the registry: one table of questions for each kind of row, which blocks, pages
and endpoints all read.

A filter says which rows; values of one question are alternatives, questions narrow each other. It
can leave questions open again, which is how facets are counted.
"""

from wagtail_regional.filters.partners import (
    AllianceFilter,
    NetworkFilter,
    OrganisationFilter,
    ProjectFilter,
)
from wagtail_regional.filters.programmes import ProgrammeFilter
from wagtail_regional.filters.questions import Filter, Question
from wagtail_regional.filters.selections import ProgrammeSelection, Selected, branches, gather

__all__ = [
    "AllianceFilter",
    "Filter",
    "NetworkFilter",
    "OrganisationFilter",
    "ProgrammeFilter",
    "ProgrammeSelection",
    "ProjectFilter",
    "Question",
    "Selected",
    "branches",
    "gather",
]
