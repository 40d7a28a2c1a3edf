"""Deleting a fact, and what is better done instead: ending it, or replacing it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import DatabaseError, router, transaction
from django.db.models import ProtectedError, RestrictedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.log_actions import log
from wagtail_modeladmin.views import DeleteView, InstanceSpecificView

from wagtail_regional.admin.forms import EndForm
from wagtail_regional.admin.headings import Heading
from wagtail_regional.admin.links import Linker
from wagtail_regional.choosers.viewsets import CHOOSERS
from wagtail_regional.lifecycle import Status
from wagtail_regional.models import Dated
from wagtail_regional.usage.finding import find_uses
from wagtail_regional.usage.plans import Plan
from wagtail_regional.usage.replacing import ReplaceError, plan_replacement, replace
from wagtail_regional.usage.succession import successor_field

ENDED = "wagtail_regional.ended"
_HERE = "wagtail_regional/admin"


class _GoneError(Exception):
    """Somebody else has deleted the row."""


class RegistryDeleteView(Heading, DeleteView):
    """Says where a row is used, and refuses where deleting it would break a fact."""

    def get_template_names(self) -> list[str]:
        return [f"{_HERE}/delete.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        linker, user = Linker(self.request.user), self.request.user
        uses = find_uses(self.instance, linker.titles)
        # Also by what the user may not know of.
        protecting = find_uses(self.instance).protecting
        told = sum(each.total for each in uses.protecting)
        may_edit = self.permission_helper.user_can_edit_obj(user, self.instance)
        kwargs |= {
            "is_protected": bool(protecting),
            "is_protected_unseen": told < sum(each.total for each in protecting),
            "sees_all": linker.titles.sees_all,
            "protecting": [linker.rows(each) for each in uses.protecting],
            "losing": [linker.rows(each) for each in uses.losing],
            "pages": linker.pages(uses.streams) if uses.streams else None,
            "inspect_url": self.url_helper.get_action_url("inspect", self.pk_quoted),
        }
        if may_edit:
            kwargs["replace_url"] = self.url_helper.get_action_url("replace", self.pk_quoted)
            if isinstance(self.instance, Dated) and self.instance.status != Status.ENDED:
                kwargs["end_url"] = self.url_helper.get_action_url("end", self.pk_quoted)
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        done = _("%(model_name)s '%(object)s' deleted.") % {
            "model_name": self.verbose_name[:1].upper() + self.verbose_name[1:],
            "object": self.instance,
        }
        try:
            with transaction.atomic(using=router.db_for_write(self.model)):
                row = _lock(self.model, self.instance.pk)
                if find_uses(row).protecting:
                    return self.render_to_response(self.get_context_data())
                log(instance=row, action="wagtail.delete", deleted=True)
                row.delete()
        except (ProtectedError, RestrictedError):
            # Of a relation that came while we looked, or of the host's own.
            return self.render_to_response(self.get_context_data())
        except _GoneError:
            messages.warning(request, _("Somebody else has deleted it already."))
            return redirect(self.index_url)
        messages.success(request, done)
        return redirect(self.index_url)


def _lock(model: Any, pk: Any) -> Any:
    """The row, locked: nothing new can refer to it until the transaction ends."""
    row = model._base_manager.select_for_update().filter(pk=pk).first()
    if row is None:
        raise _GoneError
    return row


class _ChangeView(Heading, InstanceSpecificView):
    """A screen for those who may change the row."""

    instance: Any

    def check_action_permitted(self, user: Any) -> bool:
        return self.permission_helper.user_can_edit_obj(user, self.instance)

    @property
    def inspect_url(self) -> str:
        return self.url_helper.get_action_url("inspect", self.pk_quoted)


class EndView(_ChangeView):
    """Marks a row as ended, on a day."""

    page_title = gettext_lazy("Mark as ended")

    def get_template_names(self) -> list[str]:
        return [f"{_HERE}/end.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", EndForm())
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = EndForm(request.POST)
        if form.is_valid() and self._end(form):
            done = _("“%(name)s” is marked as ended: %(when)s.") % {
                "name": self.instance,
                "when": self.instance.get_status_display(),
            }
            messages.success(request, done)
            return redirect(self.inspect_url)
        return self.render_to_response(self.get_context_data(form=form))

    def _end(self, form: EndForm) -> bool:
        name = self.model.period_fields[1]
        with transaction.atomic(using=router.db_for_write(self.model)):
            row = _lock(self.model, self.instance.pk)
            setattr(row, name, form.cleaned_data["ended"])
            try:
                row.clean()
            except ValidationError as error:
                form.add_error("ended", error.messages)
                return False
            row.save()
            data = {"ended": str(form.cleaned_data["ended"])}
            log(row, ENDED, data=data, content_changed=True)
        self.instance = row
        return True


class ReplaceForm(forms.Form):
    """Which row takes the place of another."""

    include_past = forms.BooleanField(
        label=gettext_lazy("Also what has ended"),
        required=False,
        help_text=gettext_lazy(
            "Leave this empty for a real succession: what is over stays true of the old one. "
            "Tick it when the same thing was entered twice; the old entry can then be deleted."
        ),
    )

    def __init__(self, model: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new"] = forms.ModelChoiceField(
            model._default_manager.all(),
            label=gettext_lazy("Replace by"),
            widget=CHOOSERS[model].widget_class(),
        )
        self.order_fields(["new", "include_past"])


class ReplaceView(_ChangeView):
    """Names another row wherever this one is named: first says what would change, then does it."""

    def get_page_title(self) -> str:
        return _("Replace by its successor") if self.has_successor else _("Replace")

    @property
    def has_successor(self) -> bool:
        return successor_field(self.model) is not None

    def get_template_names(self) -> list[str]:
        return [f"{_HERE}/replace.html"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "new" not in request.GET:
            name = successor_field(self.model)
            initial = {"new": getattr(self.instance, f"{name}_id")} if name else {}
            form = ReplaceForm(self.model, initial=initial)
            return self.render_to_response(self.get_context_data(form=form))
        form = ReplaceForm(self.model, request.GET)
        plan = self._plan(form) if form.is_valid() else None
        return self.render_to_response(self.get_context_data(form=form, plan=plan))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ReplaceForm(self.model, request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            done = replace(
                self.instance,
                form.cleaned_data["new"],
                request.user,
                include_past=form.cleaned_data["include_past"],
                expected=request.POST.get("expected", ""),
            )
        except ReplaceError as error:
            out_of_date = not error.plan.conflicts
            context = self.get_context_data(form=form, plan=error.plan, out_of_date=out_of_date)
            return self.render_to_response(context)
        except (DatabaseError, ValidationError):
            # Whatever it was, the transaction has undone everything.
            messages.error(request, _("Something else changed meanwhile, so nothing was done."))
            context = self.get_context_data(form=form, plan=self._plan(form), out_of_date=True)
            return self.render_to_response(context)
        messages.success(request, _done_words(done))
        return self.render_to_response(self.get_context_data(done=done))

    def _plan(self, form: ReplaceForm) -> Plan:
        cleaned = form.cleaned_data
        return plan_replacement(
            self.instance,
            cleaned["new"],
            self.request.user,
            include_past=cleaned["include_past"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        linker = Linker(self.request.user)
        plan: Plan | None = kwargs.get("plan") or kwargs.get("done")
        if plan is not None:
            kwargs["step_links"] = linker.steps(plan)
            kwargs["kept_links"] = linker.kept(plan)
            kwargs["conflict_links"] = linker.conflicts(plan)
            kwargs["new_link"] = linker.link(plan.new)
            kwargs["sees_all"] = linker.titles.sees_all
        if (form := kwargs.get("form")) is not None:
            kwargs["media"] = form.media
        return super().get_context_data(**kwargs)


def _done_words(plan: Plan) -> str:
    count = len(plan.steps)
    return ngettext(
        "“%(old)s” was replaced by “%(new)s”: %(count)s change.",
        "“%(old)s” was replaced by “%(new)s”: %(count)s changes.",
        count,
    ) % {"old": plan.old, "new": plan.new, "count": count}
