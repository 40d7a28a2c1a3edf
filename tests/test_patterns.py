"""Digits and letters are those of ASCII, unless somebody says that others are meant.

Python takes the digits of all scripts for ``\\d`` and `isdigit`, and lets the long s pass for s and
the sign of kelvin for k where case is ignored: what is stored then is no number, code or address.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

import wagtail_regional
from wagtail_regional import factories as f
from wagtail_regional.models import OrganisationIdentifier, canonical_ror_id

PACKAGE = Path(wagtail_regional.__file__).parent

#: Where letters of any script are meant, by what the pattern has in it, and why.
ANY_SCRIPT = {
    ("freshness/statements.py", "(?<!\\w)(?:"): "names of a host's tables",
    ("imports/web_addresses.py", "[^\\W_]"): "names of hosts in any script (IDNA)",
    ("imports/plain_text.py", "(?<!\\w)"): "words around marks of Markdown",
    ("imports/formats/csv_files.py", "\\w+"): "words to see an encoding by",
    ("imports/formats/raw_tables.py", "\\.\\w+$"): "the ending of a file's name",
    ("freshness/statements.py", "(\\w+)"): "words of SQL and names of tables",
    ("freshness/statements.py", '["`]\\w+'): "names of tables",
    ("addresses.py", "(?<![\\w-])"): "what is part of a longer name of an attribute",
}
#: Patterns that are bytes, and given by a variable.
BYTES = {("imports/formats/signatures.py", "begins")}

_TAKES_PATTERNS = {
    *("compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"),
    *("RegexValidator", "RegexBlock", "RegexField"),
}


def _patterns(tree: ast.AST) -> Iterator[tuple[ast.Call, str, str]]:
    """Each call that is given a pattern, with the pattern and the rest of what it is given."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        function = node.func
        name = getattr(function, "attr", getattr(function, "id", ""))
        of_re = isinstance(function, ast.Attribute) and ast.unparse(function.value) == "re"
        if name in _TAKES_PATTERNS and (of_re or not isinstance(function, ast.Attribute)):
            pattern = "".join(
                each.value
                for each in ast.walk(node.args[0])
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            )
            rest = [ast.unparse(each) for each in (*node.args[1:], *node.keywords)]
            yield node, pattern, " ".join(rest)
        elif name in _TAKES_PATTERNS and name.startswith("Regex"):
            yield node, str(getattr(node.args[0], "value", "")), ""


def _faults(path: str, source: str) -> Iterator[str]:
    tree = ast.parse(source)
    for node, pattern, rest in _patterns(tree):
        if fault := _fault_of(path, node, pattern, rest):
            yield f"{path}:{node.lineno}: {pattern or ast.unparse(node)} {fault}"
    for node in ast.walk(tree):
        name = node.attr if isinstance(node, ast.Attribute) and path != "text.py" else ""
        if name in ("isdigit", "isdecimal", "isnumeric"):
            yield f"{path}:{getattr(node, 'lineno', 0)}: use wagtail_regional.text.is_digits"


def _fault_of(path: str, node: ast.Call, pattern: str, rest: str) -> str:
    given = node.args[0]
    of_bytes = isinstance(getattr(given, "value", ""), bytes) or (path, ast.unparse(given)) in BYTES
    if of_bytes or "ASCII" in rest or "_NO_CASE" in rest:
        return ""
    any_script = any(path == file and part in pattern for file, part in ANY_SCRIPT)
    if "\\d" in pattern.replace("\\W\\d", ""):
        return "takes digits of any script"
    if "\\w" in pattern.lower() and not any_script:
        return "takes letters of any script"
    if ("IGNORECASE" in rest or "re.I" in rest or "(?i" in pattern) and not any_script:
        return "ignores the case of letters of any script"
    return ""


def test_no_pattern_takes_what_looks_like_a_digit_or_letter():
    faults = [
        fault
        for path in sorted(PACKAGE.rglob("*.py"))
        for fault in _faults(path.relative_to(PACKAGE).as_posix(), path.read_text())
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "source",
    [
        'import re\nre.compile(r"\\d+")',
        'import re\nre.match("[a-z]", text, re.IGNORECASE)',
        'import re\nre.sub("(?i)a", "", text)',
        'RegexValidator(r"^\\d$")',
        "blocks.RegexBlock(r'^\\d$')",
        "text.isdigit()",
    ],
)
def test_the_scan_finds_them(source):
    assert list(_faults("x.py", source))


@pytest.mark.parametrize("text", ["0ſ7bh9e22", "027bh9e٢٢", "0\u212a7bh9e22", "027bh9e22\n\n1"])
def test_an_ror_id_is_of_ascii(db, text):
    with pytest.raises(ValidationError):
        canonical_ror_id(text)
    with pytest.raises(ValidationError):
        f.OrganisationFactory.build(ror_id=text).full_clean()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("duration", "P٢Y"),
        ("isced_fields", ["09١٢"]),
        ("teaching_languages", ["es-٤١٩"]),
    ],
)
def test_codes_of_programmes_are_of_ascii(db, name, value):
    with pytest.raises(ValidationError) as caught:
        f.ProgrammeFactory.build(**{name: value}).full_clean()
    assert name in caught.value.message_dict


@pytest.mark.parametrize("scheme", ["kvk", "brin", "grid", "wikidata", "isni", "lei", "schac_home"])
@pytest.mark.parametrize("value", ["²²²²²²²²", "٢٧٣٦٨٩٢٩", "Q٤٢", "①②③④"])
def test_identifiers_in_known_schemes_are_of_ascii(db, scheme, value):
    with pytest.raises(ValidationError):
        OrganisationIdentifier(scheme=scheme, value=value).clean()


def test_identifiers_in_other_schemes_are_in_any_script(db):
    OrganisationIdentifier(scheme="other", value="٢٧").clean()
