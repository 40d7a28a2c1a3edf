"""Text is normalised by one rule, for every script."""

import pytest

from wagtail_regional.text import has_control, normal_text, without_control


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("  Leiden   University ", "Leiden University"),
        ("Leiden\u200bUniversity\ufeff", "LeidenUniversity"),
        ("Leiden\u00a0University", "Leiden University"),
        ("Leiden\r\nUniversity", "Leiden University"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("\u1100\u1161", "\uac00"),
        ("Uni\u00adversity", "University"),
        # Persian cannot be written without the non-joiner.
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
    ],
)
def test_a_text_of_one_line(given, stored):
    assert normal_text(given) == stored


@pytest.mark.parametrize("character", ["\x0b", "\x0c", "\x1c", "\x1f"])
def test_a_control_character_is_no_space(character):
    """To Python it is one; it would then be gone before anybody could refuse it."""
    for multiline in (False, True):
        assert has_control(
            normal_text(f"{character}a {character} b{character}", multiline=multiline)
        )


def test_lines_are_kept_where_there_may_be_several():
    assert normal_text(" a\r\nb\u2028c  d\n", multiline=True) == "a\nb\nc  d"


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\x7f", "\x92", "\ud800", "\uffff"])
def test_what_no_output_can_hold(character):
    assert has_control(f"a{character}b")
    assert without_control(f"a{character}b") == "ab"


def test_tabs_and_line_ends_are_no_control_characters():
    assert not has_control("a\tb\r\nc\x85d")
