"""The schema of a page: its body holds whatever blocks the site has."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal, Union

from pydantic import Field, RootModel, create_model

from wagtail_regional import schemas as s
from wagtail_regional.blocks import RegionalBlock
from wagtail_regional.page_types import regional_page_models


@cache
def block_schemas() -> dict[str, Any]:
    """A schema for each block type that a regional page can hold, the host's own included."""
    schemas: dict[str, Any] = {}
    for model in regional_page_models():
        for name, block in model._meta.get_field("body").stream_block.child_blocks.items():
            if name not in schemas:
                value = block.schema if isinstance(block, RegionalBlock) else Any
                schemas[name] = create_model(
                    f"Regional{''.join(part.title() for part in name.split('_'))}Block",
                    __base__=s.RegionalModel,
                    __doc__=str(block.get_description() or block.label),
                    type=(Literal[name], ...),  # type: ignore[arg-type]
                    value=(value, ...),
                    id=(str | None, Field(description="Stays the same when the block moves.")),
                )
    return schemas


@cache
def page_schema() -> Any:
    """The schema of a page with its body: blocks, discriminated by `type`."""
    schemas = tuple(block_schemas().values())
    if not schemas:
        block: Any = dict[str, Any]
    elif len(schemas) == 1:
        block = schemas[0]
    else:
        block = Annotated[Union[schemas], Field(discriminator="type")]  # noqa: UP007
    return create_model(
        "RegionalPageDetail",
        __base__=s.RegionalPage,
        __doc__="A regional page with its body.",
        body=(list[block], ...),
    )


@cache
def body_schema() -> Any:
    """The schema of a body alone, for Wagtail's API v3."""
    field = page_schema().model_fields["body"]
    return create_model("RegionalBody", __base__=RootModel[field.annotation])  # type: ignore[name-defined]
