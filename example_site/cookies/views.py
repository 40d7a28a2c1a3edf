from django.http import HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from .middleware import COOKIE

HALF_A_YEAR = 60 * 60 * 24 * 182


# Without CSRF protection on purpose: a token in the form would give every reader a cookie
# before they have answered, and all that another site could do here is hide a notice.
@csrf_exempt
@require_POST
def hide_notice(request):
    """Remember that the reader has seen the notice, and return them to where they were."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = HttpResponseRedirect(target)
    response.set_cookie(
        COOKIE,
        "hidden",
        max_age=HALF_A_YEAR,
        httponly=True,
        secure=request.is_secure(),
        samesite="Lax",
    )
    return response
