"""What makes a block regional.

A regional block says three things: what its value refers to (`collect`), how that value looks
in the contract (`represent`), and with which template it is shown. Everything else follows.
The page, Wagtail's APIs and our own router all show the same represented value; a stream of
such blocks is loaded as one batch (see :mod:`wagtail_regional.blocks.stream`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from hashlib import blake2b
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.models import AbstractImage
from wagtail.rich_text import RichText

from wagtail_regional.blocks.freezing import Freezes
from wagtail_regional.blocks.raw import Raw
from wagtail_regional.blocks.samples import sample
from wagtail_regional.freshness.instants import UnsettledError, read_whole, stamps_for
from wagtail_regional.freshness.stamps import Stamps
from wagtail_regional.rendering import are_ours, assets_once, render
from wagtail_regional.representation.context import ReadContext
from wagtail_regional.representation.kept_html import KeptHtml, Place, may_be_kept, place_of
from wagtail_regional.representation.needs import Needs
from wagtail_regional.representation.represent import Representation, represent_with
from wagtail_regional.schemas.encoding import to_data
from wagtail_regional.text import refuse_control

Value = TypeVar("Value")


class RegionalBlock(Freezes, blocks.Block):
    """Mixin for a block with a typed shape.

    Attributes:
        schema: the type of the represented value: a pydantic model, or a plain type such as
            `str`. It becomes part of the OpenAPI document.
        sample_name: the key of the sample shown in the block picker.
    """

    schema: ClassVar[Any] = Any
    sample_name: ClassVar[str] = ""

    # --- To be overridden -----------------------------------------------------------------------

    def collect(self, raw: Any, needs: Needs) -> None:
        """Say what the stored value refers to. Override it along with `represent`.

        Args:
            raw: the stored value (JSON).
            needs: to be filled with what must be loaded.
        """

    def represent(self, raw: Any, content: Representation) -> Any:
        """The value in the contract's shape (an instance of `schema`).

        Returns:
            None when what the block is about is missing; the block is then left out.
        """
        raise NotImplementedError

    # --- What follows from it --------------------------------------------------------------------

    def get_api_representation(self, value: Any, context: Mapping[str, Any] | None = None) -> Any:
        """The represented value as JSON data. For a block on its own in a host's stream."""
        request = (context or {}).get("request")
        return to_data(self._represent_alone(value, {"request": request}).value)

    def render(self, value: Any, context: Mapping[str, Any] | None = None) -> SafeString:
        """The block in HTML, loading what it needs for itself."""
        context = context or {}
        raw = self.get_prep_value(value)
        # The stored one, which Wagtail's streams tell their blocks since 8.0.
        identity = context.get("id") or self._id_alone(raw, context.get("request"))

        def make(around: Mapping[str, Any]) -> tuple[str, Stamps | None]:
            read = self._represent_alone(value, context, relative=True)
            if read.value is None:
                return "", read.stamps
            with read.reader.override_language():
                around = {**around, "id": identity}
                return self.render_represented(read.value, value, around), read.stamps

        stored = self.name, raw, identity
        html = html_alone(make, context, stored, is_kept=shows_only_ours(self))
        if not html:
            return html
        # As within a stream of ours, where it would be one of many.
        return render(
            "wagtail_regional/blocks/stream.html",
            {
                "items": [{"type": self.name, "html": html}],
                "assets": assets_once(context.get("request")),
            },
        )

    def render_represented(
        self, represented: Any, value: Any, context: Mapping[str, Any] | None = None
    ) -> SafeString:
        """The block's template, given its represented value.

        The template gets `block` (the represented value), `block_id` and Wagtail's own `self`
        and `value`, besides the context around it.
        """
        around = self.get_context(value, parent_context=dict(context or {}))
        around["block"] = represented
        around["block_id"] = f"block-{around.get('id') or self.name}"
        return render(self.get_template(value, around), around)

    def _id_alone(self, raw: Any, request: Any) -> str:
        """What tells the block from others like it on a page, where nobody says how it is stored:
        what it holds, and its number among those that hold the same."""
        digest = blake2b(repr(raw).encode(errors="replace"), digest_size=4).hexdigest()
        counts: Counter[str] = Counter()
        if request is not None:
            counts = request.__dict__.setdefault("_regional_blocks_alone", counts)
        name = f"{self.name}-{digest}"
        counts[name] += 1
        return name if counts[name] == 1 else f"{name}-{counts[name]}"

    def _represent_alone(
        self, value: Any, context: Mapping[str, Any], *, relative: bool = False
    ) -> ReadAlone[Any]:
        raw, needs = self.get_prep_value(value), Needs()
        self.collect(raw, needs)
        return read_alone(
            needs, lambda content: self.represent(raw, content), context, relative=relative
        )

    # --- Preview in the block picker -------------------------------------------------------------

    @property
    def is_previewable(self) -> bool:
        return bool(self.sample_name)

    def get_preview_template(self, value: Any, context: Any = None) -> str:
        return getattr(self.meta, "preview_template", "wagtail_regional/blocks/preview.html")

    def get_preview_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """The block rendered from a sample, which is made in memory and touches no database."""
        context = {**super().get_preview_context(value, parent_context)}
        represented = sample(self.sample_name)
        context["block_html"] = self.render_represented(represented, value, {"id": "sample"})
        return context


class CheckedStructBlock(Freezes, blocks.StructBlock):
    """A struct with rules about its fields together.

    Wagtail saves a draft, and saves by itself, with validation deferred: what is not filled in
    yet is no mistake then. So `problems` is asked when a page is published or submitted only.
    A text that no database or file can hold is refused in drafts, too.
    """

    def problems(self, value: Any) -> dict[str, Any]:
        """What is wrong, by the name of the field that is to be mended. To be overridden.

        Args:
            value: the struct, each field of which is sound by itself.
        """
        return {}

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        errors = dict(_control_errors(cleaned))
        if not errors and not self.is_deferred_validation:
            errors = {name: ValidationError(text) for name, text in self.problems(cleaned).items()}
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return cleaned


def _control_errors(value: Mapping[str, Any]) -> Iterator[tuple[str, ValidationError]]:
    for name, part in value.items():
        try:
            refuse_control(text_of(part))
        except ValidationError as error:
            yield name, error


def text_of(value: Any) -> str:
    """The words that an editor typed in a field's native value; "" where there are none."""
    if isinstance(value, RichText):
        source: str = value.source
        return source
    if isinstance(value, AbstractImage):
        return getattr(value, "contextual_alt_text", None) or ""
    return value if isinstance(value, str) else ""


class RegionalStructBlock(RegionalBlock, CheckedStructBlock):
    """A regional block made of fields."""

    def collect(self, raw: Any, needs: Needs) -> None:
        self.collect_fields(Raw(raw), needs)

    def represent(self, raw: Any, content: Representation) -> Any:
        return self.represent_fields(Raw(raw), content)

    def collect_fields(self, raw: Raw, needs: Needs) -> None:
        """As `collect`, with a reader over the stored fields."""

    def represent_fields(self, raw: Raw, content: Representation) -> Any:
        """As `represent`, with a reader over the stored fields."""
        raise NotImplementedError


class ReadAlone(NamedTuple, Generic[Value]):
    """What blocks show that no page was read with.

    Attributes:
        value: represented.
        reader: for whom.
        stamps: of the content; None where it is perhaps not all of one instant.
    """

    value: Value
    reader: ReadContext
    stamps: Stamps | None


def read_alone(
    needs: Needs,
    represent: Callable[[Representation], Value],
    context: Mapping[str, Any],
    *,
    relative: bool = False,
) -> ReadAlone[Value]:
    """Load what blocks refer to, for them alone, and represent them.

    Args:
        needs: what they refer to.
        represent: represents them, once that is loaded.
        context: of a template, or what an API gives in its place.
        relative: whether it is for HTML.
    """
    request = context.get("request")

    def read(stamps: Stamps | None) -> ReadAlone[Value]:
        reader = context_for(request, context.get("page"), relative=relative)
        with reader.override_language():
            return ReadAlone(represent(represent_with(needs, reader)), reader, stamps)

    try:
        return read_whole(read, request=request).value
    except UnsettledError:
        # Within a page of somebody else's nobody can be told to ask again.
        return read(None)


def html_alone(
    make: Callable[[Mapping[str, Any]], tuple[str, Stamps | None]],
    context: Mapping[str, Any],
    stored: Any,
    *,
    is_kept: bool,
) -> SafeString:
    """HTML of blocks that no page was read with; it is kept where that may be.

    Args:
        make: makes it in the context that it is given, and says of which content it is.
        context: of the template around.
        stored: the blocks as they are stored.
        is_kept: whether all that they show is known.
    """
    request, page = context.get("request"), context.get("page")
    stamps = stamps_for(request) if request and is_kept and may_be_kept(request) else None
    if request is None or stamps is None:
        return mark_safe(make(context)[0])  # noqa: S308 - a template's own

    def place(stamps: Stamps) -> Place:
        what = language_of(page), getattr(page, "id", None), stored
        return place_of(request, stamps, what)

    found = KeptHtml.find(place(stamps))
    if found.is_new:
        # Of nothing about the reader, or around it.
        html, made_of = make({"page": page})
        found.parts["blocks"] = str(html)
        if made_of is not None:
            found.keep(place(made_of))
    return found.part("blocks", str)


def is_of_package(block: blocks.Block) -> bool:
    """Whether a block is the package's, and no host's, nor one derived from ours."""
    return type(block).__module__.startswith("wagtail_regional.")


def shows_only_ours(block: blocks.Block) -> bool:
    """Whether a block is the package's, with its own template: all that it shows is known."""
    template = getattr(block.meta, "template", None)
    return (
        is_of_package(block)
        and isinstance(template, str)
        and template.startswith("wagtail_regional/blocks/")
        and are_ours("blocks/", "includes/")
    )


def context_for(
    request: HttpRequest | None = None, page: Any = None, *, relative: bool = False
) -> ReadContext:
    """The reader of a block: in the page's language, or else the active one.

    Args:
        request: the request, where there is one.
        page: the page the block is on, or whatever else the template calls `page`.
        relative: whether it is for HTML. Without a request nobody knows which site that is on,
            so all addresses are absolute then.
    """
    return ReadContext(language_of(page), request, relative=relative and request is not None)


def language_of(page: Any) -> str:
    """The language of whatever a template calls `page`, or else the active one."""
    locale = getattr(page, "locale", None)
    return getattr(locale, "language_code", None) or ReadContext.active_language()
