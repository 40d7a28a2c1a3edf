"""Forms of pages in the editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # What a mixin may count on in whatever form it is mixed into.
    from wagtail.admin.forms import WagtailAdminPageForm as _Form
else:
    _Form = object


class SubjectFormMixin(_Form):
    """Refuses to publish a second page about an alliance on one site, in one language.

    The form knows what the page itself does not: where a new one will be, and whether it is to be
    published. A draft may have whatever subject it likes.
    """

    def _post_clean(self) -> None:
        with self.instance.keeping_subject():
            super()._post_clean()
        if self.is_deferred_validation:
            return
        message = self.instance.subject_conflict(self.parent_page)
        if message is not None:
            self.add_error("subject" if "subject" in self.fields else None, message)
