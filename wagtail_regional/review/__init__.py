"""The review: what in the registry, and on the pages that show it, needs care.

The rules know models and, through the blocks, pages; they know nothing of the admin.
"""

from wagtail_regional.review.engine import (
    all_rules,
    current_findings,
    findings_on,
    review,
)
from wagtail_regional.review.findings import (
    Date,
    Finding,
    Language,
    ListOf,
    PageUse,
    Row,
    Severity,
    Text,
    Title,
    seen_by,
)
from wagtail_regional.review.rules import Entry, Facts, Rule

__all__ = [
    "Date",
    "Entry",
    "Facts",
    "Finding",
    "Language",
    "ListOf",
    "PageUse",
    "Row",
    "Rule",
    "Severity",
    "Text",
    "Title",
    "all_rules",
    "current_findings",
    "findings_on",
    "review",
    "seen_by",
]
