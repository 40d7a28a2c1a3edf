from django.apps import AppConfig


class CustomSiteConfig(AppConfig):
    name = "tests.customsite"
    label = "customsite"
    default_auto_field = "django.db.models.BigAutoField"
