"""Answers with some of their fields alone (`fields`), or with more than they have by themselves
(`include`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, get_args

from pydantic import AfterValidator, BaseModel, Field, create_model

from wagtail_regional.api.parameters import Parameters
from wagtail_regional.schemas.mentions import INCLUDED

#: Where a list has its items.
ITEMS = "items"


def choosing_fields(takes: type[Parameters], schema: type[BaseModel]) -> Any:
    """`takes`, and with it the names of the fields wanted: of what is answered or, where that is a
    list, of its items.

    Args:
        schema: of the answer.
    """
    item = item_of(schema)
    names = tuple((item or schema).model_fields)
    what = f"Only these fields of {'each item' if item else 'the answer'}, with commas between them"
    return _taking(takes, "fields", "field", names, f"{what}; all where left out.")


def including(takes: type[Parameters]) -> Any:
    """`takes`, and with it the names of what a page's answer has whole that its body mentions."""
    what = (
        "Lists of what the body mentions, to be had whole in `included`, with commas between them."
    )
    return _taking(takes, "include", "list", tuple(INCLUDED), what)


def _taking(
    takes: type[Parameters], parameter: str, noun: str, names: tuple[str, ...], description: str
) -> Any:
    """`takes`, and with it a parameter that is some of these names, each of a `noun`."""
    all_names = f"{noun.capitalize()}s: {', '.join(names)}."

    def known(value: str) -> tuple[str, ...]:
        wanted = tuple(value.split(","))
        for name in wanted:
            if name not in names:
                told = f"There is no {noun} “{name}”" if name else "A name is missing"
                raise ValueError(f"{told} here. {all_names}")
        return wanted

    one = "|".join(names)
    described = Field(
        None,
        description=f"{description} {all_names}",
        json_schema_extra={"pattern": f"^({one})(,({one}))*$", "example": ",".join(names[:2])},
    )
    chosen: Any = Annotated[str, AfterValidator(known)] | None
    more: Any = {parameter: (chosen, described)}
    return create_model(
        takes.__name__,
        __base__=takes,
        __module__=takes.__module__,
        __doc__=takes.__doc__,
        **more,
    )


def item_of(schema: type[BaseModel]) -> Any:
    """The schema of the items of a list; None where an answer is something else."""
    field = schema.model_fields.get(ITEMS)
    return get_args(field.annotation)[0] if field else None


def only(answer: Mapping[str, Any], names: tuple[str, ...] | None) -> Mapping[str, Any]:
    """An answer with these fields alone, in their usual order; whole where none are named.

    Args:
        answer: in the shape of its schema.
    """
    if names is None:
        return answer
    if ITEMS in answer:
        return {**answer, ITEMS: [_only(each, names) for each in answer[ITEMS]]}
    return _only(answer, names)


def _only(whole: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in whole.items() if name in names}
