"""The documentation's examples of the API are true, and leave no endpoint and no error out."""

from __future__ import annotations

import re

import pytest

from tests.docs.examples import PAGE, differences, examples

EXAMPLES = examples()

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def answers(ask_demo) -> list[dict]:
    """What a fresh demo answers to the requests, one after the other."""
    prefix = "/api/v3/regional"
    return ask_demo(
        [
            {"method": each.method, "url": prefix + each.url, "headers": dict(each.headers)}
            for each in EXAMPLES
        ]
    )


def operation_of(path: str, operations: dict[str, dict]) -> str:
    """The path as the OpenAPI document has it; the plain ones come first."""
    for template in sorted(operations, key=lambda each: each.count("{")):
        if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), path):
            return template
    raise AssertionError(f"{path} is no endpoint")


def test_every_request_on_the_page_is_read():
    assert len(EXAMPLES) == PAGE.read_text().count("Answers **") == PAGE.read_text().count("curl")


@pytest.mark.parametrize("number", range(len(EXAMPLES)), ids=[str(each) for each in EXAMPLES])
def test_the_demo_answers_as_shown(answers, number):
    example, answer = EXAMPLES[number], answers[number]
    assert answer["status"] == example.status, answer
    assert answer["headers"].get("Content-Type") == example.media
    assert differences(example.body, answer["body"]) == []


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_curl_and_fetch_ask_for_the_same(example):
    in_js = re.sub(r"\$([A-Z]+)", lambda match: f"${{{match[1].lower()}}}", example.url)
    assert example.fetched == in_js
    assert example.method == "GET" or f'method: "{example.method}"' in example.init
    for name, value in example.headers:
        assert f'"{name}": {value[1:].lower()}' in example.init


def test_every_endpoint_has_an_example(operations):
    shown = {operation_of(each.path, operations) for each in EXAMPLES if each.status == 200}
    assert set(operations) - shown == set()


def test_every_kind_of_answer_has_an_example(operations):
    given = {int(status) for each in operations.values() for status in each["responses"]}
    assert given - {each.status for each in EXAMPLES} == set()
    problems = {each.body["errors"][0]["type"] for each in EXAMPLES if each.status == 422}
    assert {"extra_forbidden", "literal_error", "value_error"} <= problems


def test_examples_are_of_answers_that_the_document_has(operations):
    for each in EXAMPLES:
        assert str(each.status) in operations[operation_of(each.path, operations)]["responses"]


@pytest.mark.parametrize(
    ("shown", "real"),
    [
        ({"a": 1}, {"b": 1}),
        ({"a": 1}, {"a": 2}),
        ({"a": None}, {"a": ""}),
        ({"a": 1}, {"a": True}),
        ([1, 2], [2, 1]),
        ([1], []),
        ([], [1]),
        ("Ran…", "Since 2003"),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}, {"c": 1}]}),
    ],
)
def test_an_answer_that_differs_is_told(shown, real):
    assert differences(shown, real)


@pytest.mark.parametrize(
    ("shown", "real"),
    [
        ({"a": 1}, {"a": 1, "b": 2}),
        ([1, 3], [1, 2, 3]),
        ("Ran…", "Ran until 2013"),
        ([{"a": 1}], [{"a": 2}, {"a": 1, "b": 1}]),
    ],
)
def test_an_answer_that_is_cut_short_fits(shown, real):
    assert differences(shown, real) == []
