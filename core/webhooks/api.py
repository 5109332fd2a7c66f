"""REST: webhooks and their deliveries."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.fields import ReasonSerializer
from core.api.inputs import Input
from core.api.pagination import CursorPages
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.webhooks import services
from core.webhooks.filters import DeliveryFilter, WebhookFilter
from core.webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookState
from core.webhooks.selectors import deliveries, webhooks
from core.webhooks.templating import previews, shown_body


class WebhookSerializer(serializers.ModelSerializer[WebhookEndpoint]):
    """A webhook without its secret."""

    id = serializers.CharField(source="public_id")
    state = serializers.ChoiceField(choices=WebhookState.choices, read_only=True)
    events = serializers.ListField(child=serializers.CharField())
    headers = serializers.ListField(
        source="header_names", child=serializers.CharField(), help_text="Names; values stay here."
    )

    class Meta:
        model = WebhookEndpoint
        fields = (
            "id",
            "name",
            "url",
            "events",
            "template",
            "headers",
            "id_pointer",
            "url_pointer",
            "state",
            "inactive_reason",
            "failing_since_at",
            "failures",
            "last_success_at",
            "created_at",
        )


class CreatedWebhookSerializer(WebhookSerializer):
    """A webhook with its signing secret, shown this once."""

    secret = serializers.CharField()

    class Meta(WebhookSerializer.Meta):
        fields = (*WebhookSerializer.Meta.fields, "secret")  # type: ignore[assignment]  # a longer tuple


class WebhookWriteSerializer(Input):
    """A webhook to create or change; docs/api.md names the events."""

    name = serializers.CharField(max_length=100)
    url = serializers.CharField(max_length=500)
    events = serializers.ListField(
        child=serializers.CharField(max_length=60), allow_empty=False, max_length=50
    )
    template = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    headers = serializers.DictField(
        child=serializers.CharField(max_length=1000), required=False, help_text="Replaces all."
    )
    id_pointer = serializers.CharField(max_length=200, required=False, allow_blank=True)
    url_pointer = serializers.CharField(max_length=200, required=False, allow_blank=True)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)


class WebhookPreviewWriteSerializer(Input):
    """A template to try with samples of these events."""

    template = serializers.CharField(max_length=20_000)
    events = serializers.ListField(
        child=serializers.CharField(max_length=60), allow_empty=False, max_length=50
    )


class WebhookPreviewSerializer(serializers.Serializer[Any]):
    """What would be sent for a sample of an event."""

    event = serializers.CharField()
    body = serializers.JSONField()


class SwitchSerializer(ReasonSerializer):
    """On or off, and why."""

    on = serializers.BooleanField()


class SecretSerializer(serializers.Serializer[Any]):
    """A signing secret, shown this once."""

    secret = serializers.CharField()


class WebhookDeliverySerializer(serializers.ModelSerializer[WebhookDelivery]):
    """A delivery with what the last try sent (``body``) and brought."""

    webhook = serializers.CharField(source="endpoint.public_id")
    event_id = serializers.CharField(source="event.public_id")
    kind = serializers.CharField(source="event.kind")
    happened_at = serializers.DateTimeField(source="event.happened_at")
    body = serializers.SerializerMethodField()

    class Meta:
        model = WebhookDelivery
        fields = (
            "id",
            "webhook",
            "event_id",
            "kind",
            "happened_at",
            "state",
            "attempts",
            "next_at",
            "attempted_at",
            "duration_ms",
            "response_status",
            "response_body",
            "error",
            "body",
            "created_at",
        )

    def get_body(self, delivery: WebhookDelivery) -> str:
        """As the last try sent it; before the first one the event as it is."""
        return shown_body(delivery)


def _webhook(ref: str) -> WebhookEndpoint:
    return get_object_or_404(webhooks(), public_id=ref)


def _reason(request: Request) -> str:
    given = ReasonSerializer(data=request.data)
    given.is_valid(raise_exception=True)
    return str(given.validated_data["reason"])


class WebhookList(ListView):
    """All webhooks; POST creates one."""

    read_permission = Permission.API_MANAGE
    write_permission = Permission.API_MANAGE
    serializer_class = WebhookSerializer
    filterset_class = WebhookFilter

    def rows(self) -> QuerySet[WebhookEndpoint]:
        """Webhooks of the caller's operator."""
        return webhooks()

    @extend_schema(request=WebhookWriteSerializer, responses={201: CreatedWebhookSerializer})
    def post(self, request: Request) -> Response:
        """Create a webhook. Its signing secret is shown this once."""
        given = WebhookWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        webhook, secret = services.create_webhook(
            operator=operator_of(request), **given.validated_data
        )
        webhook.secret = secret  # type: ignore[attr-defined]  # for its serializer, once
        return Response(CreatedWebhookSerializer(webhook).data, status=201)


class WebhookDetail(DetailView):
    """One webhook; PATCH changes it, DELETE removes it with its deliveries."""

    read_permission = Permission.API_MANAGE
    write_permission = Permission.API_MANAGE
    serializer_class = WebhookSerializer

    def get_object(self) -> WebhookEndpoint:
        """The caller's own webhook, or 404."""
        return _webhook(self.kwargs["ref"])

    @extend_schema(request=WebhookWriteSerializer, responses=WebhookSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """Change a webhook; it hears of added events from now on."""
        webhook = _webhook(ref)
        given = WebhookWriteSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        changed = services.change_webhook(endpoint=webhook, **given.validated_data)
        return Response(WebhookSerializer(changed).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, ref: str) -> Response:
        """Delete a webhook with its deliveries."""
        services.delete_webhook(endpoint=_webhook(ref))
        return Response(status=204)


class WebhookPreview(ScopedView):
    """POST tries a template; nothing is sent or kept."""

    write_permission = Permission.API_MANAGE

    @extend_schema(
        request=WebhookPreviewWriteSerializer, responses=WebhookPreviewSerializer(many=True)
    )
    def post(self, request: Request) -> Response:
        """What would be sent for a sample of each event; 422 says what is wrong."""
        given = WebhookPreviewWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        found = previews(given.validated_data["template"], given.validated_data["events"])
        rows = [{"event": kind.name, "body": body} for kind, body in found]
        return Response(WebhookPreviewSerializer(rows, many=True).data)


class WebhookSwitch(ScopedView):
    """POST switches a webhook on or off."""

    write_permission = Permission.API_MANAGE

    @extend_schema(request=SwitchSerializer, responses=WebhookSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Switch on, from now on, or off; 409 when it is so already."""
        webhook = _webhook(ref)
        given = SwitchSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        changed = services.switch_webhook(endpoint=webhook, **given.validated_data)
        return Response(WebhookSerializer(changed).data)


class WebhookSecret(ScopedView):
    """POST makes a new signing secret."""

    write_permission = Permission.API_MANAGE

    @extend_schema(request=ReasonSerializer, responses=SecretSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Make a new secret and show it this once; the old one signs for a day too."""
        webhook = _webhook(ref)
        secret = services.renew_secret(endpoint=webhook, reason=_reason(request))
        return Response({"secret": secret})


class WebhookTest(ScopedView):
    """POST sends a test event."""

    write_permission = Permission.API_MANAGE

    @extend_schema(request=None, responses={202: WebhookDeliverySerializer})
    def post(self, request: Request, ref: str) -> Response:
        """Put a test event down for one webhook; read the delivery for what came of it."""
        delivery = services.send_test(endpoint=_webhook(ref))
        return Response(WebhookDeliverySerializer(delivery).data, status=202)


class DeliveryList(ListView):
    """Deliveries of all webhooks, newest first."""

    read_permission = Permission.API_MANAGE
    serializer_class = WebhookDeliverySerializer
    filterset_class = DeliveryFilter
    pagination_class = CursorPages

    def rows(self) -> QuerySet[WebhookDelivery]:
        """Deliveries of the caller's operator."""
        return deliveries()


class DeliveryDetail(DetailView):
    """One delivery."""

    read_permission = Permission.API_MANAGE
    serializer_class = WebhookDeliverySerializer

    def get_object(self) -> WebhookDelivery:
        """The caller's own delivery, or 404."""
        return get_object_or_404(deliveries(), pk=int(self.kwargs["number"]))


class DeliveryReplay(ScopedView):
    """POST sends a delivery again."""

    write_permission = Permission.API_MANAGE

    @extend_schema(request=ReasonSerializer, responses={202: WebhookDeliverySerializer})
    def post(self, request: Request, number: str) -> Response:
        """Send it again with the same id; 409 while it waits or its webhook is off."""
        delivery = get_object_or_404(deliveries(), pk=int(number))
        services.replay(delivery=delivery, reason=_reason(request))
        return Response(WebhookDeliverySerializer(delivery).data, status=202)


urls = [
    address("webhooks", WebhookList, "webhooks"),
    address("webhook-preview", WebhookPreview, "webhook_preview"),
    address("webhooks/{ref}", WebhookDetail, "webhook"),
    address("webhooks/{ref}/switch", WebhookSwitch, "webhook_switch"),
    address("webhooks/{ref}/secret", WebhookSecret, "webhook_secret"),
    address("webhooks/{ref}/test", WebhookTest, "webhook_test"),
    address("webhook-deliveries", DeliveryList, "webhook_deliveries"),
    address("webhook-deliveries/{number}", DeliveryDetail, "webhook_delivery"),
    address("webhook-deliveries/{number}/replay", DeliveryReplay, "webhook_replay"),
]
