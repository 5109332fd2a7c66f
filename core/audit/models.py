"""The audit trail: every change by a person, an API token or the system."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel


class ActorKind(models.TextChoices):
    """Who acted."""

    PERSON = "person", _("Person")
    API_TOKEN = "api_token", _("API token")
    SYSTEM = "system", _("System")


class AuditEntry(TenantModel):
    """Who changed what, when, from what to what, and why. Never updated or deleted."""

    at = models.DateTimeField(_("time"), default=timezone.now, db_index=True)
    actor_kind = models.CharField(_("actor kind"), max_length=10, choices=ActorKind.choices)
    actor_id = models.BigIntegerField(null=True, blank=True)
    actor_label = models.CharField(_("who"), max_length=200)
    verb = models.CharField(_("what"), max_length=60)
    object_type = models.CharField(_("object type"), max_length=60)
    object_id = models.CharField(max_length=64)
    object_label = models.CharField(_("object"), max_length=200)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    reason = models.TextField(_("reason"), blank=True)
    request_id = models.CharField(_("request id"), max_length=64, blank=True)
    source_ip = models.GenericIPAddressField(_("from"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(
                fields=["operator", "object_type", "object_id", "-at"], name="audit_object_idx"
            ),
            models.Index(fields=["operator", "-at"], name="audit_recent_idx"),
        ]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")

    def __str__(self) -> str:
        return f"{self.verb} {self.object_label}"
