"""Who supplied a station, how long it is under warranty, and what was claimed from whom."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from stations.hardware.models import Station
from stations.incidents.models import Incident
from stations.maintenance.models import WorkOrder
from stations.maintenance.partner_models import Partner

_OF_STATION = Placing("station_id", "stations.Station")


class StationWarranty(TenantModel):
    """Who supplied a station and until when they answer for it."""

    placing = _OF_STATION

    station = models.OneToOneField(Station, on_delete=models.CASCADE, related_name="warranty")
    supplier = models.ForeignKey(
        Partner,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("supplier"),
    )
    bought_on = models.DateField(_("bought"), null=True, blank=True)
    ends_on = models.DateField(_("warranty until"), null=True, blank=True)
    reference = models.CharField(_("purchase order or invoice"), max_length=80, blank=True)
    note = models.CharField(_("terms"), max_length=500, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["ends_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(bought_on=None)
                | models.Q(ends_on=None)
                | models.Q(ends_on__gte=models.F("bought_on")),
                name="station_warranty_order",
            )
        ]
        indexes = [models.Index(fields=["operator", "ends_on"], name="station_warranty_end_idx")]
        verbose_name = _("warranty of a station")
        verbose_name_plural = _("warranties of stations")

    def __str__(self) -> str:
        return f"{self.station_id}: {self.ends_on or ''}"


class ClaimState(models.TextChoices):
    """How far a claim is (``claims.NEXT``)."""

    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Sent to the supplier")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
    SETTLED = "settled", _("Settled with the supplier")


class WarrantyClaim(TenantModel):
    """What a supplier is to put right or pay for, with what proves it: serial number, fault codes,
    work orders and their parts. The hardware's names are kept as they were."""

    placing = _OF_STATION

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(
        _("state"), max_length=10, choices=ClaimState.choices, default=ClaimState.DRAFT
    )
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="claims")
    supplier = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="claims", verbose_name=_("supplier")
    )
    incident = models.ForeignKey(
        Incident, on_delete=models.SET_NULL, null=True, blank=True, related_name="claims"
    )
    vendor = models.CharField(_("vendor"), max_length=64, blank=True)
    model = models.CharField(_("model"), max_length=64, blank=True)
    serial_number = models.CharField(_("serial number"), max_length=64, blank=True)
    firmware_version = models.CharField(_("firmware"), max_length=64, blank=True)
    failed_on = models.DateField(_("failed on"))
    warranty_ends_on = models.DateField(_("warranty until"))
    fault_codes = models.CharField(_("fault codes"), max_length=200, blank=True)
    description = models.TextField(_("description"), max_length=4000, blank=True)
    reference = models.CharField(_("the supplier's case number"), max_length=80, blank=True)
    claimed_amount = models.DecimalField(
        _("claimed"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    recovered_amount = models.DecimalField(
        _("recovered"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3)
    answer = models.CharField(_("the supplier's answer"), max_length=1000, blank=True)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    made_by = models.CharField(_("made by"), max_length=200)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    decided_at = models.DateTimeField(_("answered"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled with the supplier"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-number", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "number"], name="warranty_claim_number_once"
            ),
            models.CheckConstraint(
                condition=models.Q(failed_on__lte=models.F("warranty_ends_on")),
                name="warranty_claim_in_time",
            ),
            models.CheckConstraint(
                condition=(models.Q(claimed_amount=None) | models.Q(claimed_amount__gte=0))
                & ~models.Q(currency=""),
                name="warranty_claim_amount",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state="settled", settled_at__isnull=False, recovered_amount__gte=0
                )
                | ~models.Q(state="settled") & models.Q(settled_at=None, recovered_amount=None),
                name="warranty_claim_settled",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft", sent_at=None)
                | ~models.Q(state="draft") & models.Q(sent_at__isnull=False),
                name="warranty_claim_sent",
            ),
        ]
        indexes = [models.Index(fields=["operator", "state"], name="warranty_claim_state_idx")]
        verbose_name = _("warranty claim")
        verbose_name_plural = _("warranty claims")

    def __str__(self) -> str:
        return f"W{self.number}"


class ClaimOrder(TenantModel):
    """A work order that a claim refers to; its parts are claimed with it."""

    placing = Placing("claim_id", "stations.WarrantyClaim")

    claim = models.ForeignKey(WarrantyClaim, on_delete=models.CASCADE, related_name="order_links")
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="claim_links")

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["claim_id", "order_id"]
        constraints = [models.UniqueConstraint(fields=["claim", "order"], name="claim_order_once")]
        verbose_name = _("work order of a claim")
        verbose_name_plural = _("work orders of claims")

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.order_id}"
