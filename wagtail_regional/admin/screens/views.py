"""The views of the registry's screens."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import Any

from django.contrib.admin.utils import quote
from django.db.models import ForeignKey
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.images import get_image_model
from wagtail_modeladmin.helpers import ButtonHelper
from wagtail_modeladmin.views import CreateView, EditView, HistoryView, InspectView

from wagtail_regional.admin.exporting import plain
from wagtail_regional.admin.findings import Presenter, visible_to
from wagtail_regional.admin.headings import Heading, ListView
from wagtail_regional.admin.links import Link, Linker
from wagtail_regional.choosers.labels import tag
from wagtail_regional.choosers.searching import site_moment
from wagtail_regional.fields import CodeListField, LocalizedTextField, PartialDate, WordsField
from wagtail_regional.languages import country_name, language_name
from wagtail_regional.lifecycle import ReviewState, Status
from wagtail_regional.models import Dated, LinkCheck, RegistryEntry
from wagtail_regional.review import current_findings
from wagtail_regional.titles import Titles, titles_for
from wagtail_regional.usage.finding import count_uses, find_uses

#: Rows of an export are read so many at a time.
CHUNK = 2000


class RegistryButtonHelper(ButtonHelper):
    """Adds what can be done with a fact besides editing it."""

    def get_buttons_for_obj(self, obj: Any, exclude: Any = None, **kwargs: Any) -> list[Any]:
        exclude = exclude or []
        buttons = super().get_buttons_for_obj(obj, exclude=exclude, **kwargs)
        if self.permission_helper.user_can_edit_obj(self.request.user, obj):
            more = [self._button("replace", obj, _("Replace"))]
            if isinstance(obj, Dated) and obj.status != Status.ENDED:
                more.insert(0, self._button("end", obj, _("Mark as ended")))
            at = 1 if "inspect" in exclude else 2
            buttons[at:at] = [each for each in more if each["name"] not in exclude]
        if self.view.model_admin.history_view_enabled and "history" not in exclude:
            buttons.append(self._button("history", obj, _("History")))
        return buttons

    def _button(self, action: str, obj: Any, label: str) -> dict[str, Any]:
        return {
            "name": action,
            "url": self.url_helper.get_action_url(action, quote(obj.pk)),
            "label": label,
            "classname": self.finalise_classname(["button-secondary"]),
            "title": label,
        }


class RegistryIndexView(ListView):
    """The list. What its columns need is loaded for a page of results at once."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        rows = list(context["object_list"])
        moment = site_moment()
        titles = titles_for(self.request.user)
        uses = count_uses(self.model, [row.pk for row in rows], titles)
        for row in rows:
            row._moment, row._uses = moment, uses[row.pk]
        context["object_list"] = rows
        context["header_buttons"] = self.model_admin.get_header_buttons(self.request)
        return context

    def get_buttons_for_obj(self, obj: Any) -> list[Any]:
        """A row has room for the usual ones only."""
        return self.button_helper.get_buttons_for_obj(
            obj, exclude=["replace", "end", "history"], classnames_add=["button-small"]
        )

    # --- Export ---

    @cached_property
    def _columns(self) -> dict[str, Any]:
        return {key: (head, get) for key, head, get in self.model_admin.export_columns()}

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> Any:
        self.list_export = list(self._columns)
        rows = self.model_admin.export_queryset(queryset)
        titles = titles_for(self.request.user)
        return super().as_spreadsheet(_InChunks(rows, titles), spreadsheet_format)

    def get_heading(self, queryset: Any, field: str) -> str:
        return str(self._columns[field][0])

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        titles = titles_for(self.request.user)
        return {key: plain(get(item), titles) for key, (_head, get) in self._columns.items()}

    def stream_csv(self, queryset: Any) -> Iterator[Any]:
        # Without this mark, spreadsheets take UTF-8 for something else.
        yield "\ufeff"
        yield from super().stream_csv(queryset)


class _InChunks:
    """A queryset that is read some rows at a time, with what is prefetched for them, and with the
    titles of what they refer to."""

    def __init__(self, rows: Any, titles: Titles) -> None:
        self.rows, self.model, self.titles = rows, rows.model, titles

    def __iter__(self) -> Iterator[Any]:
        moment = site_moment()
        rows = self.rows.iterator(chunk_size=CHUNK)
        while some := list(islice(rows, CHUNK)):
            for field in self.model._meta.concrete_fields:
                if isinstance(field, ForeignKey):
                    keys = {getattr(row, field.attname) for row in some} - {None}
                    self.titles.load(field.related_model, keys)
            for row in some:
                row._moment = moment
                yield row


class RegistryHistoryView(Heading, HistoryView):
    """Left to itself, the history is shown to everybody who gets into the admin."""

    header_icon = "history"

    def check_action_permitted(self, user: Any) -> bool:
        return self.permission_helper.user_can_list(user)

    @property
    def inspect_url(self) -> str:
        return self.url_helper.get_action_url("inspect", self.pk_quoted)


class RegistryCreateView(Heading, CreateView):
    """The empty form. Its heading can be translated whatever the gender of what follows."""

    page_title = pgettext_lazy("before the name of a kind of thing", "New")


class RegistryEditView(Heading, EditView):
    """The form, with what else can be done with the row. Saved, it leads back to where one came
    from, such as the review's report."""

    page_title = gettext_lazy("Edit")

    @cached_property
    def next_url(self) -> str:
        return get_valid_next_url_from_request(self.request)

    def get_success_url(self) -> str:
        return self.next_url or super().get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        exclude = ["inspect", "edit", "delete", "history"]
        kwargs["more_buttons"] = self.button_helper.get_buttons_for_obj(
            self.instance, exclude=exclude
        )
        kwargs["inspect_url"] = self.url_helper.get_action_url("inspect", self.pk_quoted)
        return super().get_context_data(**kwargs)


class RegistryInspectView(Heading, InspectView):
    """Everything known of a row, what of it needs care, and where it is used."""

    page_title = gettext_lazy("Inspect")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.linker = Linker(self.request.user)
        uses = find_uses(self.instance, self.linker.titles)
        kwargs["use_groups"] = self.linker.uses(uses)
        kwargs["sees_all"] = self.linker.titles.sees_all
        kwargs["parts"] = list(self._parts())
        kwargs |= self._care()
        return super().get_context_data(**kwargs)

    def _care(self) -> dict[str, Any]:
        """What the review finds about the row, and where to say that it was reviewed."""
        label, user = self.model._meta.label_lower, self.request.user
        key = (label, self.instance.pk)
        found = visible_to(user, (each for each in current_findings() if each.row.key == key))
        may_change = self.permission_helper.user_can_edit_obj(user, self.instance)
        return {
            "care": Presenter(found, user).all(),
            "review_url": reverse("wagtail_regional_review:reviewed", args=key)
            if may_change
            else "",
        }

    @cached_property
    def _link_checks(self) -> dict[str, LinkCheck]:
        """What became of the row's addresses when they were last tried, by address."""
        own = [field for field in self.model._meta.concrete_fields if not field.is_relation]
        urls = {value for f in own if _is_address(value := getattr(self.instance, f.name))}
        checks = LinkCheck.objects.filter(key__in=[LinkCheck.key_of(url) for url in urls])
        return {check.url: check for check in checks}

    def get_fields_dict(self) -> list[dict[str, Any]]:
        fields = []
        if isinstance(self.instance, Dated):
            status = self.instance.status_at(site_moment())
            value = format_html("{} {}", tag(status.label, status), _phrase(self.instance))
            fields.append({"label": _("Status"), "value": value})
        for field in self._fields():
            value = self._value(field)
            if value not in (None, "", []):
                fields.append({"label": capfirst(str(field.verbose_name)), "value": value})
        return fields

    def _fields(self) -> Iterator[Any]:
        """What is its own first, then what every row of the registry has."""
        opts = self.model._meta
        shared = {field.name for field in RegistryEntry._meta.fields}
        kept = [field for field in opts.concrete_fields if not field.primary_key]
        fields = [field for field in kept if not isinstance(field, WordsField)]
        yield from (field for field in fields if field.name not in shared)
        yield from opts.many_to_many
        yield from (field for field in fields if field.name in shared)

    def _value(self, field: Any) -> Any:
        row, name = self.instance, field.name
        if field.many_to_many:
            return self._links(getattr(row, name).all())
        if isinstance(field, LocalizedTextField):
            return _in_languages(getattr(row, name))
        if name == "country":
            return country_name(row.country) if row.country else ""
        if isinstance(field, ForeignKey) and (target := getattr(row, name)) is not None:
            if isinstance(target, get_image_model()):
                if not self.linker.may_name(target):
                    # Its file is often called what it is.
                    return self.linker.link(target).text
                return self.get_image_field_display(name, field)
            return self._links([target])
        if isinstance(field, CodeListField) or field.choices:
            return _display(row, name)
        value = getattr(row, name)
        if isinstance(value, PartialDate):
            return value.display()
        if _is_address(value):
            link = format_html('<a href="{0}" rel="noreferrer">{0}</a>', value)
            check = self._link_checks.get(value)
            return format_html("{} {}", link, _answered(check)) if check else link
        return value

    def _links(self, rows: Any) -> Any:
        return format_html_join(", ", "{}", ((_anchor(self.linker.link(row)),) for row in rows))

    def _parts(self) -> Iterator[dict[str, Any]]:
        """The rows that hang on this one: members, providers, codes."""
        for name, heading in self.model_admin.inspect_parts:
            rows = list(self.model_admin.part_rows(self.instance, name))
            if rows:
                yield {"heading": heading, "links": [self._part_link(row) for row in rows]}

    def _part_link(self, row: Any) -> Link:
        detail = [str(row.get_role_display())] if hasattr(row, "get_role_display") else []
        if isinstance(row, Dated) and any(row.period):
            detail.append(row.get_status_display())
        names = ("organisation", "member_alliance")
        targets = (getattr(row, name, None) for name in names)
        target = next((each for each in targets if each is not None), None)
        if target is not None and target != self.instance:
            return self.linker.link(target, " · ".join(detail))
        text = getattr(row, "member_name", None) or str(row)
        return Link(text, detail=" · ".join(detail))


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))


def _answered(check: LinkCheck) -> Any:
    """Whether a link answered when it was last tried."""
    when = date_format(timezone.localtime(check.checked_at), "SHORT_DATE_FORMAT")
    if not check.problem:
        words = _("answered on %(day)s") % {"day": when}
        return format_html('<span class="regional-detail">{}</span>', words)
    words = _("tried on %(day)s: %(problem)s") % {
        "day": when,
        "problem": check.get_problem_display(),
    }
    label = tag(_("Does not answer"), ReviewState.OVERDUE)
    return format_html('{} <span class="regional-detail">{}</span>', label, words)


def _display(row: Any, name: str) -> Any:
    value = getattr(row, f"get_{name}_display")
    value = value() if callable(value) else value
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _phrase(row: Any) -> str:
    return row.get_status_display() if any(row.period) else ""


def _in_languages(text: Any) -> Any:
    pairs = ((language_name(code), code, words) for code, words in text.items())
    form = '<div><span class="regional-detail">{}</span> <span lang="{}">{}</span></div>'
    return format_html_join("", form, pairs)


def _anchor(link: Link) -> Any:
    if not link.url:
        return link.text
    return format_html('<a href="{}">{}</a>', link.url, link.text)
