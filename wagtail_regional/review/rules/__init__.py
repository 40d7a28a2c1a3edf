"""The rules of the review, each a small class.

A rule asks the database for the rows that break it, so that it costs the same few queries for any
number of rows, and reads columns rather than building instances. What is found is about an entry
of the registry, also where a part of one (a member, a provider) is at fault: that is what people
own, edit and mark as reviewed.
"""

from wagtail_regional.review.rules.base import Entry, Facts, Rule
from wagtail_regional.review.rules.dates import DeadlinePast, EndsSoon, ReviewOverdue, Undated
from wagtail_regional.review.rules.links import BrokenLink, link_columns
from wagtail_regional.review.rules.members import (
    MemberGone,
    ProgrammeWithoutProvider,
    RoleOutsideDates,
)
from wagtail_regional.review.rules.shown import EndedShownAsCurrent, UnknownBlocks
from wagtail_regional.review.rules.texts import LogoWithoutAlt, MissingTranslation

__all__ = [
    "BrokenLink",
    "DeadlinePast",
    "EndedShownAsCurrent",
    "EndsSoon",
    "Entry",
    "Facts",
    "LogoWithoutAlt",
    "MemberGone",
    "MissingTranslation",
    "ProgrammeWithoutProvider",
    "ReviewOverdue",
    "RoleOutsideDates",
    "Rule",
    "Undated",
    "UnknownBlocks",
    "link_columns",
]
