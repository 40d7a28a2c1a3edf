"""A column with the words of a row, folded: what searching compares with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from django.db import models, transaction
from django.db.models.signals import pre_save

from wagtail_regional.text import words_to_find

#: Counts up whenever another text would be made of the same row: rows with an older one are then
#: made anew after migrating. It stands first in every column, and begins like no word.
VERSION: Final = ":1;"

_AT_ONCE: Final = 500


# Django's class takes no type arguments while the code runs.
if TYPE_CHECKING:
    _TextField = models.TextField[str, str]
else:
    _TextField = models.TextField


class WordsField(_TextField):
    """The words of other columns, as :func:`wagtail_regional.text.words_to_find` folds them, each
    with a space before it.

    It is kept by whatever writes those columns through Django: `save`, `bulk_create`, fixtures,
    and the `update` and `bulk_update` of :class:`WordsQuerySet`. SQL of one's own leaves it as it
    was; :meth:`renew` makes it anew.

    Args:
        sources: the columns whose words it holds: texts, localised or not.
    """

    def __init__(self, *sources: str, **kwargs: Any) -> None:
        self.sources = sources
        kwargs |= {"default": "", "blank": True, "editable": False}
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        """A plain text in migrations: what it holds is none of the database's business."""
        name, _path, _args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", [], kwargs

    def clone(self) -> WordsField:
        return type(self)(*self.sources)

    def contribute_to_class(self, cls: Any, name: str, *args: Any, **kwargs: Any) -> None:
        super().contribute_to_class(cls, name, *args, **kwargs)
        if not cls._meta.abstract:
            # A fixture is saved as it is, without `pre_save` of fields.
            pre_save.connect(self._before_save, sender=cls, weak=False)

    def _before_save(self, instance: Any, raw: bool, **kwargs: Any) -> None:
        if raw:
            setattr(instance, self.attname, self.made_of(instance))

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        text = self.made_of(model_instance)
        setattr(model_instance, self.attname, text)
        return text

    def made_of(self, row: models.Model) -> str:
        """The text that belongs to a row."""
        return " ".join((VERSION, *words_to_find(self._texts(row))))

    def _texts(self, row: models.Model) -> Iterable[str]:
        for source in self.sources:
            value = getattr(row, source) or ""
            yield from (
                (str(each) for each in value.values())
                if isinstance(value, Mapping)
                else (str(value),)
            )

    def with_own_name(self, names: Iterable[str]) -> set[str]:
        """`names` of columns that are written, with this one where it follows from them."""
        names = set(names)
        return names | {self.name} if names & set(self.sources) else names

    def renew(self, rows: models.QuerySet[Any]) -> int:
        """Make the text of `rows` anew where it is another.

        Returns:
            How many rows were written.
        """
        changed = 0
        writing: models.QuerySet[Any] = models.QuerySet(rows.model, using=rows.db)
        for start in range(0, len(keys := list(rows.values_list("pk", flat=True))), _AT_ONCE):
            some = writing.filter(pk__in=keys[start : start + _AT_ONCE])
            stale = []
            for row in some.only("pk", self.name, *self.sources):
                if getattr(row, self.attname) != (text := self.made_of(row)):
                    setattr(row, self.attname, text)
                    stale.append(row)
            writing.bulk_update(stale, [self.name])
            changed += len(stale)
        return changed


def words_field(model: type[models.Model]) -> WordsField | None:
    """The column of words of a model, where it has one."""
    return next((each for each in model._meta.fields if isinstance(each, WordsField)), None)


class WordsQuerySet(models.QuerySet[Any]):
    """Keeps the words of rows when many are written at once."""

    def update(self, **kwargs: Any) -> int:
        field = words_field(self.model)
        if field is None or not kwargs.keys() & set(field.sources):
            return super().update(**kwargs)
        self._for_write = True
        with transaction.atomic(using=self.db, savepoint=False):
            # Which rows they are must be known before: the filter may find others afterwards.
            keys = list(self.order_by().values_list("pk", flat=True))
            written = super().update(**kwargs)
            field.renew(models.QuerySet(self.model, using=self.db).filter(pk__in=keys))
        return written

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_update(self, objs: Any, fields: Any, batch_size: int | None = None) -> int:
        field = words_field(self.model)
        if field is not None and set(fields) & set(field.sources):
            objs, fields = tuple(objs), [*fields, field.name]
            for row in objs:
                setattr(row, field.attname, field.made_of(row))
        return super().bulk_update(objs, fields, batch_size)

    bulk_update.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(
        self,
        objs: Any,
        batch_size: int | None = None,
        ignore_conflicts: bool = False,
        update_conflicts: bool = False,
        update_fields: Any = None,
        unique_fields: Any = None,
    ) -> Any:
        field = words_field(self.model)
        if field is not None and update_fields:
            update_fields = list(field.with_own_name(update_fields))
        return super().bulk_create(
            objs, batch_size, ignore_conflicts, update_conflicts, update_fields, unique_fields
        )

    bulk_create.alters_data = True  # type: ignore[attr-defined]
