"""Which stored addresses go out as links."""

from __future__ import annotations

import pytest

from tests.conftest import block, fill
from wagtail_regional import models as m
from wagtail_regional.addresses import is_http, safe_links, web_address

BAD = [
    "javascript:alert('BADMARK')",
    "JaVaScRiPt:alert('BADMARK')",
    " javascript:alert('BADMARK')",
    "\x01javascript:alert('BADMARK')",
    "java\nscript:alert('BADMARK')",
    "java\tscript:alert('BADMARK')",
    "javascript://x/%0aalert('BADMARK')",
    "data:text/html,BADMARK",
    "vbscript:BADMARK",
    "https:BADMARK",
    "//BADMARK.example",
    "http://[BADMARK",
    "file:///BADMARK",
    "ftp://BADMARK.example/",
    "\u200bjavascript:BADMARK",
]


@pytest.mark.parametrize("url", BAD)
def test_only_web_addresses_are_links(url):
    assert not is_http(url) and web_address(url) == ""


@pytest.mark.parametrize("url", ["http://a.example", "HTTPS://a.example/é?q=1#x", " https://a.b "])
def test_web_addresses_are(url):
    assert web_address(url) == url.strip()


@pytest.mark.parametrize("url", BAD[:9])
@pytest.mark.parametrize("form", ['<a href="{}">x</a>', "<A class=b HREF = '{}' >x</a>"])
def test_links_of_a_rich_text_are_looked_at(url, form):
    if "'" in form:
        url = url.replace("'", "")
    assert "BADMARK" not in safe_links(form.format(url))
    assert "BADMARK" not in safe_links(
        form.format(url.replace("a", "&#97;").replace(":", "&colon;"))
    )


@pytest.mark.parametrize(
    "html",
    [
        '<p>1 < 2 <a href="https://a.example/?a=1&amp;b=2">x</a></p>',
        '<a href="mailto:a@b.example">x</a>',
        '<a href="tel:+31">x</a>',
        '<a href="/en/x/#y">x</a> <a href="#y">x</a> <a data-href="javascript:">x</a>',
    ],
)
def test_good_links_stay(html):
    assert safe_links(html) == html


URL_FIELDS = [
    (model, field.name)
    for model in (m.Organisation, m.Alliance, m.Project, m.Programme, m.Recognition)
    for field in model._meta.fields
    if type(field).__name__ == "URLField"
] + [(m.ProgrammeAccess, "enrolment_link")]


@pytest.mark.parametrize("url", BAD[:5] + BAD[7:9])
def test_what_is_in_the_database_already_does_not_go_out(
    site, full_page, client, admin_client, url
):
    for model, name in URL_FIELDS:
        model.objects.update(**{name: url})
    rich = f'<p><a href="{url}">x</a></p>'
    alliance = m.Alliance.objects.filter(memberships__isnull=False).first()
    blocks = [
        block("alliance", {"alliance": alliance.pk, "show": ["members", "timeline"], "text": rich}),
        block("timeline", {"alliance": alliance.pk, "events": []}),
        block("project_list", {"source": "alliance", "alliance": alliance.pk}),
        block("programme_list", {"source": "query", "maximum": 5}),
        block("partner_map", {"source": "alliance", "alliance": alliance.pk}),
        block("recognitions", {"alliances": [alliance.pk]}),
        block("rich_text", rich),
        block("faq", {"items": [{"question": "q", "answer": rich}]}),
        block("quote", {"text": "q", "source_url": url, "url": url}),
        block("related_links", {"links": [{"text": "t", "url": url}]}),
        block("call_to_action", {"text": rich, "links": [{"text": "t", "url": url}]}),
        block("embed", {"url": url}),
        block(
            "facts", {"facts": [{"count": "own", "number": "3", "label": "l", "source_url": url}]}
        ),
    ]
    page = fill(full_page, blocks)
    assert client.get(page.url).status_code == 200
    base = _api(client)
    answers = [client.get(page.url)]
    kinds = ("organisations", "alliances", "projects", "programmes")
    for path in (*(f"{kind}/" for kind in kinds), "organisations.geojson", "network/", "pages/"):
        answers.append(client.get(base + path))
    for kind in kinds:
        for item in client.get(f"{base}{kind}/").json()["items"]:
            answers.append(client.get(f"{base}{kind}/{item['id']}/"))
    answers.append(client.get(f"{base}pages/{page.pk}/"))
    for answer in answers:
        assert answer.status_code == 200, answer.request["PATH_INFO"]
        assert b"BADMARK" not in answer.content, answer.request["PATH_INFO"]
    # In the admin it is text, for who is to put it right, and no link.
    for row in (alliance, m.Organisation.objects.first()):
        name = f"/admin/wagtail_regional/{row._meta.model_name}/inspect/{row.pk}/"
        html = admin_client.get(name).content.decode()
        assert "BADMARK" not in "".join(part.split(">")[0] for part in html.split("href=")[1:])


def _api(client) -> str:
    found = "/api/v3/regional/"
    return found if client.get(f"{found}alliances/").status_code == 200 else "/api/regional/"
