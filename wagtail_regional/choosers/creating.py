"""The forms of the choosers' "create new": what is needed to begin, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from wagtail_regional.choosers.viewsets import organisation_chooser
from wagtail_regional.choosers.widgets import SeveralRows
from wagtail_regional.fields import LocalizedTextField
from wagtail_regional.models import (
    Alliance,
    Membership,
    Organisation,
    Programme,
    ProgrammeProvider,
    Theme,
)
from wagtail_regional.models.organisations import country_choices
from wagtail_regional.vocabularies import MemberRole, OrganisationType

#: How many organisations can be made along with an alliance.
NEW_MEMBERS = 3


class NewOrganisationForm(WagtailAdminModelForm):
    class Meta:
        model = Organisation
        fields = ["name", "acronym", "type", "locality", "country", "ror_id", "website"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].widget = country_select()


class NewThemeForm(WagtailAdminModelForm):
    class Meta:
        model = Theme
        fields = ["label", "scheme", "notation", "uri"]


class NewProgrammeForm(WagtailAdminModelForm):
    providers = forms.ModelMultipleChoiceField(
        Organisation.objects.all(),
        label=_("Providers"),
        required=False,
        widget=SeveralRows(organisation_chooser),
        help_text=_("The organisations that offer it."),
    )

    class Meta:
        model = Programme
        fields = ["name", "type", "level", "study_load", "link"]

    def save(self, commit: bool = True) -> Programme:
        providers = self.cleaned_data["providers"]
        self.instance.providers = [
            ProgrammeProvider(organisation=row, sort_order=at) for at, row in enumerate(providers)
        ]
        programme: Programme = super().save(commit)
        return programme


class NewAllianceForm(WagtailAdminModelForm):
    """An alliance with its first members: organisations of the registry, and new ones."""

    members = forms.ModelMultipleChoiceField(
        Organisation.objects.all(),
        label=_("Organisations in the registry"),
        required=False,
        widget=SeveralRows(organisation_chooser),
    )

    class Meta:
        model = Alliance
        fields = ["name", "acronym", "type", "starts", "ends"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: Rows that were saved along with the alliance.
        self.made_along: list[Organisation] = []
        user = self.for_user
        if user is None or user.has_perm("wagtail_regional.add_organisation"):
            for at in range(NEW_MEMBERS):
                self._add_new_member(at)

    def _add_new_member(self, at: int) -> None:
        name: Any = LocalizedTextField(_("name"), max_length=255, blank=True)
        self.fields[f"new_{at}_name"] = name.formfield(label=_("Name"))
        self.fields[f"new_{at}_type"] = forms.ChoiceField(
            label=_("Type"), choices=[("", "---------"), *OrganisationType.choices], required=False
        )
        self.fields[f"new_{at}_locality"] = forms.CharField(
            label=_("Town or city"), max_length=255, required=False
        )

    @property
    def own_fields(self) -> list[Any]:
        """The fields of the alliance itself."""
        return [self[name] for name in self._meta.fields]

    @property
    def new_members(self) -> Iterator[list[Any]]:
        """The fields of each organisation that can be made along."""
        for at in range(NEW_MEMBERS):
            if f"new_{at}_name" in self.fields:
                yield [self[f"new_{at}_{part}"] for part in ("name", "type", "locality")]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        self._new_rows = [
            row
            for at in range(NEW_MEMBERS)
            if f"new_{at}_name" in self.fields and (row := self._new_row(at)) is not None
        ]
        return cleaned

    def _new_row(self, at: int) -> Organisation | None:
        name, kind, locality = (
            self.cleaned_data.get(f"new_{at}_{part}") for part in ("name", "type", "locality")
        )
        if not (name or kind or locality):
            return None
        row = Organisation(name=name or {}, type=kind or "", locality=locality or "")
        try:
            row.full_clean()
        except ValidationError as error:
            for part, messages in error.message_dict.items():
                known = f"new_{at}_{part}" in self.fields
                self.add_error(f"new_{at}_{part}" if known else None, messages)
        return row

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors:
            return
        rows = [*self.cleaned_data["members"], *self._new_rows]
        try:
            self.instance.check_members(
                [Membership(alliance=self.instance, organisation=row) for row in _with_keys(rows)]
            )
        except ValidationError as error:
            self.add_error(None, error)

    def save(self, commit: bool = True) -> Alliance:
        from django.db import transaction

        with transaction.atomic():
            for row in self._new_rows:
                row.save()
            rows = [*self.cleaned_data["members"], *self._new_rows]
            self.instance.memberships = [
                Membership(organisation=row, role=MemberRole.PARTNER, sort_order=at)
                for at, row in enumerate(rows)
            ]
            alliance: Alliance = super().save(commit)
        self.made_along = self._new_rows
        return alliance


def _with_keys(rows: list[Organisation]) -> Iterator[Organisation]:
    """Rows that are yet to be saved, with keys that tell them from one another."""
    for at, row in enumerate(rows, start=1):
        yield row if row.pk else Organisation(pk=-at, name=row.name)


def country_select() -> forms.Select:
    """Countries by name, in the language of the admin."""
    # A function, so that the names are those of the language at hand.
    choices: Any = lambda: [("", "---------"), *country_choices()]  # noqa: E731
    return forms.Select(choices=choices)
