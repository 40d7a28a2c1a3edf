"""Loading: everything a body or a list refers to, in a fixed number of queries.

A :class:`Needs` gathers references while blocks are read; :func:`load` fetches them all at once
as plain :class:`Rows` - tuples and dictionaries, no model instances, whose construction would
cost more than the queries. What is missing, unpublished or private is simply not in the rows,
so whatever mentions it leaves it out.

Queries, each at most once: alliances (with members, recognitions, projects and themes
nested), which programmes are selected, programmes (with providers, terms of access and alliances
nested), projects, organisations, renditions, pages, documents, embeds, totals.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wagtail.documents import get_document_model
from wagtail.embeds.embeds import get_embed_hash
from wagtail.embeds.models import Embed

from wagtail_regional.filters import ProgrammeSelection
from wagtail_regional.filters.kinds import Rows as RowsOf
from wagtail_regional.models import Alliance, Membership, Organisation, Theme
from wagtail_regional.models.ties import tie
from wagtail_regional.models.visibility import visible
from wagtail_regional.representation.context import ReadContext
from wagtail_regional.representation.images import load_images
from wagtail_regional.representation.needs import Needs
from wagtail_regional.representation.pages import _load_pages
from wagtail_regional.representation.registry import (
    load_alliances,
    load_organisations,
    load_programmes,
    load_projects,
    load_totals,
)
from wagtail_regional.representation.rows import Rows
from wagtail_regional.representation.tags import tags_of
from wagtail_regional.visibility import in_public_collection


def load(needs: Needs, context: ReadContext) -> Rows:
    """Fetch everything that `needs` names.

    Returns:
        Rows in which whatever does not exist, or may not be shown, is absent.
    """
    rows = Rows()
    if needs.alliances or needs.alliance_parts:
        rows.alliances = load_alliances(
            needs.alliances | needs.alliance_parts, needs.alliance_parts, context
        )
    having = {pk for pk in needs.alliance_programmes if _has_programmes(pk, rows)}
    rows.programmes_are_whole = needs.whole or _ask_for_organisations(needs.selections)
    rows.programmes, rows.selected = load_programmes(
        needs.programmes, needs.selections, context, having, whole=rows.programmes_are_whole
    )
    for pk, programme in rows.programmes.items():
        for each in programme.alliances:
            if each["pk"] in having:
                rows.alliance_programmes[each["pk"]].append(pk)
    if needs.projects:
        rows.projects = load_projects(needs.projects, context)
    load_surroundings(needs, rows, context)
    if needs.themes:
        themes = visible(Theme, context.now).filter(pk__in=needs.themes)
        rows.themes = dict(themes.values_list("pk", "uuid"))
    if needs.embeds:
        rows.embeds = _load_embeds(needs.embeds)
    if needs.totals:
        rows.totals = load_totals(context)
        context.shown.update(rows.totals)
    return rows


def load_surroundings(needs: Needs, rows: Rows, context: ReadContext) -> None:
    """Fetch what the rows of the registry themselves refer to: members, logos, pages, and the
    organisations that provide programmes or send students."""
    membership = tie(Membership, "organisation")
    shown_of = rows.alliances.keys() if needs.whole else needs.members_of
    shown = needs.organisations | rows.referred_to(membership, shown_of)
    if organisations := shown | rows.mentioned(Organisation):
        rows.organisations = load_organisations(organisations, context)
    rows.whole_organisations = shown & rows.organisations.keys()
    for pk in rows.whole_organisations:
        needs.image("logo", rows.organisations[pk].logo_id)
    for alliance in rows.alliances.values():
        needs.image("logo", alliance.logo_id)
    rows.images = load_images(needs.images)
    rows.pages = _load_pages(needs, set(rows.alliances) | rows.mentioned(Alliance), context)
    if needs.documents:
        rows.documents = _load_documents(needs.documents)
    context.shown.update(tags_of(rows))


def _ask_for_organisations(selections: Iterable[ProgrammeSelection]) -> bool:
    """Whether programmes are selected by what hangs on them: providers, terms."""
    asked = (question.kind for each in selections for question in each.filter.asked)
    return any(isinstance(kind, RowsOf) and kind.model is Organisation for kind in asked)


def _has_programmes(pk: int, rows: Rows) -> bool:
    return pk in rows.alliances and rows.alliances[pk].programmes_total > 0


# --- One query each ----------------------------------------------------------------------------


def _load_documents(ids: set[int]) -> dict[int, Any]:
    return in_public_collection(get_document_model().objects.all()).in_bulk(ids)


def _load_embeds(urls: set[str]) -> dict[str, Any]:
    """Embeds that were fetched when the editor saved them. Reading never calls another site."""
    hashes = {get_embed_hash(url): url for url in urls}
    return {hashes[row.hash]: row for row in Embed.objects.filter(hash__in=hashes)}
