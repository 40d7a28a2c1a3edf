from typing import Any

from wagtail import hooks
from wagtail_modeladmin.options import modeladmin_register

from wagtail_regional.admin.choosers import ALL_CHOOSERS
from wagtail_regional.admin.screens import RegionalGroup

modeladmin_register(RegionalGroup)


@hooks.register("register_admin_viewset")
def register_choosers() -> tuple[Any, ...]:
    return ALL_CHOOSERS
