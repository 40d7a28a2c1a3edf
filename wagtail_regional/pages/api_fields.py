"""Our page fields in Wagtail's own page APIs, v2 and v3.

Both APIs ask a field's serializer. Version 3 reads the schema from the annotation of
`to_representation` and takes the typed object; version 2 takes JSON data. Neither hands a
request to it in every case, so everything is read through the page.
"""

from __future__ import annotations

from typing import Any

from ninja.errors import HttpError
from rest_framework.exceptions import APIException
from rest_framework.fields import Field

from wagtail_regional import schemas as s
from wagtail_regional.freshness.instants import UnsettledError
from wagtail_regional.pages.content import PageContent
from wagtail_regional.pages.schema import body_schema
from wagtail_regional.schemas.encoding import to_data

_BUSY = "The content is changing just now. Ask again in a moment."


class Busy(APIException):
    """As version 2 says it: 503, to be asked again soon."""

    status_code = 503
    wait = 1


class PagePartField(Field):
    """A read-only part of a page's content."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def get_attribute(self, instance: Any) -> Any:
        return instance

    def content(self, page: Any) -> PageContent:
        """The page's content; read for the request where the API tells it (v2 does)."""
        request = self.context.get("request") if self.parent is not None else None
        # A draft is made of a revision.
        content: PageContent = page.read(
            request, with_rows=False, is_stored=page._state.db is not None
        )
        try:
            content.load()
        except UnsettledError as error:
            raise (HttpError(503, _BUSY) if self.parent is None else Busy(_BUSY)) from error
        return content

    def shaped(self, value: Any) -> Any:
        """`value` as the API at hand wants it: version 3 binds the field to no parent."""
        return value if self.parent is None or value is None else to_data(value)


class IntroductionField(PagePartField):
    """The introduction, as it was together with the rest."""

    def to_representation(self, page: Any) -> str | None:
        return self.content(page).regional.introduction


class _TypedBody:
    """`to_representation` of a body. Its return type is the union of the blocks this site has,
    so it can only be said once every app is loaded: when somebody asks."""

    def __init__(self, field: BodyField) -> None:
        self.field = field

    def __call__(self, page: Any) -> Any:
        blocks = [block.as_data() for block in self.field.content(page).body]
        # Version 2 wants the data as it is; version 3 validates it against the schema.
        return blocks

    @property
    def __annotations__(self) -> dict[str, Any]:  # type: ignore[override]
        try:
            return {"return": body_schema()}
        except AttributeError as error:
            # Else `typing` would take it that there are no annotations, and tell nobody why.
            raise RuntimeError(f"The schema of a body cannot be made: {error}") from error


class BodyField(PagePartField):
    """The body, each block typed."""

    @property
    def to_representation(self) -> _TypedBody:
        return _TypedBody(self)


class HeroImageField(PagePartField):
    def to_representation(self, page: Any) -> s.RegionalImage | None:
        image: s.RegionalImage | None = self.shaped(self.content(page).regional.hero_image)
        return image


class SubjectField(PagePartField):
    def to_representation(self, page: Any) -> s.RegionalAlliance | None:
        subject: s.RegionalAlliance | None = self.shaped(self.content(page).regional.subject)
        return subject


class RegionalMetaField(PagePartField):
    def to_representation(self, page: Any) -> s.RegionalPageMeta:
        meta: s.RegionalPageMeta = self.shaped(self.content(page).regional.meta)
        return meta
