"""The screens for imports: choose files, see what would change, confirm it."""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import include, path, re_path, reverse
from django.urls.converters import UUIDConverter
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter

from wagtail_regional.imports.exporting import export_csv, export_workbook
from wagtail_regional.imports.formats.limits import FOR_UPLOADS, MEGABYTE
from wagtail_regional.imports.formats.sources import Options, SourceFile, may_be_json
from wagtail_regional.imports.kinds import KINDS, Kind
from wagtail_regional.imports.reports import REPORTS
from wagtail_regional.imports.running import Outcome, run_import
from wagtail_regional.imports.writing import ADDED, CHANGED
from wagtail_regional.models import ImportFile, ImportUpload

#: At most so many files at a time: a table and those of its parts, or pages of a collection.
MOST_FILES = 20


def permitted_kinds(user: Any) -> list[Kind]:
    """What `user` may import: that which they may both add and change."""
    return [
        kind
        for kind in KINDS.values()
        if all(
            user.has_perm(f"{kind.model._meta.app_label}.{action}_{kind.model._meta.model_name}")
            for action in ("add", "change")
        )
    ]


def import_buttons(request: HttpRequest, model: Any) -> list[dict[str, str]]:
    """For above the list of `model`: the way to import it, for whoever may."""
    start = reverse("wagtail_regional_imports:start")
    return [
        {"url": f"{start}?kind={kind.name}", "label": _("Import"), "icon": "upload"}
        for kind in permitted_kinds(request.user)
        if kind.model is model
    ]


class ImportMenuItem(MenuItem):
    """Leads to the imports, for whoever may import something."""

    def __init__(self, order: int) -> None:
        super().__init__(
            gettext_lazy("Import"),
            reverse("wagtail_regional_imports:start"),
            name="regional-import",
            icon_name="upload",
            order=order,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(permitted_kinds(request.user))


class ImportMenu:
    """Adds the imports to the menu of a ModelAdminGroup."""

    def get_submenu_items(self) -> list[Any]:
        items = super().get_submenu_items()  # type: ignore[misc]
        return [*items, ImportMenuItem(order=len(items) + 1)]


# --- Choosing files --------------------------------------------------------------------------


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class SeveralFilesField(forms.FileField):
    """One file or several."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, (list, tuple)) else [data]
        cleaned = [super(SeveralFilesField, self).clean(file, initial) for file in files or [None]]
        size = sum(file.size for file in cleaned)
        if FOR_UPLOADS.file_bytes is not None and size > FOR_UPLOADS.file_bytes:
            raise forms.ValidationError(
                _(
                    "Together these files are %(size).1f MB; at most %(limit)d MB can be uploaded. "
                    "Split them, or ask for the command regional_import to be run."
                )
                % {"size": size / MEGABYTE, "limit": FOR_UPLOADS.file_bytes // MEGABYTE}
            )
        if len(cleaned) > MOST_FILES:
            raise forms.ValidationError(
                _("Choose at most %(limit)d files at a time.") % {"limit": MOST_FILES}
            )
        return cleaned


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("What to import"), widget=forms.RadioSelect)
    files = SeveralFilesField(  # type: ignore[assignment]
        label=gettext_lazy("Files"),
        help_text=gettext_lazy(
            "A workbook (.xlsx); CSV, one file for each table; or JSON of the Open Education API "
            "or ROR. Up to 10 MB; with tens of thousands of rows, reading it takes a minute."
        ),
        widget=SeveralFilesInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt,.json,.zip"}),
    )
    provider = forms.CharField(
        label=gettext_lazy("Provider"),
        required=False,
        max_length=255,
        help_text=gettext_lazy(
            "Only for the Open Education API: who provides programmes that do not say. An "
            "organisation's name, acronym or ROR id."
        ),
    )

    def __init__(self, *args: Any, kinds: list[Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(kind.name, str(kind.label).capitalize()) for kind in kinds]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]
        if self.initial.get("kind") not in dict(choices):
            self.initial["kind"] = choices[0][0]

    def clean_provider(self) -> str:
        provider: str = self.cleaned_data["provider"]
        files, kind = self.cleaned_data.get("files", []), self.cleaned_data.get("kind", "")
        fits = kind == "programmes" and may_be_json(file.name for file in files)
        if provider and files and kind and not fits:
            raise forms.ValidationError(
                _("This is for programmes of the Open Education API, in JSON. Leave it empty.")
            )
        return provider


class ImportView(View):
    """What the screens share: who may come here, and the page around them."""

    template_name = ""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.kinds = permitted_kinds(request.user)
        if not self.kinds:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def kind_called(self, name: str) -> Kind:
        kind = KINDS.get(name)
        if kind is None:
            raise Http404
        if kind not in self.kinds:
            raise PermissionDenied
        return kind

    def render(self, title: str, **context: Any) -> HttpResponse:
        crumbs = [{"url": reverse("wagtailadmin_home"), "label": _("Home")}]
        if title:
            crumbs.append({"url": reverse("wagtail_regional_imports:start"), "label": _("Import")})
        crumbs.append({"url": "", "label": title or _("Import")})
        page = {
            "page_title": title or _("Import"),
            "header_title": title or _("Import"),
            "header_icon": "upload",
            "breadcrumbs_items": crumbs,
        }
        return TemplateResponse(self.request, self.template_name, {**page, **context})


class StartView(ImportView):
    """Choose what to import, and from which files."""

    template_name = "wagtail_regional/admin/imports/start.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        initial = {"kind": request.GET.get("kind", "")}
        return self.show(UploadForm(kinds=self.kinds, initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES, kinds=self.kinds)
        if not form.is_valid():
            return self.show(form)
        ImportUpload.objects.expired().delete()
        with transaction.atomic():
            upload = ImportUpload.objects.create(
                user=request.user,  # type: ignore[misc]
                kind=form.cleaned_data["kind"],
                provider=form.cleaned_data["provider"],
            )
            for file in form.cleaned_data["files"]:
                ImportFile.objects.create(
                    upload=upload, name=PurePath(file.name).name[:255], data=file.read()
                )
        return redirect("wagtail_regional_imports:check", upload.key)

    def show(self, form: UploadForm) -> HttpResponse:
        tables = [
            (kind, [part.model._meta.verbose_name_plural for part in kind.parts])
            for kind in self.kinds
        ]
        return self.render("", form=form, tables=tables)


# --- What would change -----------------------------------------------------------------------


class CheckView(ImportView):
    """What an upload would change. Confirmed, that is done: exactly that, or nothing."""

    template_name = "wagtail_regional/admin/imports/check.html"

    def get_upload(self, key: Any) -> ImportUpload:
        ImportUpload.objects.expired().delete()
        return get_object_or_404(ImportUpload, key=key, user=self.request.user)

    def run(self, upload: ImportUpload, **kwargs: Any) -> Outcome:
        files = [_source(file) for file in upload.files.all()]
        options = Options(limits=FOR_UPLOADS, provider=upload.provider)
        kind = self.kind_called(upload.kind)
        return run_import(kind, files, options, user=self.request.user, **kwargs)

    def get(self, request: HttpRequest, key: Any) -> HttpResponse:
        upload = self.get_upload(key)
        return self.show(upload, self.run(upload))

    def post(self, request: HttpRequest, key: Any) -> HttpResponse:
        upload = self.get_upload(key)
        kind = self.kind_called(upload.kind)
        if "cancel" in request.POST:
            upload.delete()
            messages.success(request, _("The import was given up. Nothing was changed."))
            return redirect("wagtail_regional_imports:start")
        expected = request.POST.get("digest") or "-"
        outcome = self.run(upload, write=True, expected=expected)
        if not outcome.written:
            return self.show(upload, outcome)
        upload.delete()
        messages.success(request, _done(outcome))
        meta = kind.model._meta
        return redirect(f"{meta.app_label}_{meta.model_name}_modeladmin_index")

    def show(self, upload: ImportUpload, outcome: Outcome) -> HttpResponse:
        title = _("Import %(kind)s") % {"kind": outcome.kind.label}
        return self.render(title, upload=upload, outcome=outcome, summary=_summary(outcome))


class ReportView(CheckView):
    """Everything that an upload would change, as a file: the screen shows the first of each."""

    def get(self, request: HttpRequest, key: Any, file_format: str = "csv") -> Any:
        upload = self.get_upload(key)
        # Kept on disk when it is large, and gone once it is sent.
        with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as file:
            report = REPORTS[file_format](file)
            report.finish(self.run(upload, on_row=report.row))
            file.flush()
            sent = os.fdopen(os.dup(file.fileno()), "rb")
        sent.seek(0)
        return FileResponse(
            sent,
            as_attachment=True,
            filename=f"import-{upload.kind}.{file_format}",
            content_type=report.content_type,
        )

    # Of the screen, it only reads.
    http_method_names = ["get", "head", "options"]


def _source(file: ImportFile) -> SourceFile:
    data = bytes(file.data)
    return SourceFile(file.name, lambda: io.BytesIO(data), len(data))


def _summary(outcome: Outcome) -> list[dict[str, Any]]:
    """The numbers, table by table."""
    rows = []
    for table in outcome.kind.tables:
        prefix = "" if table is outcome.kind.main else f"{table.name}."
        label = str(table.model._meta.verbose_name_plural).capitalize()
        counts = {
            action: outcome.counts[f"{prefix}{action}"]
            for action in ("add", "change", "remove", "same")
        }
        rows.append({"label": label, **counts})
    return rows


def _done(outcome: Outcome) -> str:
    added, changed = outcome.counts["add"], outcome.counts["change"]
    passed = outcome.totals.passed_over
    sentences = [
        _("The import is done."),
        ngettext("%(count)d was added,", "%(count)d were added,", added) % {"count": added},
        ngettext("%(count)d was changed.", "%(count)d were changed.", changed) % {"count": changed},
    ]
    if passed:
        sentences.append(
            ngettext(
                "%(count)d row was passed over: %(reasons)s",
                "%(count)d rows were passed over: %(reasons)s",
                passed,
            )
            % {
                "count": passed,
                "reasons": " ".join(dict.fromkeys(each.reason for each in outcome.passed)),
            }
        )
    return " ".join(sentences)


# --- Templates and exports -------------------------------------------------------------------


class DownloadView(ImportView):
    """A table of a kind: empty, to begin with, or as the registry has it."""

    def get(self, request: HttpRequest, kind: str, what: str, file_format: str) -> Any:
        found = self.kind_called(kind)
        template = what == "template"
        name = f"{kind}-template" if template else kind
        if file_format == "xlsx":
            response: Any = HttpResponse(
                export_workbook(found, template=template),
                content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            )
        else:
            tables = {table.name: table for table in found.tables}
            table = tables.get(request.GET.get("table", found.name))
            if table is None:
                raise Http404
            name = name.replace(kind, table.name, 1)
            response = StreamingHttpResponse(
                export_csv(table, template=template), content_type="text/csv; charset=utf-8"
            )
        response["Content-Disposition"] = f'attachment; filename="{name}.{file_format}"'
        return response


def register_import_actions(actions: Any) -> None:
    """How the history tells of imports, for Wagtail's `register_log_actions`."""

    class Formatter(LogFormatter):
        def format_message(self, log_entry: Any) -> str:
            message: str = self.message % {"files": log_entry.data.get("files", "")}
            return message

    for action, label, message in (
        (ADDED, gettext_lazy("Add by import"), gettext_lazy("Added by importing %(files)s")),
        (CHANGED, gettext_lazy("Edit by import"), gettext_lazy("Changed by importing %(files)s")),
    ):
        formatter = type("ImportFormatter", (Formatter,), {"label": label, "message": message})
        actions.register_action(action)(formatter)


def import_urls() -> list[Any]:
    """The addresses of these screens, for Wagtail's `register_admin_urls`."""
    urls = [
        path("", StartView.as_view(), name="start"),
        path("<uuid:key>/", CheckView.as_view(), name="check"),
        re_path(
            rf"^(?P<key>{UUIDConverter.regex})/report\.(?P<file_format>csv|json)$",
            ReportView.as_view(),
            name="report",
        ),
        re_path(
            r"^(?P<kind>[a-z]+)/(?P<what>template|export)\.(?P<file_format>csv|xlsx)$",
            DownloadView.as_view(),
            name="download",
        ),
    ]
    namespace = "wagtail_regional_imports"
    return [path("regional/import/", include((urls, namespace), namespace=namespace))]
