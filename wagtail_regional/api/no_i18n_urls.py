"""A URL configuration without language prefixes, for API requests to name as theirs.

Django's LocaleMiddleware turns a 404 into a redirect to the same path below a language, where
Wagtail's catch-all seems to promise a page. A client of the API must get its 404.
"""

urlpatterns: list[object] = []
