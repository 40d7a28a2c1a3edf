"""The programme index as a plain GET form: shareable addresses, no JavaScript."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from wagtail_regional import vocabularies as v
from wagtail_regional.api.selections import ProgrammeFilter, ProgrammeSelection
from wagtail_regional.conf import conf
from wagtail_regional.models import Alliance, Organisation


class LocalisedChoiceField(forms.ModelChoiceField):
    """A choice of registry rows, whose value in the address is their public id."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(to_field_name="uuid", required=False, **kwargs)


class FinderForm(forms.Form):
    """The basic filters."""

    q = forms.CharField(label=_("Name"), required=False, max_length=100)
    type = forms.ChoiceField(label=_("Type"), required=False)
    level = forms.ChoiceField(label=_("Level"), required=False)
    home = LocalisedChoiceField(
        label=_("I study at"), queryset=Organisation.objects.none(), empty_label=_("Anywhere")
    )
    alliance = LocalisedChoiceField(
        label=_("Alliance"), queryset=Alliance.objects.none(), empty_label=_("All alliances")
    )
    page = forms.IntegerField(
        required=False, min_value=1, max_value=10_000, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"].choices = [("", _("All types")), *v.ProgrammeType.choices]
        self.fields["level"].choices = [("", _("All levels")), *v.Level.choices]
        # Only what leads somewhere: organisations with terms of access, alliances with programmes.
        self.fields["home"].queryset = (
            Organisation.objects.filter(accessible_programmes__isnull=False)
            .distinct()
            .order_by("pk")
        )
        self.fields["alliance"].queryset = (
            Alliance.objects.filter(programmes__isnull=False).distinct().order_by("pk")
        )


class Finder:
    """A reader's question, and what was found.

    Args:
        request: its GET parameters hold the question.
        language: the language to sort names in.
    """

    def __init__(self, request: HttpRequest, language: str) -> None:
        self.request = request
        self.form = FinderForm(request.GET, language=language)
        self.answers: dict[str, Any] = self.form.cleaned_data if self.form.is_valid() else {}
        self.page_size: int = conf.API_PAGE_SIZE
        self.programmes: list[Any] = []
        self.count = 0

    @property
    def page_number(self) -> int:
        return self.answers.get("page") or 1

    @property
    def page_count(self) -> int:
        return max(1, -(-self.count // self.page_size))

    @property
    def selection(self) -> ProgrammeSelection:
        """The question as a selection. A form that does not validate asks for nothing."""
        if not self.form.is_valid():
            return ProgrammeSelection(ProgrammeFilter(ids=(0,)), limit=1)
        home, alliance = self.answers["home"], self.answers["alliance"]
        return ProgrammeSelection(
            ProgrammeFilter(
                text=self.answers["q"],
                types=_one(self.answers["type"]),
                levels=_one(self.answers["level"]),
                audiences=_one(home and home.pk),
                alliances=_one(alliance and alliance.pk),
            ),
            limit=self.page_size,
            offset=(self.page_number - 1) * self.page_size,
        )

    def show(self, programmes: list[Any] | None, count: int | None) -> None:
        """Keep what was found."""
        self.programmes, self.count = programmes or [], count or 0

    @property
    def previous_url(self) -> str | None:
        return self._page_url(self.page_number - 1) if self.page_number > 1 else None

    @property
    def next_url(self) -> str | None:
        return self._page_url(self.page_number + 1) if self.page_number < self.page_count else None

    def _page_url(self, number: int) -> str:
        query = self.request.GET.copy()
        query["page"] = str(number)
        return f"?{query.urlencode()}"


def _one(value: Any) -> tuple[Any, ...]:
    return (value,) if value else ()
