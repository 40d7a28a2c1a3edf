"""How our blocks stand in a host's own migrations: a site made on the spot, in processes of its
own, which makes migrations, changes our words, moves our modules and does without the package."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

SETTINGS = """
from tests.settings import *
INSTALLED_APPS = ["hostapp", *INSTALLED_APPS]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DIRECTORY + "/db.sqlite3"}}
"""

MODELS = """
from django.db import models
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail_regional import blocks as ours

class HostPage(models.Model):
    everything = StreamField(ours.RegionalStreamBlock(), blank=True)
    some = StreamField([
        ("alliance", ours.AllianceBlock()),
        ("organisation", ours.OrganisationChooserBlock(help_text="Whose?")),
        ("several", blocks.ListBlock(ours.ThemeChooserBlock())),
        ("section", blocks.StructBlock([
            ("own", ours.RegionalStreamBlock()),
            ("fact", ours.FactBlock()),
            ("link", ours.LinkBlock(required=False)),
        ])),
    ], blank=True)
"""

#: A data migration that reads every value natively, and writes it back.
DATA = """
from django.db import migrations

def touch(value):
    # What a migration may do: go through all of it.
    if hasattr(value, "bound_blocks"):
        children = value.bound_blocks
        children = children.values() if hasattr(children, "values") else children
        for child in children:
            touch(child.value)
    elif isinstance(value, list) or hasattr(value, "stream_block"):
        for child in value:
            touch(getattr(child, "value", child))

def run(apps, schema_editor):
    for page in apps.get_model("hostapp", "HostPage").objects.all():
        touch(page.everything)
        touch(page.some)
        page.save()

class Migration(migrations.Migration):
    dependencies = [("hostapp", "0001_initial")]
    operations = [migrations.RunPython(run, migrations.RunPython.noop)]
"""

#: Other words, another language, other modules.
CHANGED = """
import sys, types
from django.utils.functional import Promise
import wagtail_regional.blocks as ours
from wagtail import blocks

seen = set()
def change(block):
    if id(block) in seen:
        return
    seen.add(id(block))
    block._constructor_args[1].update(label="CHANGED")
    if "help_text" in block._constructor_args[1]:
        block._constructor_args[1]["help_text"] = "CHANGED"
    kwargs = getattr(block, "_constructor_kwargs", None)
    if kwargs is not None and "choices" in kwargs:
        kwargs["choices"] = [("x", "CHANGED")]
    for child in getattr(block, "child_blocks", {}).values():
        change(child)
    if hasattr(block, "child_block"):
        change(block.child_block)

for kind in vars(ours).values():
    if isinstance(kind, type) and issubclass(kind, blocks.Block):
        kind.__module__ = "moved.elsewhere"
        for child in getattr(kind, "base_blocks", {}).values():
            change(child)
"""

WITHOUT = """
import sys
class Gone:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "wagtail_regional":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Gone())
from django.conf import settings
settings.configure(INSTALLED_APPS=[
    "wagtail.images", "wagtail.documents", "wagtail.embeds", "wagtail.admin", "wagtail.users",
    "wagtail", "taggit", "modelcluster", "django.contrib.auth", "django.contrib.contenttypes",
], DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", STATIC_URL="/static/")
import django; django.setup()
import importlib
module = importlib.import_module("hostapp.migrations.0001_initial")
from django.db.migrations.state import ProjectState
state = ProjectState()
for operation in module.Migration.operations:
    operation.state_forwards("hostapp", state)
fields = state.models["hostapp", "hostpage"].fields
assert "alliance" in fields["everything"].stream_block.child_blocks
"""


class Host:
    """A host's app, in a directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        app = directory / "hostapp"
        (app / "migrations").mkdir(parents=True)
        for name in ("", "migrations"):
            (app / name / "__init__.py").touch()
        (app / "models.py").write_text(MODELS)
        (directory / "host_settings.py").write_text(f"DIRECTORY = {str(directory)!r}\n{SETTINGS}")

    @property
    def migrations(self) -> Path:
        return self.directory / "hostapp" / "migrations"

    def run(self, script: str, settings: str = "host_settings") -> subprocess.CompletedProcess:
        path = os.pathsep.join([str(self.directory), str(ROOT)])
        return subprocess.run(
            [sys.executable, "-c", script],
            cwd=self.directory,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": settings, "PYTHONPATH": path},
            capture_output=True,
            text=True,
        )

    def make(self, *arguments: str, before: str = "", language: str = "en") -> str:
        done = self.run(
            "import django; django.setup()\n"
            f"{before}\n"
            "from django.utils import translation\n"
            f"translation.activate({language!r})\n"
            "from django.core.management import call_command\n"
            f"call_command('makemigrations', 'hostapp', *{arguments!r})\n"
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def host(tmp_path_factory) -> Host:
    host = Host(tmp_path_factory.mktemp("host"))
    host.make()
    return host


def test_a_migration_names_wagtails_classes_and_no_words_of_ours(host):
    [migration] = host.migrations.glob("0001_*.py")
    text = migration.read_text()
    assert "wagtail_regional" not in text
    told = {node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)}
    told = {each for each in told if isinstance(each, str)}
    assert not {each for each in told if " " in each}
    assert not {"help_text", "icon", "template", "group"} & told
    paths = {each for each in told if each.startswith("wagtail.")}
    assert paths and all(path.startswith("wagtail.blocks.") for path in paths)


@pytest.mark.parametrize(
    ("before", "language"),
    [
        ("", "en"),
        pytest.param("", "nl", marks=pytest.mark.slow),
        pytest.param(CHANGED, "en", marks=pytest.mark.slow),
    ],
    ids=["same", "Dutch", "changed"],
)
def test_no_word_or_module_of_ours_makes_another(host, before, language):
    assert "No changes" in host.make("--check", before=before, language=language)


@pytest.mark.slow
def test_a_migration_is_read_without_the_package(host):
    done = host.run(WITHOUT, settings="")
    assert done.returncode == 0, done.stderr


def test_a_hosts_data_migration_keeps_what_is_stored(host):
    (host.migrations / "0002_data.py").write_text(DATA)
    try:
        done = host.run(KEEP)
    finally:
        (host.migrations / "0002_data.py").unlink()
    assert done.returncode == 0, done.stdout + done.stderr


#: Every block, with what is chosen in it gone, as a host's row may be years later.
KEEP = """
import json
import django; django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", "hostapp", "0001", verbosity=0)

def item(kind, value, id):
    return {"type": kind, "value": value, "id": f"00000000-0000-4000-8000-{id:012}"}

def rows(values, start):
    return [item("item", value, start + i) for i, value in enumerate(values)]

LINK = {"text": "There", "page": 901, "document": None, "url": ""}
RICH = '<p data-block-key="a1">See <a linktype="page" id="901">this</a></p>'
PORTRAIT = {"image": 902, "decorative": False, "alt_text": "Somebody"}
FACT = {"label": "l", "count": "", "alliance": None, "value": "3", "as_of": "2026-01-01",
        "source_text": "", "source_url": "https://example.org"}
EVERYTHING = [
    item("alliance", {"alliance": 903, "heading": "H", "text": RICH, "image": PORTRAIT,
                      "show": ["members"], "show_as_history": True, "links": rows([LINK], 50)}, 1),
    item("programme_list", {"heading": "", "introduction": RICH, "source": "picked",
                            "alliance": None, "types": [], "levels": ["master"],
                            "languages": "nl, en", "theme": 904, "provider": 905,
                            "programmes": rows([906, 907], 60), "audience": None,
                            "order": "given", "maximum": None, "show_filters": True,
                            "empty_text": ""}, 2),
    item("partner_grid", {"heading": "", "alliance": None, "organisations": rows([908], 70)}, 3),
    item("project_list", {"heading": "", "alliance": 909, "projects": [], "show_ended": False}, 4),
    item("timeline", {"heading": "", "alliance": None,
                      "events": rows([{"date": "2014-02", "title": "T", "text": RICH}], 80)}, 5),
    item("facts", {"heading": "", "facts": rows([FACT], 90)}, 6),
    item("recognitions", {"heading": "", "alliances": rows([910, None], 100)}, 7),
    item("heading", {"text": "Words", "level": "3"}, 8),
    item("rich_text", RICH, 9),
    item("quote", {"text": "Q", "name": "", "role": "", "image": 911}, 10),
    item("image", {"image": PORTRAIT, "caption": "", "credit": ""}, 11),
    item("document", 912, 12),
    item("embed", {"url": "https://example.org/video", "caption": ""}, 13),
    item("call_to_action", {"heading": "H", "audience": "", "text": RICH, "link": LINK}, 14),
]
SOME = [
    item("alliance", EVERYTHING[0]["value"], 20),
    item("organisation", 913, 21),
    item("several", rows([914, 915], 110), 22),
    item("section", {"own": EVERYTHING, "fact": FACT, "link": LINK}, 23),
]
before = (json.dumps(EVERYTHING), json.dumps(SOME))
with connection.cursor() as cursor:
    cursor.execute("INSERT INTO hostapp_hostpage (everything, some) VALUES (%s, %s)", before)
call_command("migrate", "hostapp", "0002", verbosity=0)
with connection.cursor() as cursor:
    cursor.execute("SELECT everything, some FROM hostapp_hostpage")
    [after] = cursor.fetchall()
assert [json.loads(each) for each in after] == [EVERYTHING, SOME], after
assert after == before, after
"""
