"""Answers of calls that carried an idempotency key."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel


class IdempotentCall(TenantModel):
    """One acting call by its caller's key. Made before the call acts; ``status`` is empty until
    it has answered. The answer is sealed, since it may hold a secret that is shown once."""

    caller = models.CharField(_("caller"), max_length=40, help_text="token:<id> or user:<id>")
    key_digest = models.CharField(max_length=64)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    sealed_answer = models.BinaryField(default=bytes)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"), db_index=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "caller", "key_digest"], name="idempotent_call_once"
            )
        ]
        verbose_name = _("idempotent call")
        verbose_name_plural = _("idempotent calls")

    def __str__(self) -> str:
        return f"{self.caller} {self.created_at}"
