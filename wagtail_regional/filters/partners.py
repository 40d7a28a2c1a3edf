"""What may be asked of organisations, alliances and projects.

What ties the first two is a membership. Whatever is asked of it must hold for one and the same:
the coordinators of an alliance are not its members that coordinate another one.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from wagtail_regional import vocabularies as v
from wagtail_regional.filters import common
from wagtail_regional.filters.examples import LEIDEN, MEDICAL_DELTA, THEME
from wagtail_regional.filters.facets import ByCodeOfRelated, ByColumn, ByRelated, ByValue
from wagtail_regional.filters.kinds import Rows, codes, statuses
from wagtail_regional.filters.questions import Filter, Order, Question, Related
from wagtail_regional.lifecycle import Moment
from wagtail_regional.models import Alliance, Membership, Organisation, Project, Theme
from wagtail_regional.models.visibility import visible


def _role(description: str, within: Related) -> Question:
    return Question(
        "role",
        codes(v.MemberRole),
        description,
        ["partner"],
        "role__in",
        within=within,
        facet=ByRelated(),
        label=_("Role"),
    )


# --- Organisations -------------------------------------------------------------------------------

_AS_MEMBER = Related(Membership, "organisation_id", repeats=True)


def _of_alliance_about(themes: tuple[int, ...], moment: Moment) -> Any:
    """Memberships of alliances that have a theme."""
    about = visible(Alliance.themes.through, moment).filter(alliance_id=OuterRef("alliance_id"))
    return Exists(about.filter(theme_id__in=themes))


class OrganisationFilter(Filter):
    """Which organisations."""

    model = Organisation
    description = (
        "What narrows organisations. `alliance`, `role`, `theme` and `activity` must hold for one "
        "membership, present or past."
    )
    questions = (
        common.WORDS,
        Question(
            "type",
            codes(v.OrganisationType),
            "Types of organisation (ROR).",
            ["education"],
            "type__in",
            facet=ByColumn(),
            label=_("Type"),
        ),
        Question(
            "alliance",
            Rows(Alliance),
            "Alliances that it is or was a member of.",
            [MEDICAL_DELTA],
            "alliance_id__in",
            within=_AS_MEMBER,
            facet=ByRelated(),
            label=_("Alliance"),
        ),
        _role("Its role in an alliance.", _AS_MEMBER),
        Question(
            "theme",
            Rows(Theme, "label"),
            "Themes of an alliance that it is a member of.",
            [THEME],
            _of_alliance_about,
            within=_AS_MEMBER,
            facet=ByRelated(column="alliance__themes__pk"),
            label=_("Theme"),
        ),
        Question(
            "activity",
            codes(v.Activity),
            "Activities of an alliance that it is a member of.",
            ["research"],
            "alliance__activities__has_any",
            within=_AS_MEMBER,
            facet=ByCodeOfRelated(lookup="alliance__activities__has"),
            label=_("Activity"),
        ),
        *common.places(country=ByColumn(), locality=ByValue(), lau=ByValue()),
        common.status_of(Organisation),
    )
    rules = common.PLACE_RULES
    orders = (
        Order("name"),
        Order("type", nullable=False),
        Order("distance", common.distance, nullable=False, needs="near"),
    )
    order_description = "`distance` needs `near`. A hyphen turns the order round."


# --- Alliances -----------------------------------------------------------------------------------

_MEMBERS = Related(Membership, "alliance_id", repeats=True)


class AllianceFilter(Filter):
    """Which alliances."""

    model = Alliance
    description = (
        "What narrows alliances. `member`, `role` and where its members are must hold for one "
        "membership, present or past."
    )
    questions = (
        common.WORDS,
        Question(
            "type",
            codes(v.AllianceType),
            "Types of alliance.",
            ["consortium", "network"],
            "type__in",
            facet=ByColumn(),
            label=_("Type"),
        ),
        Question(
            "activity",
            codes(v.Activity),
            "What it works on.",
            ["research"],
            "activities__has_any",
            facet=ByColumn(),
            label=_("Activity"),
        ),
        common.themes(Alliance.themes.through, "alliance_id", ByRelated()),
        Question(
            "member",
            Rows(Organisation),
            "Organisations that are or were members.",
            [LEIDEN],
            "organisation_id__in",
            within=_MEMBERS,
            facet=ByRelated(),
            label=_("Member"),
        ),
        _role("A role that a member has in it.", _MEMBERS),
        *common.places(
            "organisation__",
            _MEMBERS,
            country=ByRelated(),
            locality=ByRelated(),
            lau=ByRelated(),
        ),
        common.status_of(Alliance),
    )
    rules = common.PLACE_RULES
    orders = (Order("name"), Order("type", nullable=False), Order("starts"), Order("ends"))
    order_description = "A hyphen turns the order round; what has no date comes last."


def _alliances_with_parts(keys: tuple[int, ...], moment: Moment) -> Q:
    return Q(pk__in=keys) | Q(parent_id__in=keys)


class NetworkFilter(Filter):
    """Which alliances are drawn as a network."""

    model = Alliance
    description = "What narrows the network."
    questions = (
        Question(
            "alliance",
            Rows(Alliance),
            "These alliances, and their parts.",
            [MEDICAL_DELTA],
            _alliances_with_parts,
        ),
        Question(
            "status",
            statuses(Alliance),
            "Where the alliances stand today.",
            ["active", "ending_soon"],
            "current_status__in",
            by_day=True,
        ),
    )
    orders = (Order("name"),)


# --- Projects ------------------------------------------------------------------------------------


class ProjectFilter(Filter):
    """Which projects."""

    model = Project
    words = "title"
    description = "What narrows projects."
    questions = (
        common.WORDS,
        Question(
            "alliance",
            Rows(Alliance),
            "Alliances whose project it is.",
            [MEDICAL_DELTA],
            "alliance__in",
        ),
        common.themes(Project.themes.through, "project_id"),
        common.status_of(Project),
    )
    orders = (Order("name"),)
