from typing import Any

from wagtail import hooks
from wagtail_modeladmin.options import modeladmin_register

from wagtail_regional.admin.choosers import ALL_CHOOSERS
from wagtail_regional.admin.imports import ImportMenu, import_urls, register_import_actions
from wagtail_regional.admin.screens import RegionalGroup


@modeladmin_register
class RegionalMenu(ImportMenu, RegionalGroup):
    """The registry's screens, and the imports below them."""


@hooks.register("register_admin_urls")
def register_imports() -> list[Any]:
    return import_urls()


hooks.register("register_log_actions", register_import_actions)


@hooks.register("register_admin_viewset")
def register_choosers() -> tuple[Any, ...]:
    return ALL_CHOOSERS
