"""What all schemas of the contract are made of."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from operator import itemgetter
from types import NoneType
from typing import Annotated, Any, ClassVar, Self, cast, get_args

from pydantic import BaseModel, ConfigDict, WithJsonSchema

#: An absolute address.
Uri = Annotated[str, WithJsonSchema({"type": "string", "format": "uri"})]


#: ISO 8601 at the precision known: a year, a month or a day.
PartialDateText = Annotated[
    str,
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$",
            "examples": ["2003", "2014-02", "2027-01-01"],
        }
    ),
]


class Shape(dict[str, Any]):
    """Something in the shape of a schema: a dictionary whose items read as attributes too.

    A page holds thousands of them. As instances of their schemas they would be validated one
    by one, though our own code made them; as dictionaries they cost next to nothing. That they
    fit their schemas is for the tests to say, which validate every answer.

    A mention also knows the row that it stands for (see :func:`whole`), which templates show and
    answers include on request; it is no item, and so no part of the mention's JSON. Until somebody
    asks for it, it is the function that makes it.
    """

    __slots__ = ("row",)

    #: The items in which there may be mentions of rows.
    mentioning: ClassVar[tuple[str, ...]] = ()

    def model_copy(self, *, update: Mapping[str, Any]) -> Self:
        """The same with some items replaced, as an instance of the schema would copy itself."""
        return type(self)(self, **update)


def row_of(mention: Any) -> Any:
    """The row that a mention stands for, as lists show it; None of anything else."""
    row = getattr(mention, "row", None)
    if row is not None and not isinstance(row, Shape):
        row = mention.row = row()
    return row


def whole(mention: Any) -> Any:
    """The row that a mention stands for, as lists show it; a row itself, as it is.

    Where the mention tells terms, those of whom its list is for, the row has these and no others.
    """
    row = row_of(mention)
    if row is None:
        return mention
    terms = mention.get("access")
    return row if terms is None else row.model_copy(update={"access": terms})


class RegionalModel(BaseModel):
    """What all shapes share: no field that is not declared, and null for what there is none of."""

    model_config = ConfigDict(
        extra="forbid",
        use_enum_values=True,
        # An answer always has all of its fields, also those that have a default here.
        json_schema_serialization_defaults_required=True,
    )

    #: Whether what is in this schema's shape stands for a row: see :meth:`mention`.
    stands_for_row: ClassVar[bool] = False

    @classmethod
    def kind_of_shape(cls) -> type[Shape]:
        """What is in this schema's shape is an instance of this."""
        return _shape_of(cls)[0]

    @classmethod
    def mention(cls, row: Any, **values: Any) -> Self:
        """As :meth:`shape`, of something that stands for a row.

        Args:
            row: a shape, or a function that makes it; None where there is none.

        Raises:
            TypeError: where this schema does not say that it stands for a row.
        """
        if not cls.stands_for_row:
            raise TypeError(f"{cls.__name__} does not stand for a row.")
        made: Any = cls.shape(**values)
        if row is not None:
            made.row = row
        return cast(Self, made)

    @classmethod
    def shape(cls, **values: Any) -> Self:
        """Something in this schema's shape, unchecked.

        Args:
            values: a value for each field that has no default. Columns and stored blocks hold an
                empty text where there is none: in a field that may be null, that is null.

        Returns:
            A :class:`Shape`, which reads like an instance and serialises to the same JSON.
        """
        make, defaults, nullable = _shape_of(cls)
        shape = make(defaults, **values)
        for name in nullable:
            if shape[name] == "":
                shape[name] = None
        return cast(Self, shape)


@cache
def _shape_of(schema: type[BaseModel]) -> tuple[type[Shape], dict[str, Any], tuple[str, ...]]:
    """A schema's kind of Shape; its fields in their order with their defaults, where those
    without one hold what no JSON can; and the fields that may be null."""
    fields = schema.model_fields
    # Properties rather than `__getattr__`, which whatever serialises would ask in vain.
    items = {name: property(itemgetter(name)) for name in fields if not hasattr(dict, name)}
    mentioning = tuple(name for name in fields if _may_mention(fields[name].annotation, set()))
    about = {"__slots__": (), "__doc__": schema.__doc__, "mentioning": mentioning}
    make = type(schema.__name__, (Shape,), {**about, **items})
    defaults = {
        name: field.get_default(call_default_factory=True) for name, field in fields.items()
    }
    nullable = (name for name, field in fields.items() if NoneType in get_args(field.annotation))
    return make, defaults, tuple(nullable)


def _may_mention(annotation: Any, seen: set[Any]) -> bool:
    """Whether a value of a type may be, or hold, something that stands for a row."""
    if annotation is Any or annotation is object:
        return True
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation in seen:
            return False
        seen.add(annotation)
        return getattr(annotation, "stands_for_row", False) or any(
            _may_mention(field.annotation, seen) for field in annotation.model_fields.values()
        )
    return any(_may_mention(each, seen) for each in get_args(annotation))
