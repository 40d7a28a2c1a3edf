"""Run by itself: prints the OpenAPI document of a site that adds blocks of its own by the hook."""

import django
from django.core.management import call_command
from wagtail import blocks, hooks


def our_blocks():
    from wagtail_regional.blocks.base import RegionalStructBlock
    from wagtail_regional.schemas.base import RegionalModel

    class OpeningHours(RegionalModel):
        opens: str
        note: str = ""

    class OpeningHoursBlock(RegionalStructBlock):
        schema = OpeningHours
        opens = blocks.CharBlock()

    return [("opening_hours", OpeningHoursBlock()), ("plain", blocks.CharBlock())]


if __name__ == "__main__":
    hooks.register("register_regional_blocks", our_blocks)
    django.setup()
    call_command("regional_openapi")
