"""What an operator publishes, when it last changed, and who fetched it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel


class OpenDataFeed(TenantModel):
    """Whether an operator's public places are published, and whether a key is asked for."""

    is_open = models.BooleanField(_("published"), default=False)
    key_digest = models.CharField(max_length=64, blank=True)
    national_id = models.CharField(
        _("registered ID"), max_length=60, blank=True,
        help_text=_("The ID under which the national access point knows the operator."),
    )  # fmt: skip
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["operator_id"]
        constraints = [models.UniqueConstraint(fields=["operator"], name="open_data_feed_once")]
        verbose_name = _("open data")
        verbose_name_plural = _("open data")

    def __str__(self) -> str:
        return f"{self.operator_id}"


class OpenDataDocument(TenantModel):
    """The last form of one document: its digest, and since when it is so."""

    name = models.CharField(_("document"), max_length=24)
    digest = models.CharField(max_length=64)
    changed_at = models.DateTimeField(_("last change"), default=timezone.now)
    checked_at = models.DateTimeField(_("made"), default=timezone.now)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["operator_id", "name"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "name"], name="open_data_document_once")
        ]
        verbose_name = _("document of open data")
        verbose_name_plural = _("documents of open data")

    def __str__(self) -> str:
        return self.name


class OpenDataFetch(TenantModel):
    """Who reads a document: what the reader calls itself, and when it came last."""

    name = models.CharField(_("document"), max_length=24)
    reader = models.CharField(_("reader"), max_length=120)
    times = models.PositiveIntegerField(_("times"), default=1)
    last_at = models.DateTimeField(_("last fetch"), default=timezone.now)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-last_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "name", "reader"], name="open_data_fetch_once"
            )
        ]
        verbose_name = _("fetch of open data")
        verbose_name_plural = _("fetches of open data")

    def __str__(self) -> str:
        return f"{self.name}: {self.reader}"
