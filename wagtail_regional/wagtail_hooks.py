from typing import Any

from wagtail import hooks
from wagtail_modeladmin.options import modeladmin_register

from wagtail_regional.admin import review
from wagtail_regional.admin.choosers import ALL_CHOOSERS
from wagtail_regional.admin.screens import RegionalGroup

modeladmin_register(RegionalGroup)


@hooks.register("register_admin_viewset")
def register_choosers() -> tuple[Any, ...]:
    return ALL_CHOOSERS


hooks.register("register_admin_urls", review.admin_urls)
hooks.register("register_reports_menu_item", review.menu_item)
hooks.register("construct_homepage_panels", review.add_home_panel)
hooks.register("register_log_actions", review.register_log_action)
