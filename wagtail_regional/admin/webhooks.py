"""The screens for webhooks: who is told of changes, and the log of what was sent."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import re_path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import CreateView, DeleteView, EditView, HistoryView, InspectView

from wagtail_regional.admin.filters import RegistryFilter, TypeFilter
from wagtail_regional.admin.headings import Heading, LabelledCells, ListView
from wagtail_regional.choosers.keys import KnownKeys
from wagtail_regional.conf import conf
from wagtail_regional.models import DeliveryState, Webhook, WebhookDelivery
from wagtail_regional.net.addresses import AddressError, PrivateAddressError, public_addresses
from wagtail_regional.net.requests import split_url
from wagtail_regional.webhooks.sending import explain_private
from wagtail_regional.webhooks.tasks import send

_TEMPLATES = "wagtail_regional/admin"


class WebhookForm(WagtailAdminModelForm):
    """Tells at once that an address will be refused, which the log would tell later."""

    def clean_url(self) -> str:
        url = self.cleaned_data["url"]
        try:
            _parts, host, port = split_url(url)
            public_addresses(
                host, port, conf.WEBHOOK_ALLOW_PRIVATE, timeout=conf.WEBHOOK_TIMEOUT_SECONDS
            )
        except PrivateAddressError as error:
            self.add_error("url", explain_private(error))
        except ValueError as error:
            self.add_error("url", str(error))
        except AddressError:
            # A name may not exist yet; it is looked up again for each message.
            pass
        return url


class WebhookCreateView(Heading, CreateView):
    """Goes on to the edit screen, where the secret is shown."""

    def get_success_url(self) -> str:
        return self.url_helper.get_action_url("edit", quote(self.instance.pk))

    def get_success_message_buttons(self, instance: Webhook) -> list[Any]:
        return []


class WebhookEditView(Heading, EditView):
    """Shows the secret. Only whoever may change a webhook gets here."""

    def get_edit_handler(self) -> Any:
        secret = FieldPanel("secret", read_only=True)
        return self.model_admin.get_edit_handler([*self.model_admin.panels, secret])


class WebhookHistoryView(Heading, HistoryView):
    """Left to itself, the history is shown to everybody who gets into the admin."""

    header_icon = "history"

    def check_action_permitted(self, user: Any) -> bool:
        return self.permission_helper.user_can_list(user)


class WebhookDeleteView(Heading, DeleteView):
    """Asks whether it is meant."""


class ActiveFilter(RegistryFilter):
    title, parameter_name = gettext_lazy("Active"), "is_active"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("1", gettext_lazy("Yes")), ("0", gettext_lazy("No"))]


class WebhookAdmin(KnownKeys, LabelledCells, ModelAdmin):
    model = Webhook
    menu_icon = "upload"
    menu_label = gettext_lazy("Webhooks")
    list_display = ("name", "url", "active", "created")
    list_filter = (ActiveFilter,)
    index_view_class = ListView
    create_view_class = WebhookCreateView
    edit_view_class = WebhookEditView
    history_view_class = WebhookHistoryView
    delete_view_class = WebhookDeleteView
    index_template_name = f"{_TEMPLATES}/index.html"
    create_template_name = f"{_TEMPLATES}/create.html"
    edit_template_name = f"{_TEMPLATES}/webhooks/edit.html"
    history_template_name = f"{_TEMPLATES}/history.html"
    delete_template_name = f"{_TEMPLATES}/webhooks/delete.html"
    panels = [FieldPanel("name"), FieldPanel("url"), FieldPanel("is_active")]

    def active(self, webhook: Webhook) -> str:
        # Of a boolean, modeladmin shows an image of Django's own admin, which a site may lack.
        return _("Yes") if webhook.is_active else _("No")

    active.short_description = gettext_lazy("Active")  # type: ignore[attr-defined]
    active.admin_order_field = "is_active"  # type: ignore[attr-defined]

    def get_edit_handler(self, panels: list[Any] | None = None) -> Any:
        handler = ObjectList(panels or self.panels, base_form_class=WebhookForm)
        return handler.bind_to_model(self.model)


class DeliveryPermissionHelper(PermissionHelper):
    """The log is read by whoever manages webhooks, and written by nobody."""

    def __init__(self, model: Any, inspect_view_enabled: bool = False) -> None:
        super().__init__(model, inspect_view_enabled)
        self.webhooks = PermissionHelper(Webhook)

    def user_has_any_permissions(self, user: Any) -> bool:
        return self.webhooks.user_has_any_permissions(user)

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_send_again(self, user: Any) -> bool:
        """Whoever may change a webhook may have it sent something."""
        return self.webhooks.user_can_edit_obj(user, None)


class StateFilter(TypeFilter):
    title, parameter_name = gettext_lazy("State"), "state"


class WebhookFilter(RegistryFilter):
    """By receiver."""

    title, parameter_name = gettext_lazy("Webhook"), "webhook"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [(str(pk), name) for pk, name in Webhook.objects.values_list("pk", "name")]


class DeliveryInspectView(Heading, InspectView):
    """A delivery, with a button to send it again."""

    page_title = gettext_lazy("Delivery")

    def get_field_display_value(self, field_name: str, field: Any = None) -> Any:
        if field_name == "payload":
            text = json.dumps(self.instance.payload, indent=2, ensure_ascii=False)
            return format_html("<pre>{}</pre>", text)
        if field_name == "error" and self.instance.error:
            return format_html("<pre>{}</pre>", self.instance.error)
        return super().get_field_display_value(field_name, field)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_send = self.permission_helper.user_can_send_again(self.request.user)
        if may_send and self.instance.webhook.is_active:
            kwargs["send_again_url"] = self.url_helper.get_action_url("send", self.pk_quoted)
        return super().get_context_data(**kwargs)


class DeliveryAdmin(KnownKeys, LabelledCells, ModelAdmin):
    model = WebhookDelivery
    menu_icon = "history"
    menu_label = gettext_lazy("Webhook deliveries")
    permission_helper_class = DeliveryPermissionHelper
    inspect_view_enabled = True
    inspect_view_class = DeliveryInspectView
    inspect_template_name = "wagtail_regional/admin/webhooks/inspect_delivery.html"
    history_view_enabled = False
    list_display = ("event_id", "webhook", "state", "attempts", "response_status", "created")
    list_filter = (StateFilter, WebhookFilter)
    index_view_class = ListView
    index_template_name = f"{_TEMPLATES}/index.html"
    list_select_related = ("webhook",)
    list_per_page = 50
    inspect_view_fields = [
        "webhook",
        "event_id",
        "state",
        "created",
        "attempts",
        "last_attempt_at",
        "next_attempt_at",
        "response_status",
        "error",
        "payload",
    ]

    def more_urls(self) -> tuple[Any, ...]:
        return (
            re_path(
                self.url_helper.get_action_url_pattern("send"),
                require_POST(self.send_view),
                name=self.url_helper.get_action_url_name("send"),
            ),
        )

    def register_indexing(self) -> None:
        """A log is no use of what it mentions: Wagtail need not index references in it."""

    def send_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        """Begin again with a delivery and attempt it now, so that its outcome can be told."""
        if not self.permission_helper.user_can_send_again(request.user):
            raise PermissionDenied
        delivery = get_object_or_404(self.model.objects.select_related("webhook"), pk=instance_pk)
        if not delivery.webhook.is_active:
            messages.error(request, _("This webhook is inactive, so nothing was sent."))
        elif not self.model.objects.reset(delivery.event_id):
            messages.warning(request, _("This message is being sent at this moment."))
        else:
            _tell_outcome(request, send(delivery.event_id))
        return redirect(self.url_helper.get_action_url("inspect", quote(delivery.pk)))


def _tell_outcome(request: HttpRequest, delivery: WebhookDelivery | None) -> None:
    if delivery is None:
        # A worker was quicker, between our reset and our attempt.
        messages.warning(request, _("This message is being sent at this moment."))
    elif delivery.state == DeliveryState.DELIVERED:
        messages.success(request, _("The message was delivered."))
    else:
        messages.error(request, _("The message was not delivered."))
