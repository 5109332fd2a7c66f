"""Answers of calls that carried an idempotency key; requests that were made by token."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.models import ApiToken
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


class ApiRequest(TenantModel):
    """One request that a program made with an API token, kept 30 days."""

    token = models.ForeignKey(
        ApiToken, on_delete=models.CASCADE, related_name="requests", db_index=False
    )
    at = models.DateTimeField(_("time"))
    method = models.CharField(_("method"), max_length=10)
    path = models.CharField(_("path"), max_length=300)
    status = models.PositiveSmallIntegerField(_("answer"))
    duration_ms = models.PositiveIntegerField(_("took (ms)"))
    request_id = models.CharField(_("request id"), max_length=64, blank=True)
    source_ip = models.GenericIPAddressField(_("from address"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["operator", "-at", "-id"], name="api_request_time_idx"),
            models.Index(fields=["token", "-at"], name="api_request_token_idx"),
            models.Index(fields=["at"], name="api_request_age_idx"),
        ]
        verbose_name = _("API request")
        verbose_name_plural = _("API requests")

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.status}"
