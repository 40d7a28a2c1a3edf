"""Run by itself, with the example site's settings: answers requests from a loaded demo.

Reads a list of requests as JSON, `{"method": ..., "url": ..., "headers": {...}}`, and prints the
answers. In a request stand `$PAGE` for the id of the first page listed just before, `$ETAG` for the
ETag of the answer before, and `$TOKEN` for the token of an editor's preview.
"""

from __future__ import annotations

import json
import os
import re
import sys
from typing import Any

import django

#: Where the documentation says the demo is, so that addresses in answers are the same.
HOST = "localhost:8000"


def main() -> None:
    os.environ |= {"PORT": "8000", "BASE_URL": f"http://{HOST}"}
    django.setup()
    print(json.dumps(answers(json.load(sys.stdin))))


def answers(requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    from django.test import Client

    client, found, names = Client(), [], {"TOKEN": token()}
    for request in requests:
        url = filled(request["url"], names)
        headers = {name: filled(value, names) for name, value in request["headers"].items()}
        response = client.generic(
            request.get("method", "GET"), url, headers={"Host": HOST, **headers}
        )
        is_json = "json" in response.get("Content-Type", "")
        body = response.json() if is_json and response.content else None
        found.append(
            {"status": response.status_code, "headers": dict(response.headers), "body": body}
        )
        names["ETAG"] = response.get("ETag", names.get("ETAG", ""))
        if "/pages/?" in url and body and body.get("items"):
            names["PAGE"] = str(body["items"][0]["id"])
    return found


def filled(text: str, names: dict[str, str]) -> str:
    return re.sub(r"\$([A-Z]+)", lambda match: names[match[1]], text)


def token() -> str:
    """Of a preview of the page about Medical Delta, as it is."""
    from wagtail_regional.models import PagePreview
    from wagtail_regional.pages.models import PartnershipPage
    from wagtail_regional.pages.preview import make_token

    page = PartnershipPage.objects.get(slug="medical-delta", locale__language_code="en")
    return make_token(PagePreview.keep("documentation", page.read(None).json().decode()))


if __name__ == "__main__":
    main()
