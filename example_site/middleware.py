from django.middleware import locale


class LocaleMiddleware(locale.LocaleMiddleware):
    """Django's, without the redirect where a view has answered “not found” itself.

    Django looks whether an address that gives 404 exists below a language. As Wagtail takes
    any address below /en/ for a page's, all of them do, and a program that asks the API for
    something that is not there would be sent to /en/api/... in place of the API's own answer.
    """

    def process_response(self, request, response):
        if response.status_code == 404 and request.resolver_match is not None:
            return response
        return super().process_response(request, response)
