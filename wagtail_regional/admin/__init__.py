"""The registry in Wagtail's admin: screens and choosers."""
