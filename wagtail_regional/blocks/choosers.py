"""Chooser blocks for registry rows, usable in any StreamField."""

from typing import Any

from wagtail_regional.blocks.freezing import Freezes
from wagtail_regional.choosers import viewsets as choosers

# For type checkers: these classes are made when this is run.
_organisation_chooser: Any = choosers.organisation_chooser.get_block_class()
_alliance_chooser: Any = choosers.alliance_chooser.get_block_class()
_project_chooser: Any = choosers.project_chooser.get_block_class()
_programme_chooser: Any = choosers.programme_chooser.get_block_class()
_theme_chooser: Any = choosers.theme_chooser.get_block_class()


class Named(Freezes):
    """A page is found by the names of what it shows, in every language."""

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
