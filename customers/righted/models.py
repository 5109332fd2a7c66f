"""Credit notes that put single sessions right."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Invoice
from billing.payments.models import amount_field
from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from stations.sessions.models import Session


class SessionRighting(TenantModel):
    """One time that a billed session was put right. ``stood``: what it cost before, with VAT, as
    the person saw it; ``amount``: what went back by ``credit_note``. Rows are never changed."""

    placing = Placing("session_id", "stations.Session")

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="rightings")
    credit_note = models.OneToOneField(
        Invoice, on_delete=models.PROTECT, related_name="session_righting"
    )
    stood = amount_field(_("cost before"))
    amount = amount_field(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    reason = models.CharField(_("why"), max_length=500)
    created_at = models.DateTimeField(_("done"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gt=0, amount__lte=models.F("stood")),
                name="session_righting_within",
            ),
        ]
        verbose_name = _("session put right")
        verbose_name_plural = _("sessions put right")

    def __str__(self) -> str:
        return str(self.credit_note)
