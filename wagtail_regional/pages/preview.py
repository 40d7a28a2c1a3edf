"""Previews in a front end of one's own: signed tokens that expire.

The editor's preview panel shows the front end's preview address with a token; the front end
asks the API for the draft with it, and gets the shape that `pages/{id}/` answers.

Of wagtail-headless-preview only its idea is here: its tokens are neither signed nor do they
expire, and what it keeps is the page, to be read anew; we keep the answer.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from wagtail_regional.conf import conf
from wagtail_regional.models import PagePreview
from wagtail_regional.rendering import template_of
from wagtail_regional.schemas.mentions import INCLUDED

#: The name of the preview mode, beside Wagtail's own.
MODE = "regional_front_end"


def _signer() -> signing.TimestampSigner:
    # Not made when this is imported: a build may have no secret.
    return signing.TimestampSigner(salt="wagtail_regional.pages.preview")


class TokenError(ValueError):
    """A preview token that is forged, broken or expired; its text says which."""


def make_token(preview: PagePreview) -> str:
    """A token for one preview, good for ``PREVIEW_SECONDS``."""
    return _signer().sign(str(preview.key))


def read_token(token: str) -> str:
    """The answer that a token is for, as JSON.

    Raises:
        TokenError: when it is not one of ours, or its time is over.
    """
    try:
        key = UUID(_signer().unsign(token, max_age=conf.PREVIEW_SECONDS))
        return PagePreview.objects.get(key=key).answer
    except signing.SignatureExpired as error:
        raise TokenError("This preview has expired. Open it again in the editor.") from error
    except PagePreview.DoesNotExist as error:
        raise TokenError("This preview is gone. Open it again in the editor.") from error
    except (signing.BadSignature, ValueError) as error:
        raise TokenError(
            "This is not the token of a preview. The editor gives one: it is in the address that "
            "its preview panel opens."
        ) from error


def _what(page: Any) -> str:
    """A page; of one that was never saved, what is the same each time it is shown."""
    if page.pk:
        return f"page {page.pk}"
    kind = ContentType.objects.get_for_model(type(page), for_concrete_model=False)
    # Of a path that is long, the end tells enough, and fits in the slot.
    return f"new {kind.pk} below {page.path[: -page.steplen][-60:]}"


def show_in_front_end(page: Any, request: HttpRequest, address: str) -> HttpResponse:
    """The front end's preview of `page`, in a frame.

    Args:
        page: as the editor has it, saved or not.
        request: the preview's own.
        address: of the front end's preview page; the token is added to its query.
    """
    user = getattr(request, "user", None)
    slot = f"user {user.pk if user else None}, {_what(page)}"
    preview = PagePreview.keep(slot, page.read(request).json(include=INCLUDED).decode())
    parts = urlsplit(address)
    given = parse_qsl(parts.query, keep_blank_values=True)
    query = urlencode([*given, ("token", make_token(preview))])
    context = {"address": urlunsplit(parts._replace(query=query)), "page": page}
    template = template_of("wagtail_regional/preview/frame.html")
    response = TemplateResponse(request, template, context)
    response["Cache-Control"] = "private, no-store"
    return response
