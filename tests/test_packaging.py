"""What is imported is declared, so that no host lacks it."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parent.parent


def _imported(directory: Path) -> set[str]:
    found = set()
    for path in directory.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {each.name.partition(".")[0] for each in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - {"wagtail_regional"}


def _normal(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", requirement)[0]).lower()


def test_every_import_of_the_package_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"].values()
    declared = {_normal(each) for each in project["dependencies"]}
    declared |= {_normal(each) for extra in extras for each in extra}
    known = packages_distributions()
    # What only a newer Wagtail brings is imported behind a test of its version.
    for module in _imported(ROOT / "wagtail_regional") & known.keys():
        assert {_normal(each) for each in known[module]} & declared, module


def test_no_upper_limit_below_the_next_major_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for each in project["dependencies"]:
        for limit in re.findall(r"<=?([\d.]+)", each):
            assert "." not in limit, each
