"""What drivers were told of idle time while their session ran."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from stations.sessions.models import Session


class IdleNotice(TenantModel):
    """One stretch of idle time for which a fee is due, of a driver who can be told.

    ``idle_since_at``: when it was noticed; the fee begins no earlier than ``fee_from_at`` says.
    ``warn_by_at``: the warning must have come by then, else the fee begins later. ``ended_at``:
    the car took power again, or left.
    """

    placing = Placing("session_id", "stations.Session")

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="idle_notices")
    address = models.EmailField(_("e-mail"), max_length=254)
    language = models.CharField(_("language"), max_length=10)
    idle_since_at = models.DateTimeField(_("idle since"))
    fee_from_at = models.DateTimeField(_("idle fee from"))
    warn_by_at = models.DateTimeField(_("to be warned by"))
    told_at = models.DateTimeField(_("told that charging ended"), null=True, blank=True)
    warned_at = models.DateTimeField(_("warned"), null=True, blank=True)
    ended_at = models.DateTimeField(_("idle until"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["idle_since_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session"],
                condition=models.Q(ended_at__isnull=True),
                name="idle_notice_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(fee_from_at__gte=models.F("idle_since_at")),
                name="idle_notice_order",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(ended_at__isnull=True),
                name="idle_notice_open_idx",
            )
        ]
        verbose_name = _("idle notice")
        verbose_name_plural = _("idle notices")

    def __str__(self) -> str:
        return f"{self.session_id} {self.idle_since_at:%Y-%m-%d %H:%M}"
