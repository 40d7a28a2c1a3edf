"""How registry rows are found: in every language they are written in, and by acronym."""

from __future__ import annotations

from typing import ClassVar

from wagtail.search import index

from wagtail_regional.text import words_to_find


class RegistrySearch:
    """Gives a row one text to search, made of its words in all languages and its plain names."""

    localized_search_fields: ClassVar[tuple[str, ...]] = ()
    plain_search_fields: ClassVar[tuple[str, ...]] = ()

    search_fields: ClassVar[list[index.BaseField]] = [
        index.SearchField("search_text", boost=2),
        index.AutocompleteField("search_text"),
    ]

    @property
    def search_text(self) -> str:
        """Every name of this row, each once; then its words as lists compare them, for backends
        fold letters each in its own way, and know of words without spaces little."""
        words: dict[str, None] = {}
        for name in self.localized_search_fields:
            words.update(dict.fromkeys(getattr(self, name).values()))
        for name in self.plain_search_fields:
            words[getattr(self, name)] = None
        names = [name for name in words if name]
        return " ".join((*names, *words_to_find(names)))
