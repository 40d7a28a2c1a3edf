from django.utils.cache import patch_vary_headers

COOKIE = "cookie_notice"


class CookieNoticeMiddleware:
    """Sets ``request.show_cookie_notice``: true until the reader has hidden the notice."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.show_cookie_notice = COOKIE not in request.COOKIES
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            # A cache between us and the reader must not show the one's page to the other.
            patch_vary_headers(response, ["Cookie"])
        return response
