"""Bays of sites and the residents of housing associations."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.accounts.models import BillingAccount, DatedModel
from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from customers.drivers.models import Driver
from stations.hardware.models import Evse
from stations.sites.models import Site

LONGEST_NAME: Final = 40


class Bay(TenantModel):
    """A parking place of a site. ``evse``: the one that stands at the bay and nowhere else, so
    that what is charged there without a card of anybody is its resident's."""

    placing = Placing("site_id")

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="bays", verbose_name=_("site")
    )
    name = models.CharField(_("bay"), max_length=LONGEST_NAME)
    evse = models.OneToOneField(
        Evse,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="bay",
        verbose_name=_("EVSE"),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["site_id", "name", "id"]
        constraints = [
            models.UniqueConstraint("site", Lower("name"), name="bay_name_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="bay_name"),
        ]
        verbose_name = _("bay")
        verbose_name_plural = _("bays")

    def __str__(self) -> str:
        return self.name


class FinalBill(models.TextChoices):
    """Where the last bill of who moved out stands."""

    NONE = "", _("None")
    DUE = "due", _("To be made")
    MADE = "made", _("Made")
    NOTHING = "nothing", _("Nothing was due")


class Resident(DatedModel):
    """A person or household of a housing association, from moving in to moving out (both days
    included, in the site's zone). In one bay there is one at a time (trigger), and the bay is one
    of the site (trigger).

    What the ``driver``'s tokens begin at the site is the resident's; ``account`` is who pays
    where residents are invoiced. ``final_bill``: once moved out, the account's last bill is
    pulled from here; ``final_runs`` are the billing runs that made it.
    """

    placing = Placing("site_id")

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="residents", verbose_name=_("site")
    )
    object_number = models.CharField(_("object number"), max_length=LONGEST_NAME, blank=True)
    apartment = models.CharField(_("apartment"), max_length=LONGEST_NAME, blank=True)
    bay = models.ForeignKey(
        Bay,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="residents",
        verbose_name=_("bay"),
    )
    waits_since_on = models.DateField(_("waits for a bay since"), null=True, blank=True)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    driver = models.ForeignKey(
        Driver,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="residences",
        verbose_name=_("driver"),
    )
    account = models.ForeignKey(
        BillingAccount,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="residents",
        verbose_name=_("billing account"),
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    valid_from_on = models.DateField(_("moved in"), null=True, blank=True)
    valid_until_on = models.DateField(_("moved out"), null=True, blank=True)
    final_bill = models.CharField(
        _("final bill"), max_length=8, choices=FinalBill.choices, default="", blank=True
    )
    final_runs = models.JSONField(default=list, blank=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta(DatedModel.Meta):
        abstract = False
        ordering = ["site_id", "apartment", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_from_on__isnull=True)
                | models.Q(valid_until_on__isnull=True)
                | models.Q(valid_until_on__gte=models.F("valid_from_on")),
                name="resident_order",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="resident_name"),
            models.CheckConstraint(
                condition=models.Q(final_bill="") | models.Q(valid_until_on__isnull=False),
                name="resident_final_bill",
            ),
            models.CheckConstraint(
                condition=models.Q(bay__isnull=True) | models.Q(waits_since_on__isnull=True),
                name="resident_waits_without_bay",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "name"], name="resident_name_idx"),
            models.Index(
                fields=["valid_until_on"],
                condition=models.Q(final_bill="due"),
                name="resident_final_bill_idx",
            ),
        ]
        verbose_name = _("resident")
        verbose_name_plural = _("residents")

    def __str__(self) -> str:
        return self.name
