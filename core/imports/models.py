"""Imports: the file as it came, what was in it, and what became of it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.models import User
from core.tenancy.models import TenantModel


class ImportState(models.TextChoices):
    """Life of an import."""

    DRAFT = "draft", _("Preview")
    DONE = "done", _("Imported")
    DISCARDED = "discarded", _("Discarded")


class ImportRun(TenantModel):
    """One uploaded file. ``sheet`` is its table; cells of secret columns are kept sealed there,
    and hidden in ``original``. ``objects_done`` are the rows that it made or changed."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    kind = models.CharField(_("kind"), max_length=40)
    user = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    user_label = models.CharField(_("who"), max_length=200)
    file_name = models.CharField(_("file"), max_length=200)
    size_bytes = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    origin = models.CharField(_("read as"), max_length=60)
    original = models.BinaryField()
    is_redacted = models.BooleanField(default=False)
    sheet = models.JSONField(default=dict)
    state = models.CharField(
        _("state"), max_length=10, choices=ImportState.choices, default=ImportState.DRAFT
    )
    row_count = models.PositiveIntegerField(_("rows"), default=0)
    created_count = models.PositiveIntegerField(_("new"), default=0)
    changed_count = models.PositiveIntegerField(_("changed"), default=0)
    objects_done = models.JSONField(default=list)
    reason = models.TextField(_("reason"), blank=True)
    request_id = models.CharField(_("request id"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)
    done_at = models.DateTimeField(_("imported"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["operator", "-created_at"], name="import_run_recent_idx")]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return self.file_name
