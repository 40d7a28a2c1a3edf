from django.apps import AppConfig


class HeadlessConfig(AppConfig):
    name = "example_site.headless"
    label = "headless"
