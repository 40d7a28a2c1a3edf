"""Chooser blocks for registry rows, usable in any StreamField."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wagtail_regional.blocks.freezing import Freezes
from wagtail_regional.choosers import viewsets as choosers
from wagtail_regional.choosers.keys import valid_key

# For type checkers: these classes are made when this is run.
_organisation_chooser: Any = choosers.organisation_chooser.get_block_class()
_alliance_chooser: Any = choosers.alliance_chooser.get_block_class()
_project_chooser: Any = choosers.project_chooser.get_block_class()
_programme_chooser: Any = choosers.programme_chooser.get_block_class()
_theme_chooser: Any = choosers.theme_chooser.get_block_class()


class Named(Freezes):
    """A page is found by the names of what it shows, in every language.

    What is no key of a row, posted or stored, is no row: Wagtail's own blocks ask the database for
    whatever they are given, which raises.
    """

    model_class: Any

    def value_from_form(self, value: Any) -> Any:
        return super().value_from_form(self._key(value))

    def to_python(self, value: Any) -> Any:
        return super().to_python(self._key(value))

    def bulk_to_python(self, values: Sequence[Any]) -> Any:
        return super().bulk_to_python([self._key(each) for each in values])

    def _key(self, value: Any) -> Any:
        if value is None or isinstance(value, self.model_class):
            return value
        return valid_key(self.model_class, value)

    def get_searchable_content(self, value: Any) -> list[str]:
        return [value.search_text] if value is not None else []


class OrganisationChooserBlock(Named, _organisation_chooser):
    """Chooses an organisation."""


class AllianceChooserBlock(Named, _alliance_chooser):
    """Chooses an alliance."""


class ProjectChooserBlock(Named, _project_chooser):
    """Chooses a project."""


class ProgrammeChooserBlock(Named, _programme_chooser):
    """Chooses a programme."""


class ThemeChooserBlock(Named, _theme_chooser):
    """Chooses a theme."""
