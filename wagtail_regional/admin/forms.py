"""The forms of the registry's screens."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.images.widgets import AdminImageChooser

from wagtail_regional.choosers.creating import country_select
from wagtail_regional.choosers.widgets import load_together
from wagtail_regional.fields import PartialDate, PartialDateField
from wagtail_regional.titles import titles_for

#: A picture of nothing.
BLANK = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


class RegistryForm(WagtailAdminModelForm):
    """Notes who reviewed a row when its date of review is changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts = [form for formset in self.formsets.values() for form in formset.forms]
        load_together([self, *parts])
        for form in (self, *parts):
            hide_titles(form, self.for_user)

    def save(self, commit: bool = True) -> Any:
        if "last_reviewed" in self.changed_data and self.for_user is not None:
            self.instance.reviewed_by = self.for_user if self.instance.last_reviewed else None
        return super().save(commit)


def hide_titles(form: Any, user: Any) -> None:
    """Have the choosers of images in a form name only those that `user` may see. The others stay
    chosen, and can be cleared or changed."""
    if user is None:
        return
    for field in form.fields.values():
        if isinstance(field.widget, AdminImageChooser):
            field.widget = ImageChooser(user)


class ImageChooser(AdminImageChooser):
    """Wagtail's, which shows the title and the file of what is chosen to whoever has the form.

    Args:
        user: who has it.
    """

    def __init__(self, user: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.user = user

    def get_value_data_from_instance(self, instance: Any) -> Any:
        if titles_for(self.user).title_of(instance) is not None:
            return super().get_value_data_from_instance(instance)
        hidden = _("An image that you may not open")
        blank = {"url": BLANK, "width": 1, "height": 1}
        data = {"id": instance.pk, "title": hidden, "edit_url": None}
        return {**data, "preview": blank, "default_alt_text": ""}


class OrganisationForm(RegistryForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "country" in self.fields:
            self.fields["country"].widget = country_select()


class PartsForm(RegistryForm):
    """Checks a row against the parts that are about to be saved with it.

    The parts are in formsets, which know nothing of one another; the model's own check is given
    the rows as they will be.
    """

    #: Name of the formset, and of the model's method that checks its rows.
    parts: ClassVar[str] = ""
    check: ClassVar[str] = ""

    def is_valid(self) -> bool:
        if not super().is_valid():
            return False
        rows = [
            form.instance
            for form in self.formsets[self.parts].forms
            if form.has_changed() or form.instance.pk
            if not self.formsets[self.parts]._should_delete_form(form)
        ]
        try:
            getattr(self.instance, self.check)(rows)
        except ValidationError as error:
            self.add_error(None, error)
            return False
        return True


class AllianceForm(PartsForm):
    parts, check = "memberships", "check_members"


class ProgrammeForm(PartsForm):
    parts, check = "providers", "check_providers"


class EndForm(forms.Form):
    """When something ended: a year, a month or a day."""

    ended = PartialDateField(_("Ended")).formfield(
        label=_("Ended"),
        help_text=_(
            "The last day, such as 2026-12-31; or a month (2026-12) or a year (2026) where the "
            "day is not known."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ended"].initial = PartialDate.from_date(timezone.localdate())
