"""Charging bases as they were sent, and how a site's file looks."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from customers.basis.layout import DEFAULT_COLUMNS
from customers.residents.models import Resident
from stations.sessions.models import Session
from stations.sites.models import Site


class BasisFormat(models.TextChoices):
    """The kind of file."""

    CSV = "csv", _("CSV")
    XLSX = "xlsx", _("XLSX")


class BasisEncoding(models.TextChoices):
    """How letters are written in a CSV file."""

    UTF8 = "utf-8", _("UTF-8")
    CP1252 = "cp1252", _("Windows (CP1252)")


class Separator(models.TextChoices):
    """What stands between cells of a CSV file."""

    SEMICOLON = ";", _("Semicolon")
    COMMA = ",", _("Comma")
    TAB = "\t", _("Tab")


class DecimalSign(models.TextChoices):
    """What stands before the decimals in a CSV file."""

    COMMA = ",", _("Comma")
    POINT = ".", _("Point")


def usual_columns() -> list[list[str]]:
    """The columns where nobody chose any."""
    return [list(pair) for pair in DEFAULT_COLUMNS]


class BasisLayout(TenantModel):
    """How the property manager of a site wants the file. ``columns``: pairs of column and heading
    in order. ``send_day``: on that day of the month the basis of the month before is frozen and
    sent by itself; empty: by hand."""

    placing = Placing("site_id")

    site = models.OneToOneField(Site, on_delete=models.CASCADE, related_name="basis_layout")
    file_format = models.CharField(
        _("format"), max_length=4, choices=BasisFormat.choices, default=BasisFormat.CSV
    )
    columns = models.JSONField(_("columns"), default=usual_columns)
    has_headings = models.BooleanField(_("first row has headings"), default=True)
    has_total = models.BooleanField(_("last row has sums"), default=False)
    separator = models.CharField(
        _("separator"), max_length=1, choices=Separator.choices, default=Separator.SEMICOLON
    )
    decimal_sign = models.CharField(
        _("decimal sign"), max_length=1, choices=DecimalSign.choices, default=DecimalSign.COMMA
    )
    encoding = models.CharField(
        _("letters"), max_length=8, choices=BasisEncoding.choices, default=BasisEncoding.UTF8
    )
    text = models.CharField(
        _("text of each row"),
        max_length=80,
        blank=True,
        default="Elbilsladdning {month}",
        help_text=_("{month} becomes the month, as in 2026-11."),
    )
    send_day = models.PositiveSmallIntegerField(_("sent by itself on day"), null=True, blank=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["site_id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(send_day__isnull=True)
                | models.Q(send_day__gte=1, send_day__lte=28),
                name="basis_layout_day",
            ),
        ]
        verbose_name = _("layout of a charging basis")
        verbose_name_plural = _("layouts of charging bases")

    def __str__(self) -> str:
        return str(self.site_id)


class BasisDelivery(models.TextChoices):
    """Where sending a basis stands."""

    NONE = "none", _("Not sent by mail")
    WAITING = "waiting", _("Waits to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")


DELIVERY_COLUMNS: Final = (
    "delivery", "to_email", "attempts", "next_at", "sent_at", "error",
)  # fmt: skip
"""The only columns of a basis that ever change (trigger)."""


class ChargingBasis(TenantModel):
    """What was charged at a site up to the end of a month, by resident, as it was sent. All but
    the delivery stays as it is (trigger); what is known later comes with the next basis.

    ``unknown_count``: sessions of nobody in the register that were left out. ``stored_at`` is set
    by the database: rows come in the same transaction or not at all.
    """

    placing = Placing("site_id")

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="bases")
    month_on = models.DateField(_("month"))
    currency = models.CharField(_("currency"), max_length=3)
    is_taxed = models.BooleanField(_("amounts hold VAT"))
    energy_wh = models.DecimalField(_("energy (Wh)"), max_digits=18, decimal_places=4)
    net = models.DecimalField(_("net"), max_digits=16, decimal_places=4)
    tax = models.DecimalField(_("VAT"), max_digits=16, decimal_places=4)
    gross = models.DecimalField(_("amount"), max_digits=16, decimal_places=4)
    session_count = models.PositiveIntegerField(_("sessions"))
    unknown_count = models.PositiveIntegerField(_("sessions of nobody"))
    file_name = models.CharField(_("file"), max_length=150)
    file_path = models.CharField(max_length=200, editable=False)
    file_sha256 = models.CharField(max_length=64, editable=False)
    layout = models.JSONField(default=dict)
    frozen_at = models.DateTimeField(_("frozen"))
    frozen_label = models.CharField(_("frozen by"), max_length=200, blank=True)
    stored_at = models.DateTimeField(null=True, editable=False)
    delivery = models.CharField(
        _("delivery"), max_length=8, choices=BasisDelivery.choices, default=BasisDelivery.NONE
    )
    to_email = models.EmailField(_("to"), max_length=254, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-month_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "month_on", "currency"], name="charging_basis_once"
            ),
            models.CheckConstraint(
                condition=models.Q(gross=models.F("net") + models.F("tax")),
                name="charging_basis_sums",
            ),
            models.CheckConstraint(
                condition=models.Q(month_on__day=1), name="charging_basis_month"
            ),
            models.CheckConstraint(
                condition=models.Q(is_taxed=True) | models.Q(tax=0), name="charging_basis_untaxed"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(delivery="waiting"),
                name="charging_basis_waits_idx",
            )
        ]
        verbose_name = _("charging basis")
        verbose_name_plural = _("charging bases")

    def __str__(self) -> str:
        return f"{self.month_on:%Y-%m}"


class BasisRow(TenantModel):
    """One resident in a basis, as they were called then. ``adjustment``: what of the amount
    corrects earlier months."""

    placing = Placing("basis_id", "customers.ChargingBasis")

    basis = models.ForeignKey(ChargingBasis, on_delete=models.PROTECT, related_name="rows")
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="basis_rows")
    position = models.PositiveIntegerField()
    object_number = models.CharField(_("object number"), max_length=40, blank=True)
    apartment = models.CharField(_("apartment"), max_length=40, blank=True)
    bay = models.CharField(_("bay"), max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=120)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    session_count = models.PositiveIntegerField(_("sessions"))
    energy_wh = models.DecimalField(_("energy (Wh)"), max_digits=18, decimal_places=4)
    net = models.DecimalField(_("net"), max_digits=16, decimal_places=4)
    tax = models.DecimalField(_("VAT"), max_digits=16, decimal_places=4)
    gross = models.DecimalField(_("amount"), max_digits=16, decimal_places=4)
    adjustment = models.DecimalField(
        _("of it corrections"), max_digits=16, decimal_places=4, default=0
    )

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["basis_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["basis", "resident"], name="basis_row_once"),
            models.CheckConstraint(
                condition=models.Q(gross=models.F("net") + models.F("tax")), name="basis_row_sums"
            ),
        ]
        verbose_name = _("row of a charging basis")
        verbose_name_plural = _("rows of charging bases")

    def __str__(self) -> str:
        return self.name


class BasisItem(TenantModel):
    """What a basis took of one session: all of it first, later what changed. ``number`` counts
    from 1 by session, so that two bases never take the same."""

    placing = Placing("row_id", "customers.BasisRow")

    row = models.ForeignKey(BasisRow, on_delete=models.PROTECT, related_name="items")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="basis_items")
    number = models.PositiveSmallIntegerField()
    delivered_on = models.DateField(_("day"))
    energy_wh = models.DecimalField(_("energy (Wh)"), max_digits=18, decimal_places=4)
    net = models.DecimalField(_("net"), max_digits=16, decimal_places=4)
    tax = models.DecimalField(_("VAT"), max_digits=16, decimal_places=4)
    gross = models.DecimalField(_("amount"), max_digits=16, decimal_places=4)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["row_id", "delivered_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="basis_item_once"),
        ]
        verbose_name = _("item of a charging basis")
        verbose_name_plural = _("items of charging bases")

    def __str__(self) -> str:
        return f"{self.session_id}/{self.number}"
