"""Second approvals of entries, and what sites are called in the books."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.accounting.models import JournalEntry
from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from stations.sites.models import Site


class EntryAttest(TenantModel):
    """Somebody else than who did it has approved a credit, a waiver or a loss (append-only)."""

    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="attest")
    by_label = models.CharField(_("approved by"), max_length=200)
    note = models.CharField(_("note"), max_length=500, blank=True)
    attested_at = models.DateTimeField(_("approved"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-attested_at", "-id"]
        verbose_name = _("second approval")
        verbose_name_plural = _("second approvals")

    def __str__(self) -> str:
        return f"{self.entry_id} {self.by_label}"


class SiteCode(TenantModel):
    """What a site is called in the books of all sellers, its cost centre as a rule; a site
    without one is called by its public id."""

    placing = Placing("site_id")

    site = models.OneToOneField(Site, on_delete=models.PROTECT, related_name="book_code")
    code = models.CharField(_("code in the books"), max_length=20)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["code", "id"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "code"], name="site_code_once"),
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[0-9A-Za-zÅÄÖåäö._-]{1,20}$"),
                name="site_code_written",
            ),
        ]
        verbose_name = _("site's code in the books")
        verbose_name_plural = _("sites' codes in the books")

    def __str__(self) -> str:
        return self.code
