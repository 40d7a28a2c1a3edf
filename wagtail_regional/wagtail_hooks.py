from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static
from wagtail_modeladmin.options import modeladmin_register

from wagtail_regional.admin import history, imports, review
from wagtail_regional.admin.screens import RegionalGroup
from wagtail_regional.choosers.viewsets import ALL_CHOOSERS


@modeladmin_register
class RegionalMenu(imports.ImportMenu, RegionalGroup):
    """The registry's screens, and the imports below them."""


def register_choosers() -> tuple[Any, ...]:
    return ALL_CHOOSERS


def admin_css() -> SafeString:
    return format_html(
        '<link rel="stylesheet" href="{}">', versioned_static("wagtail_regional/admin.css")
    )


hooks.register("register_admin_urls", imports.import_urls)
hooks.register("register_admin_urls", review.admin_urls)
hooks.register("register_reports_menu_item", review.menu_item)
hooks.register("construct_homepage_panels", review.add_home_panel)
hooks.register("register_log_actions", history.register_actions)
hooks.register("register_log_actions", imports.register_import_actions)
hooks.register("register_log_actions", review.register_log_action)
hooks.register("register_admin_viewset", register_choosers)
hooks.register("insert_global_admin_css", admin_css)
