"""Chooser blocks for registry rows, usable in any StreamField."""

from typing import Any

from wagtail_regional.admin import choosers
from wagtail_regional.blocks.freezing import Freezes


class Named(Freezes):
    """A page is found by the names of what it shows, in every language."""

    def get_searchable_content(self, value: Any) -> list[str]:
        return [value.search_text] if value is not None else []


class OrganisationChooserBlock(Named, choosers.organisation_chooser.get_block_class()):
    """Chooses an organisation."""


class AllianceChooserBlock(Named, choosers.alliance_chooser.get_block_class()):
    """Chooses an alliance."""


class ProjectChooserBlock(Named, choosers.project_chooser.get_block_class()):
    """Chooses a project."""


class ProgrammeChooserBlock(Named, choosers.programme_chooser.get_block_class()):
    """Chooses a programme."""


class ThemeChooserBlock(Named, choosers.theme_chooser.get_block_class()):
    """Chooses a theme."""
