"""Chooser blocks for registry rows, usable in any StreamField."""

from wagtail_regional.admin import choosers

_HERE = "wagtail_regional.blocks.choosers"

OrganisationChooserBlock = choosers.organisation_chooser.get_block_class(
    name="OrganisationChooserBlock", module_path=_HERE
)
AllianceChooserBlock = choosers.alliance_chooser.get_block_class(
    name="AllianceChooserBlock", module_path=_HERE
)
ProjectChooserBlock = choosers.project_chooser.get_block_class(
    name="ProjectChooserBlock", module_path=_HERE
)
ProgrammeChooserBlock = choosers.programme_chooser.get_block_class(
    name="ProgrammeChooserBlock", module_path=_HERE
)
ThemeChooserBlock = choosers.theme_chooser.get_block_class(
    name="ThemeChooserBlock", module_path=_HERE
)
