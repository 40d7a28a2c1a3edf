"""Representation: rows to the shapes of the contract, in the reader's language.

Each thing is represented once and shared by everything that mentions it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext
from wagtail.images.formats import get_image_format
from wagtail.rich_text import expand_db_html

from wagtail_regional import schemas as s
from wagtail_regional import vocabularies as v
from wagtail_regional.addresses import is_http, safe_links, web_address
from wagtail_regional.fields import PartialDate, choose_text
from wagtail_regional.filters import ProgrammeFilter, ProgrammeSelection
from wagtail_regional.filters.kinds import Rows as RowsOf
from wagtail_regional.filters.programmes import field_label
from wagtail_regional.filters.terms import TERMS
from wagtail_regional.languages import country_name, language_name
from wagtail_regional.lifecycle import (
    CURRENT_STATUSES,
    Status,
    describe,
    status_changes_on,
    status_of,
)
from wagtail_regional.models import Alliance, Theme
from wagtail_regional.representation.aggregates import decode, decode_rows
from wagtail_regional.representation.context import ReadContext
from wagtail_regional.representation.images import ImageRow
from wagtail_regional.representation.loading import load
from wagtail_regional.representation.needs import Needs, rich_text_embeds, rich_text_links
from wagtail_regional.representation.registry import MOST_OF_ALLIANCE
from wagtail_regional.representation.rows import AllianceRow, OrganisationRow, ProgrammeRow, Rows
from wagtail_regional.schemas import mentions

_LINK_TAG = re.compile(r"<a\b[^>]*\blinktype=\"(?:page|document)\"[^>]*>")
_EMBED_TAG = re.compile(r"<embed\b[^>]*\bembedtype=\"(?:image|media)\"[^>]*>")

#: The distance of a page that the reader's site does not serve.
_ELSEWHERE = 2

#: What a short mention takes.
_MENTION = "uuid", "name", "acronym", "website"

_Members = list[tuple[dict[str, Any], s.RegionalMember]]


def represent_with(needs: Needs, context: ReadContext) -> Representation:
    """Load `needs` and return what can represent them."""
    return Representation(load(needs, context), context)


class Representation:
    """Builds the contract's shapes from loaded rows.

    Methods return None for what is not in the rows: it does not exist or may not be shown.
    Whichever language is active, words are in the context's `words_language`. What a host adds
    finds the language of the content active (see ReadContext.override_language).
    """

    def __init__(self, rows: Rows, context: ReadContext) -> None:
        self.rows = rows
        self.context = context
        self.words = context.words_language
        self._organisations: dict[int, s.RegionalOrganisation] = {}
        self._alliances: dict[int, s.RegionalAlliance] = {}
        self._programmes: dict[int, s.RegionalProgramme] = {}
        self._members: dict[int, tuple[_Members, _Members]] = {}
        # What many rows have in common is worked out once: periods, mentions.
        self._lifecycles: dict[tuple[Any, Any, Status], s.RegionalLifecycle] = {}
        self._references: dict[tuple[str, str | None], s.RegionalReference] = {}
        self._pages: dict[int, s.RegionalPageReference | None] = {}
        self._dates: dict[str, tuple[str, str]] = {}
        self._images: dict[tuple[str, int, str | None], s.RegionalImage | None] = {}
        self._translations = {
            page.translation_key: page.pk
            for page in rows.pages.values()
            if page.locale.language_code == context.language
        }
        self.alliance_pages = self._choose_alliance_pages()
        self.finder = self._choose_finder()

    # --- Words, dates, addresses ---------------------------------------------------------------

    def text(self, texts: Any) -> tuple[str, str | None]:
        """A localised text and the language it turned out to be in."""
        if not isinstance(texts, str):
            return choose_text(texts, self.context.chain)
        return _chosen(texts, self.context.chain)

    def label(self, vocabulary: Any, code: str) -> str:
        """The label of a code."""
        return _label(self.words, vocabulary, code)

    def terms(self, vocabulary: Any, codes: Sequence[str]) -> list[s.RegionalTerm]:
        """Codes with their labels, in the vocabulary's order."""
        return [
            s.RegionalTerm.shape(code=term.value, label=self.label(vocabulary, term.value))
            for term in (vocabulary if codes else ())
            if term.value in codes
        ]

    def date(self, date: PartialDate) -> str:
        """A date in words."""
        return _displayed(self.words, date)

    def lifecycle(
        self, starts: Any, ends: Any, undated: Status = Status.UNDATED
    ) -> s.RegionalLifecycle:
        """Status, wording and dates of a period."""
        key = starts or None, ends or None, undated
        found = self._lifecycles.get(key)
        if found is None:
            found = self._lifecycles[key] = self._lifecycle(*key)
        return found

    def _lifecycle(self, starts: Any, ends: Any, undated: Status) -> s.RegionalLifecycle:
        first, last = _partial(starts), _partial(ends)
        status = status_of(first, last, self.context.moment, undated=undated)
        # Without dates there is only something to say where dates are expected.
        known = first or last or undated == Status.UNDATED
        return s.RegionalLifecycle.shape(
            status=status.value,
            text=_described(self.words, first, last, status) if known else None,
            starts=str(first) if first else None,
            ends=str(last) if last else None,
            status_changes_on=status_changes_on(first, last, self.context.moment, undated=undated),
        )

    def reference(self, entry: Mapping[str, Any], url: str | None = None) -> s.RegionalReference:
        """A short mention from columns `uuid`, `name`, `acronym` and `website`."""
        url = url or web_address(entry["website"]) or None
        key = entry["uuid"], url
        found = self._references.get(key)
        if found is None:
            found = self._references[key] = s.RegionalReference.shape(
                id=UUID(str(entry["uuid"])),
                name=self.text(entry["name"])[0],
                acronym=entry["acronym"],
                url=url,
            )
        return found

    def alliance_reference(
        self, pk: int, entry: Mapping[str, Any], prefix: str = ""
    ) -> s.RegionalReference:
        """A mention of an alliance, which links to its page when it has one."""
        columns = {name: entry[prefix + name] for name in _MENTION}
        page = self.alliance_page(pk)
        return self.reference(columns, page.url if page else None)

    # --- Pages, media, rich text ----------------------------------------------------------------

    def page(self, pk: int | None) -> s.RegionalPageReference | None:
        """A live, public page that some site serves."""
        page = self.rows.pages.get(pk) if pk is not None else None
        if page is None:
            return None
        if pk not in self._pages:
            url = self.context.page_url(page)
            self._pages[page.pk] = (
                s.RegionalPageReference.shape(
                    id=page.pk,
                    title=page.title,
                    url=url,
                    locale=page.locale.language_code,
                    language=page.regional_language,
                )
                if url
                else None
            )
        return self._pages[page.pk]

    def page_in_language(self, pk: int | None) -> s.RegionalPageReference | None:
        """As `page`, but its translation into the reader's language where that was loaded."""
        page = self.rows.pages.get(pk) if pk is not None else None
        if page is None:
            return None
        return self.page(self._translations.get(page.translation_key, pk))

    def alliance_page(self, pk: int | None) -> s.RegionalPageReference | None:
        """The page about an alliance, in the best language there is."""
        return self.alliance_pages.get(pk) if pk is not None else None

    def _choose_finder(self) -> s.RegionalPageReference | None:
        """The first programme index of the reader's site in the reader's language."""
        found = [
            page
            for page in self.rows.pages.values()
            if getattr(page.specific_class, "lists_programmes", False)
            and page.locale.language_code == self.context.language
            and self._distance(page) < _ELSEWHERE
        ]
        nearest = min(found, key=self._distance, default=None)
        return self.page(nearest.pk) if nearest else None

    def finder_url(self, selection: ProgrammeSelection) -> str | None:
        """Where readers narrow down what `selection` found: the programme index, with the same
        question in its address. None where there is no such page, where nothing was found, and
        where the question cannot be asked there: picked programmes have no question."""
        found, chosen = self.rows.selected[selection].ids, selection.filter
        if self.finder is None or chosen.ids or not found:
            return None
        asked: list[tuple[str, Any]] = []
        for question in chosen.asked:
            kind, values = question.kind, chosen[question.name]
            if isinstance(kind, RowsOf):
                ids = self._public_ids(kind.model, self.rows.programmes[found[0]])
                values = [ids.get(pk) for pk in values]
            asked += [(question.name, value) for value in values]
        if any(value is None for _name, value in asked):
            return None
        if selection.order != "name":
            asked.append(("order", selection.order))
        return f"{self.finder.url}?{urlencode(asked)}" if asked else self.finder.url

    def _public_ids(self, model: Any, programme: ProgrammeRow) -> Mapping[int, UUID]:
        """Those of rows that a programme is tied to: whatever it was found by is among them."""
        if model is Theme:
            return self.rows.themes
        if model is Alliance:
            return {each["pk"]: UUID(str(each["uuid"])) for each in programme.alliances}
        return {pk: row.uuid for pk, row in self.rows.organisations.items()}

    def _choose_alliance_pages(self) -> dict[int, s.RegionalPageReference]:
        chosen: dict[int, tuple[tuple[int, int, bool], Any]] = {}
        for page in self.rows.pages.values():
            subject = page.regional_subject
            if subject is None or self.context.page_url(page) is None:
                continue
            rank = self._page_rank(page)
            if subject not in chosen or rank < chosen[subject][0]:
                chosen[subject] = rank, page
        pages = {subject: self.page(page.pk) for subject, (_rank, page) in chosen.items()}
        return {subject: page for subject, page in pages.items() if page}

    def _page_rank(self, page: Any) -> tuple[int, int, bool]:
        """Pages of this site before those of others; then languages as the reader prefers; then
        the original before what only repeats it."""
        language, chain = page.locale.language_code, self.context.chain
        preferred = chain.index(language) if language in chain else len(chain)
        return self._distance(page), preferred, page.alias_of_id is not None

    def _distance(self, page: Any) -> int:
        """How far a page is from the reader's site: none where it is the site's own; not
        elsewhere where the site serves it as well, as one does with a site within it."""
        site, parts = self.context.site, self.context.url_parts(page)
        if site is None or parts is None:
            return _ELSEWHERE
        if site.pk in self.context.sites_of(page):
            return 0
        return 1 if parts[0] == site.pk else _ELSEWHERE

    def image(self, profile: str, pk: int | None, alt: str | None = None) -> s.RegionalImage | None:
        """An image in a profile; `alt` overrides its own description ("" for decorative)."""
        row = self.rows.images.get((profile, pk)) if pk is not None else None
        if row is None or pk is None:
            return None
        key = profile, pk, alt
        if key not in self._images:
            self._images[key] = self._image(row, row.alt if alt is None else alt)
        return self._images[key]

    def _image(self, row: ImageRow, alt: str) -> s.RegionalImage:
        address = self.context.file_url
        sources = [(address(url), width) for url, width, _height in row.sources]
        _url, width, height = row.sources[-1]
        focal_point = row.focal_point and s.RegionalFocalPoint.shape(
            x=row.focal_point[0], y=row.focal_point[1]
        )
        return s.RegionalImage.shape(
            src=sources[-1][0],
            srcset=", ".join(f"{url} {size}w" for url, size in sources),
            width=width,
            height=height,
            alt=alt,
            focal_point=focal_point,
        )

    def document(self, pk: int | None) -> s.RegionalDocumentValue | None:
        document = self.rows.documents.get(pk) if pk is not None else None
        if document is None:
            return None
        return s.RegionalDocumentValue.shape(
            title=document.title,
            url=self.context.file_url(document.url),
            extension=document.file_extension,
            size=document.file_size,
        )

    def rich_text(self, html: str) -> str:
        """Rich text as HTML ready for display. A link to what may not be shown loses its tag's
        address, and so becomes plain text."""
        if not html:
            return ""
        linked = _EMBED_TAG.sub(self._expand_embed, _LINK_TAG.sub(self._expand_link, html))
        # Wagtail's own rewriters do the rest: the host's link types and embeds.
        needs_more = "linktype=" in linked or "<embed" in linked
        return safe_links(expand_db_html(linked) if needs_more else linked)

    def _expand_link(self, tag: re.Match[str]) -> str:
        for kind, pk in rich_text_links(tag[0]):
            target = self.page_in_language(pk) if kind == "page" else self.document(pk)
            return f'<a href="{_escape(target.url)}">' if target else "<a>"
        return "<a>"

    def _expand_embed(self, tag: re.Match[str]) -> str:
        """An image or media from what was loaded: Wagtail's own way would read each by itself,
        also those of private collections, and may ask another site."""
        for embed in rich_text_embeds(tag[0]):
            if embed.media:
                return self._rich_text_media(embed.media)
            image = self.image("figure", embed.image, embed.attributes.get("alt", ""))
            return _img(image, embed.attributes.get("format", "")) if image else ""
        return ""

    def _rich_text_media(self, url: str) -> str:
        if embed := self.rows.embeds.get(url):
            return render_to_string("wagtailembeds/embed_frontend.html", {"embed": embed})
        return str(format_html('<a href="{}">{}</a>', url, url)) if is_http(url) else ""

    # --- The registry ---------------------------------------------------------------------------

    def organisation(self, pk: int | None) -> s.RegionalOrganisation | None:
        if pk is None or pk not in self.rows.organisations:
            return None
        if pk not in self._organisations:
            row = self.rows.organisations[pk]
            self._organisations[pk] = s.RegionalOrganisation.shape(**self.organisation_columns(row))
        return self._organisations[pk]

    def organisation_reference(self, pk: int | None) -> s.RegionalReference | None:
        """A short mention of an organisation, which links to its own site."""
        row = self.rows.organisations.get(pk) if pk is not None else None
        if row is None:
            return None
        return self.reference({name: getattr(row, name) for name in _MENTION})

    def member_organisation_ids(self, pk: int) -> list[int]:
        """The organisations among an alliance's current members, in order."""
        return [
            entry["organisation"]
            for entry, _member in self._split_members(pk)[0]
            if entry["organisation"]
        ]

    def organisation_columns(self, row: OrganisationRow) -> dict[str, Any]:
        name, language = self.text(row.name)
        return {
            "id": row.uuid,
            "type": row.type,
            "type_label": self.label(v.OrganisationType, row.type),
            "name": name,
            "language": language,
            "acronym": row.acronym,
            "ror_id": row.ror_id,
            "website": web_address(row.website),
            "logo": self.image("logo", row.logo_id, alt=""),
            "locality": row.locality,
            "country": (
                s.RegionalTerm.shape(code=row.country, label=country_name(row.country, self.words))
                if row.country
                else None
            ),
            "lifecycle": self.lifecycle(row.founded, row.dissolved, Status.ACTIVE),
            "successor": self.organisation_reference(row.successor_id),
        }

    def alliance(self, pk: int | None) -> s.RegionalAlliance | None:
        if pk is None or pk not in self.rows.alliances:
            return None
        if pk not in self._alliances:
            row = self.rows.alliances[pk]
            self._alliances[pk] = s.RegionalAlliance.shape(**self.alliance_columns(row))
        return self._alliances[pk]

    def alliance_columns(self, row: AllianceRow) -> dict[str, Any]:
        name, language = self.text(row.name)
        summary, summary_language = self.text(row.summary)
        page = self.alliance_page(row.pk)
        return {
            "id": row.uuid,
            "type": row.type,
            "type_label": self.label(v.AllianceType, row.type),
            "name": name,
            "language": language,
            "acronym": row.acronym,
            "summary": summary,
            "summary_language": summary_language,
            "region": self.text(row.region)[0],
            "url": page.url if page else web_address(row.website),
            "page": page,
            "website": web_address(row.website),
            "logo": self.image("logo", row.logo_id, alt=""),
            "lifecycle": self.lifecycle(row.starts, row.ends),
            "activities": self.terms(v.Activity, row.activities),
            "themes": self.themes(row.themes),
            "parent": self._related_alliance(row, "parent"),
            "succeeded_by": self._related_alliance(row, "successor"),
        }

    def _related_alliance(self, row: AllianceRow, relation: str) -> s.RegionalReference | None:
        pk = getattr(row, f"{relation}_id")
        columns = {name: getattr(row, f"{relation}_{name}") for name in _MENTION}
        return None if pk is None else self.alliance_reference(pk, columns)

    def themes(self, entries: Iterable[Mapping[str, Any]]) -> list[s.RegionalTheme]:
        themes = [
            s.RegionalTheme.shape(
                id=UUID(str(entry["uuid"])),
                scheme=entry["scheme"],
                notation=entry["notation"],
                uri=entry["uri"],
                label=self.text(entry["label"])[0],
            )
            for entry in entries
        ]
        return sorted(themes, key=lambda theme: theme.label.casefold())

    def members(self, pk: int) -> tuple[list[s.RegionalMember], list[s.RegionalMember]]:
        """Current members and former ones. Of an alliance that has ended, the first are those
        who were members at its end."""
        current, former = self._split_members(pk)
        return [member for _entry, member in current], [member for _entry, member in former]

    def _split_members(self, pk: int) -> tuple[_Members, _Members]:
        """Memberships with their representation: those of today, and those that are over."""
        if pk not in self._members:
            ended = _partial(self.rows.alliances[pk].ends)
            split: tuple[_Members, _Members] = ([], [])
            for entry in _in_order(self.rows.alliances[pk].memberships):
                if member := self._member(entry):
                    left = _partial(entry["ends"])
                    stayed = ended and left and left.last_day >= ended.last_day
                    over = member.lifecycle and member.lifecycle.status == Status.ENDED
                    over = bool(over and not stayed)
                    split[over].append((entry, member))
            self._members[pk] = split
        return self._members[pk]

    def _member(self, entry: Mapping[str, Any]) -> s.RegionalMember | None:
        organisation = self.organisation(entry["organisation"])
        kind, named = "group", None
        if entry["organisation"]:
            kind, named = "organisation", self.organisation_reference(entry["organisation"])
            if named is None:
                return None
        elif entry["alliance"]:
            kind = "alliance"
            named = self.alliance_reference(entry["alliance"], entry, "alliance_")
        return s.RegionalMember.mention(
            organisation,
            kind=kind,
            id=named.id if named else None,
            name=named.name if named else self.text(entry["group_label"])[0],
            acronym=named.acronym if named else None,
            url=named.url if named else None,
            count=entry["group_count"],
            role=entry["role"],
            role_label=self.label(v.MemberRole, entry["role"]),
            lifecycle=mentions.dated(self.lifecycle(entry["starts"], entry["ends"], Status.ACTIVE)),
        )

    def centres(self, pk: int) -> list[s.RegionalMention]:
        """The parts of an alliance, in short."""
        return [mentions.of_alliance(part) for part in self.parts_of(pk)]

    def parts_of(self, pk: int) -> list[s.RegionalAlliance]:
        """The alliances that name this one as parent: current ones first, then by name."""
        return sorted(
            filter(None, map(self.alliance, self.rows.parts.get(pk, ()))),
            key=lambda part: (part.lifecycle.status == Status.ENDED, part.name.casefold()),
        )

    def recognitions(self, pk: int) -> list[s.RegionalRecognition]:
        alliance = self.alliance(pk)
        if alliance is None:
            return []
        return self._recognitions(alliance, self.rows.alliances[pk])

    def _recognitions(
        self, alliance: s.RegionalAlliance, row: AllianceRow
    ) -> list[s.RegionalRecognition]:
        mention = s.RegionalReference.shape(
            id=alliance.id, name=alliance.name, acronym=alliance.acronym, url=alliance.url
        )
        return [
            s.RegionalRecognition.shape(
                label=self.text(entry["label"])[0],
                issued_by=self.text(entry["issued_by"])[0],
                url=web_address(entry["url"]),
                alliance=mention,
                lifecycle=self.lifecycle(entry["valid_from"], entry["valid_until"], Status.ACTIVE),
            )
            for entry in _in_order(row.recognitions)
        ]

    def projects(self, pk: int) -> list[s.RegionalProject]:
        """An alliance's projects: running ones first, then the latest to have ended."""
        return in_project_order(map(self.project, self.rows.alliances[pk].projects))

    def project(self, entry: Mapping[str, Any]) -> s.RegionalProject:
        return s.RegionalProject.shape(**self.project_columns(entry))

    def project_columns(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        title, language = self.text(entry["title"])
        summary, summary_language = self.text(entry["summary"])
        return {
            "id": UUID(str(entry["uuid"])),
            "title": title,
            "language": language,
            "summary": summary,
            "summary_language": summary_language,
            "website": web_address(entry["website"]),
            "alliance": self.alliance_reference(entry["alliance"], entry, "alliance_"),
            "lifecycle": self.lifecycle(entry["starts"], entry["ends"]),
            "themes": self.themes(decode_rows(entry["themes"])),
        }

    def programme(self, pk: int) -> s.RegionalProgramme | None:
        if pk not in self.rows.programmes:
            return None
        if pk not in self._programmes:
            row = self.rows.programmes[pk]
            self._programmes[pk] = s.RegionalProgramme.shape(**self.programme_columns(row))
        return self._programmes[pk]

    def programme_columns(self, row: ProgrammeRow) -> dict[str, Any]:
        name, language = self.text(row.name)
        summary, summary_language = self.text(row.summary)
        # An organisation that went while this was read takes what ties it along.
        providers = list(filter(None, map(self._provider, _in_order(row.providers))))
        return {
            "id": row.uuid,
            "type": row.type,
            "type_label": self.label(v.ProgrammeType, row.type),
            "name": name,
            "language": language,
            "summary": summary,
            "summary_language": summary_language,
            "level": row.level,
            "level_label": self.label(v.Level, row.level) if row.level else None,
            "degree_award": row.degree_award,
            "study_load": self._study_load(row),
            "teaching_languages": [
                s.RegionalTerm.shape(code=code, label=language_name(code, self.words))
                for code in row.teaching_languages
            ],
            "modes_of_study": self.terms(v.ModeOfStudy, row.modes_of_study),
            "modes_of_delivery": self.terms(v.ModeOfDelivery, row.modes_of_delivery),
            "isced_fields": [
                s.RegionalTerm.shape(code=code, label=_field(self.words, code))
                for code in row.isced_fields
            ],
            "themes": self.themes(row.themes),
            "is_joint": len(providers) > 1,
            "url": web_address(row.link),
            "providers": providers,
            "access": list(filter(None, map(self._access, _in_order(row.access)))),
            "alliances": sorted(
                (self.alliance_reference(entry["pk"], entry) for entry in row.alliances),
                key=lambda alliance: alliance.name.casefold(),
            ),
            "lifecycle": self.lifecycle(row.starts, row.ends, Status.ACTIVE),
        }

    def programmes_of(self, pk: int) -> list[s.RegionalProgramme]:
        """An alliance's programmes, by name; the first ones of many."""
        found = filter(None, map(self.programme, self.rows.alliance_programmes.get(pk, ())))
        return sorted(found, key=lambda programme: programme.name.casefold())[:MOST_OF_ALLIANCE]

    def mentioned(
        self, programmes: Iterable[s.RegionalProgramme], with_terms: bool = False
    ) -> list[s.RegionalProgrammeMention]:
        """Programmes in short.

        Args:
            programmes: rows that this made, of which copies may have other terms.
            with_terms: whether to tell the terms.
        """
        whole = {programme.id: programme for programme in self._programmes.values()}
        return [
            mentions.of_programme(whole[each.id], each.access if with_terms else None)
            for each in programmes
        ]

    def selected(self, selection: ProgrammeSelection) -> tuple[list[s.RegionalProgramme], int]:
        """What a selection found, and how many there are in all. One for somebody's students
        has the terms that hold for them alone."""
        found, chosen = self.rows.selected[selection], selection.filter
        programmes = [self.programme(pk) for pk in found.ids]
        if chosen["home"]:
            programmes = [
                each and each.model_copy(update={"access": self._terms(pk, chosen)})
                for pk, each in zip(found.ids, programmes, strict=True)
            ]
        return [each for each in programmes if each is not None], found.total

    def _terms(self, pk: int, chosen: ProgrammeFilter) -> list[s.RegionalAccess]:
        entries = self.rows.programmes[pk].access
        own = {entry["organisation"] for entry in entries}.intersection(chosen["home"])
        kinds = chosen["terms"] or TERMS
        held = own if "own" in kinds else set()
        if "guests" in kinds and len(own) < len(chosen["home"]):
            held = {*held, None}
        entries = [each for each in _in_order(entries) if each["organisation"] in held]
        return list(filter(None, map(self._access, entries)))

    def _study_load(self, row: ProgrammeRow) -> s.RegionalStudyLoad | None:
        if row.study_load is None:
            return None
        value, unit = float(row.study_load), v.StudyLoadUnit(row.study_load_unit)
        return s.RegionalStudyLoad.shape(
            value=value, unit=unit, label=_load(self.words, unit, value)
        )

    def _provider(self, entry: Mapping[str, Any]) -> s.RegionalProvider | None:
        organisation = self.organisation_reference(entry["organisation"])
        if organisation is None:
            return None
        return s.RegionalProvider.shape(
            organisation=organisation,
            role=entry["role"],
            role_label=self.label(v.ProviderRole, entry["role"]),
            partner_code=entry["partner_code"],
        )

    def _access(self, entry: Mapping[str, Any]) -> s.RegionalAccess | None:
        has_organisation = entry["organisation"] is not None
        organisation = self.organisation_reference(entry["organisation"])
        if has_organisation and organisation is None:
            return None
        return s.RegionalAccess.shape(
            audience="organisation" if has_organisation else "guests",
            organisation=organisation,
            ects=None if entry["ects"] is None else float(entry["ects"]),
            places=entry["places"],
            application_opens=_day(entry["application_opens"]),
            application_closes=_day(entry["application_closes"]),
            enrolment_link=web_address(entry["enrolment_link"]),
            selective=bool(entry["selective"]),
            conditions=self.text(entry["conditions"])[0],
        )

    def timeline(self, pk: int) -> list[s.RegionalEvent]:
        """What the registry knows of an alliance's history, in order."""
        row, alliance = self.rows.alliances[pk], self.alliance(pk)
        if alliance is None:
            return []
        words = _event_words(self.words)
        events = [
            self._event(row.starts, "start", words["start"], alliance.name),
            self._event(row.ends, "end", words["end"], alliance.name),
        ]
        for member in [*self.members(pk)[0], *self.members(pk)[1]]:
            lifecycle = member.lifecycle
            if lifecycle is None:
                continue
            if lifecycle.starts != alliance.lifecycle.starts:
                events.append(self._event(lifecycle.starts, "joined", words["joined"], member.name))
            events.append(self._event(lifecycle.ends, "left", words["left"], member.name))
        for recognition in self.recognitions(pk):
            starts = recognition.lifecycle.starts
            events.append(self._event(starts, "recognition", "%(name)s", recognition.label))
        for project in self.projects(pk):
            starts = project.lifecycle.starts
            events.append(self._event(starts, "project", "%(name)s", project.title))
        return in_time_order(event for event in events if event)

    def _event(self, date: Any, kind: Any, title: str, name: str) -> s.RegionalEvent | None:
        if not date:
            return None
        key = str(date)
        if key not in self._dates:
            when = _partial(date)
            self._dates[key] = str(when), self.date(when) if when else ""
        written, words = self._dates[key]
        return s.RegionalEvent.shape(
            date=written, date_text=words, kind=kind, title=title % {"name": name}
        )


@lru_cache(16_384)
def _chosen(texts: str, chain: tuple[str, ...]) -> tuple[str, str | None]:
    return choose_text(decode(texts), chain)


def _in_words(make: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a function that says something a first argument: the language to say it in, which it
    then finds active. What it said is remembered."""

    @lru_cache(4096)
    def made(language: str, *args: Any) -> Any:
        with translation.override(language):
            return make(*args)

    return made


@_in_words
def _label(vocabulary: Any, code: str) -> str:
    return str(vocabulary(code).label)


@_in_words
def _field(code: str) -> str:
    return field_label(code)


@_in_words
def _load(unit: v.StudyLoadUnit, value: float) -> str:
    return unit.of(value)


@_in_words
def _event_words() -> dict[str, str]:
    """The wording of events."""
    return {
        "start": gettext("Start of %(name)s"),
        "end": gettext("End of %(name)s"),
        "joined": gettext("%(name)s joined"),
        "left": gettext("%(name)s left"),
    }


@_in_words
def _described(starts: PartialDate | None, ends: PartialDate | None, status: Status) -> str:
    return describe(starts, ends, status)


@_in_words
def _displayed(date: PartialDate) -> str:
    return date.display()


def in_project_order(projects: Iterable[s.RegionalProject]) -> list[s.RegionalProject]:
    """Running and coming projects by title; then ended ones, the latest first."""
    by_title = sorted(projects, key=lambda project: project.title.casefold())
    ended = [p for p in by_title if p.lifecycle.status == Status.ENDED]
    others = [p for p in by_title if p.lifecycle.status != Status.ENDED]
    return others + sorted(ended, key=lambda p: p.lifecycle.ends or "", reverse=True)


def in_time_order(events: Iterable[s.RegionalEvent]) -> list[s.RegionalEvent]:
    """Events by date.

    Of a bare year or month nobody knows the day: it comes after the days in it, by when it had
    surely happened. The start of the alliance itself comes as early as it may be, and first of a
    day; its end, last of a day, and after the bare year or month in which it falls.
    """
    events = list(events)
    ends = (_parsed(event.date).last_day for event in events if event.kind == "end")
    end = max(ends, default=None)
    return sorted(events, key=lambda event: _place_in_time(event, end))


#: The order of what happened on one day; all else is 1.
_OF_A_DAY = {"start": 0, "left": 2, "end": 3}


def _place_in_time(event: s.RegionalEvent, end: dt.date | None) -> tuple[Any, ...]:
    date = _parsed(event.date)
    day = date.first_day if event.kind == "start" else date.last_day
    if end is not None and date.first_day <= end:
        day = min(day, end)
    # What is known better stands before what is not.
    return day, _OF_A_DAY.get(event.kind, 1), -len(event.date)


def is_current(status: str) -> bool:
    return status in CURRENT_STATUSES


def _in_order(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Nested rows come in no certain order; editors gave them one, and else the oldest leads."""
    return sorted(entries, key=lambda entry: (entry["sort_order"] or 0, entry["pk"]))


def _partial(value: Any) -> PartialDate | None:
    if not value:
        return None
    return value if isinstance(value, PartialDate) else _parsed(value)


_parsed = lru_cache(4096)(PartialDate.parse)


def _day(value: Any) -> dt.date | None:
    """A day as nested rows have it: ISO 8601."""
    return _parsed_day(value) if value else None


_parsed_day = lru_cache(4096)(dt.date.fromisoformat)


def _escape(url: str) -> str:
    return url.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def _img(image: s.RegionalImage, name: str) -> str:
    """An image in a rich text, with the class of the format that the editor chose."""
    try:
        classes = get_image_format(name).classname
    except KeyError:
        classes = ""
    return str(
        format_html(
            '<img class="{}" src="{}" srcset="{}" sizes="(min-width: 48rem) 40rem, 100vw" '
            'width="{}" height="{}" alt="{}" loading="lazy">',
            *(classes, image.src, image.srcset, image.width, image.height, image.alt or ""),
        )
    )
