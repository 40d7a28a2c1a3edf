from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegionalPagesConfig(AppConfig):
    name = "wagtail_regional.pages"
    # Not "pages": many a site has an app of that name.
    label = "wagtail_regional_pages"
    verbose_name = _("Regional pages")
    default_auto_field = "django.db.models.BigAutoField"
