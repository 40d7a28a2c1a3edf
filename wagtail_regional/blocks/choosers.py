"""Chooser blocks for registry rows, usable in any StreamField."""

from wagtail_regional.admin import choosers
from wagtail_regional.blocks.freezing import Freezes


class OrganisationChooserBlock(Freezes, choosers.organisation_chooser.get_block_class()):
    """Chooses an organisation."""


class AllianceChooserBlock(Freezes, choosers.alliance_chooser.get_block_class()):
    """Chooses an alliance."""


class ProjectChooserBlock(Freezes, choosers.project_chooser.get_block_class()):
    """Chooses a project."""


class ProgrammeChooserBlock(Freezes, choosers.programme_chooser.get_block_class()):
    """Chooses a programme."""


class ThemeChooserBlock(Freezes, choosers.theme_chooser.get_block_class()):
    """Chooses a theme."""
