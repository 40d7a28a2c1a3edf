"""Forms that check what holds for a row and its parts together."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminModelForm


class PartsForm(WagtailAdminModelForm):
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
            for form in self.formsets[self.parts].forms  # type: ignore[attr-defined]
            if form.has_changed() or form.instance.pk
            if not self.formsets[self.parts]._should_delete_form(form)  # type: ignore[attr-defined]
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
