"""Representation: rows to the shapes of the contract, in the reader's language.

Each thing is represented once and shared by everything that mentions it.
"""

from __future__ import annotations

from wagtail_regional.representation.context import ReadContext
from wagtail_regional.representation.loading import load
from wagtail_regional.representation.needs import Needs
from wagtail_regional.representation.shapes.programmes import Programmes
from wagtail_regional.representation.shapes.timelines import Timelines


def represent_with(needs: Needs, context: ReadContext) -> Representation:
    """Load `needs` and return what can represent them."""
    return Representation(load(needs, context), context)


class Representation(Timelines, Programmes):
    """Builds the contract's shapes from loaded rows.

    Methods return None for what is not in the rows: it does not exist or may not be shown.
    Whichever language is active, words are in the context's `words_language`. What a host adds
    finds the language of the content active (see ReadContext.override_language).
    """
