"""What an editor would put into a site, as code for ``manage.py shell``."""

from __future__ import annotations

#: The facts: an alliance with two members and a programme.
FACTS = """
from wagtail_regional import models as registry

leiden = registry.Organisation.objects.create(
    name={"en": "Leiden University", "nl": "Universiteit Leiden"}, type="education"
)
delft = registry.Organisation.objects.create(name={"en": "TU Delft"}, type="education")
alliance = registry.Alliance.objects.create(
    name={"en": "Medical Delta"}, type="alliance", starts="2014-02"
)
for organisation in (leiden, delft):
    registry.Membership.objects.create(alliance=alliance, organisation=organisation)
minor = registry.Programme.objects.create(name={"en": "Minor in water"}, type="minor")
minor.alliances.add(alliance)
minor.save()
registry.ProgrammeProvider.objects.create(programme=minor, organisation=leiden)
"""

#: A section below `home`, in a function of its own: a shell's `exec` knows no other scope.
SECTION = """
import json

from wagtail.models import Page

def block(kind, **value):
    return {"type": kind, "value": value}

def stream(*blocks):
    return json.dumps(blocks)

def add(parent, model, title, **fields):
    page = model(
        title=title, slug=title.lower().replace(" ", "-"), locale=parent.locale, **fields
    )
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page

def section(home, alliance):
    region = add(home, RegionIndexPage, "Region", introduction="What we do nearby.")
    about = add(
        region,
        PartnershipPage,
        "Medical Delta",
        subject=alliance,
        body=stream(
            block("alliance", alliance=alliance.pk, show=["members", "programmes"]),
            block("programme_list", source="alliance", alliance=alliance.pk, order="name"),
            block("partner_map", heading="Where", alliance=alliance.pk),
        ),
    )
    add(region, ProgrammeIndexPage, "Programmes")
    mention = add(
        region,
        PartnershipPage,
        "Partnerships",
        body=stream(block("alliance", alliance=alliance.pk, show=["members"])),
    )
    return region, about, mention
"""

PAGES = """
from wagtail_regional.pages.models import PartnershipPage, ProgrammeIndexPage, RegionIndexPage
"""

#: Facts, and a section about them on the default site.
ALL = f"""{PAGES}{FACTS}{SECTION}
home = Page.objects.get(depth=2).specific
section(home, alliance)
"""

#: A home page that leads to what is below it, for a site that has no menu.
HOME_TEMPLATE = """\
{% extends "base.html" %}
{% load wagtailcore_tags %}
{% block content %}
<ul>{% for child in page.get_children.live %}<li><a href="{% pageurl child %}">{{ child }}</a></li>{% endfor %}</ul>
{% endblock %}
"""
