"""Endpoints that want to hear, events that were told, and their deliveries."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel

TEST_KIND = "webhook.test"


class WebhookState(models.TextChoices):
    """Whether an endpoint hears."""

    ON = "on", _("On")
    FAILING = "failing", _("Failing")
    OFF = "off", _("Off")


class WebhookEndpoint(TenantModel):
    """An address that hears of chosen events. Its signing key is sealed, since it must be read
    again; for a day after a change the old key signs too. ``template`` makes its own body of an
    event, ``sealed_headers`` go with it (``header_names`` are shown), and the pointers find the
    ticket in the answer. ``listening_since`` keeps events of
    before out, ``failing_since`` is the first failure after the last success."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=100)
    url = models.CharField(_("address"), max_length=500)
    events = models.JSONField(_("events"), default=list)
    sealed_secret = models.BinaryField()
    sealed_previous_secret = models.BinaryField(default=bytes, blank=True)
    previous_secret_until_at = models.DateTimeField(null=True, blank=True)
    template = models.TextField(_("template of the body"), blank=True, max_length=20_000)
    sealed_headers = models.BinaryField(default=bytes, blank=True)
    header_names = models.JSONField(_("headers"), default=list, blank=True)
    id_pointer = models.CharField(_("ticket's id in the answer"), max_length=200, blank=True)
    url_pointer = models.CharField(_("ticket's address in the answer"), max_length=200, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    inactive_reason = models.CharField(_("why it is off"), max_length=500, blank=True)
    listening_since_at = models.DateTimeField(default=timezone.now)
    failing_since_at = models.DateTimeField(_("failing since"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    last_success_at = models.DateTimeField(_("last success"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["name", "id"]
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> WebhookState:
        """On, failing or off."""
        if not self.is_active:
            return WebhookState.OFF
        return WebhookState.FAILING if self.failing_since_at else WebhookState.ON


class WebhookEvent(TenantModel):
    """An event that at least one endpoint wanted. ``body`` is sent as it stands, so that every
    try carries the same bytes. ``subject``: what it is about, as ``incident:inc_…``."""

    public_id = models.CharField(_("event id"), max_length=32)
    key = models.CharField(max_length=200)
    kind = models.CharField(_("event"), max_length=60)
    happened_at = models.DateTimeField(_("happened"))
    body = models.TextField(_("body"))
    subject = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, db_index=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "key"], name="webhook_event_key_once")
        ]
        indexes = [
            models.Index(
                fields=["operator", "subject"],
                condition=~models.Q(subject=""),
                name="webhook_event_subject_idx",
            )
        ]
        verbose_name = _("webhook event")
        verbose_name_plural = _("webhook events")

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class DeliveryState(models.TextChoices):
    """What became of a delivery."""

    PENDING = "pending", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Given up")


class WebhookDelivery(TenantModel):
    """One event for one endpoint, with what the last try brought. ``sent_body``: what the last
    try sent where a template made it, else empty."""

    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries"
    )
    event = models.ForeignKey(WebhookEvent, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(
        _("state"), max_length=10, choices=DeliveryState.choices, default=DeliveryState.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_at = models.DateTimeField(_("next try"), default=timezone.now)
    attempted_at = models.DateTimeField(_("last try"), null=True, blank=True)
    duration_ms = models.PositiveIntegerField(_("took (ms)"), null=True, blank=True)
    sent_body = models.TextField(_("what was sent"), blank=True)
    response_status = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    response_body = models.TextField(_("answer's body"), blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="webhook_delivery_once")
        ]
        indexes = [
            models.Index(fields=["operator", "-created_at"], name="webhook_delivery_recent_idx"),
            models.Index(
                fields=["next_at"],
                condition=models.Q(state="pending"),
                name="webhook_delivery_due_idx",
            ),
        ]
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")

    def __str__(self) -> str:
        return f"{self.event_id} → {self.endpoint_id}"


class WebhookTicket(TenantModel):
    """What another system made of an event: its id and address there. ``about`` and ``ref`` name
    our side, as ``incident`` and its public id."""

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="tickets")
    about = models.CharField(_("about"), max_length=40)
    ref = models.CharField(_("public id"), max_length=40)
    ticket = models.CharField(_("ticket"), max_length=200, blank=True)
    url = models.CharField(_("address"), max_length=500, blank=True)
    made_at = models.DateTimeField(_("made"), default=timezone.now)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "about", "ref"], name="webhook_ticket_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(ticket="", url=""), name="webhook_ticket_named"
            ),
        ]
        indexes = [models.Index(fields=["operator", "about", "ref"], name="webhook_ticket_idx")]
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")

    def __str__(self) -> str:
        return self.ticket or self.url


class WebhookCursor(models.Model):
    """How far a source has been read."""

    source = models.CharField(max_length=40, primary_key=True)
    position_at = models.DateTimeField()
    swept_at = models.DateTimeField()

    class Meta:
        ordering = ["source"]
        verbose_name = _("webhook cursor")
        verbose_name_plural = _("webhook cursors")

    def __str__(self) -> str:
        return self.source
