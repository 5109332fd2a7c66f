"""Tariffs, their versions, and where each of them holds."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import AnyPlacing, Placing
from stations.hardware.choices import ConnectorType
from stations.hardware.models import Evse, Station
from stations.sites.models import Site


class Tariff(TenantModel):
    """A price by name. What it says stands in its versions; currency and whether prices are
    entered with VAT never change, so that versions can be compared."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=100)
    currency = models.CharField(_("currency"), max_length=3)
    is_tax_included = models.BooleanField(
        _("prices with VAT"),
        default=True,
        help_text=_("Consumers see prices with VAT, companies without."),
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint("operator", Upper("name"), name="tariff_name_ci_once"),
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="tariff_currency_form"
            ),
        ]
        verbose_name = _("tariff")
        verbose_name_plural = _("tariffs")

    def __str__(self) -> str:
        return self.name


class VersionState(models.TextChoices):
    """Where a version is in its life."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Withdrawn")


class TariffVersion(TenantModel):
    """What a tariff says from an instant on, until the next version takes effect.

    ``document`` is the OCPI 2.3.0 tariff of ``model.py``; ``digest`` the SHA-256 of its canonical
    form. A published version is never changed or deleted (trigger); one that has not taken effect
    may be withdrawn. ``edition`` counts the saves of a draft.
    """

    tariff = models.ForeignKey(Tariff, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(
        _("state"), max_length=10, choices=VersionState.choices, default=VersionState.DRAFT
    )
    document = models.JSONField(_("document"))
    digest = models.CharField(_("SHA-256"), max_length=64)
    edition = models.PositiveIntegerField(default=1)
    takes_effect_at = models.DateTimeField(_("takes effect"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.CharField(_("published by"), max_length=200, blank=True)
    retired_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    note = models.CharField(_("why"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["tariff_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["tariff", "number"], name="tariff_version_number_once"),
            models.UniqueConstraint(
                fields=["tariff"],
                condition=models.Q(state="draft"),
                name="tariff_version_one_draft",
            ),
            models.UniqueConstraint(
                fields=["tariff", "takes_effect_at"],
                condition=models.Q(state="published"),
                name="tariff_version_start_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft", takes_effect_at=None, published_at=None)
                | models.Q(
                    state__in=["published", "retired"],
                    takes_effect_at__isnull=False,
                    published_at__isnull=False,
                ),
                name="tariff_version_published_has_start",
            ),
            models.CheckConstraint(
                condition=models.Q(digest__regex=r"^[0-9a-f]{64}$"),
                name="tariff_version_digest_form",
            ),
        ]
        verbose_name = _("tariff version")
        verbose_name_plural = _("tariff versions")

    def __str__(self) -> str:
        return f"{self.tariff_id}/{self.number}"


class TariffAssignment(TenantModel):
    """Where a tariff holds: for the operator as a whole or one site, station or EVSE, for every
    or one connector type, for everyone or one price group, from an instant until another.

    No two for the same place, connector type and price group overlap (trigger). A member
    limited to sites sees all that hold there: those of the sites, their stations and EVSEs, and
    those of the whole network.
    """

    placing = AnyPlacing(
        (
            Placing("site_id"),
            Placing("station_id", "stations.Station"),
            Placing("evse_id", "stations.Evse"),
        )
    )

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    tariff = models.ForeignKey(Tariff, on_delete=models.PROTECT, related_name="assignments")
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    evse = models.ForeignKey(
        Evse, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    connector_type = models.CharField(
        _("connector type"), max_length=24, choices=ConnectorType.choices, blank=True, default=""
    )
    price_group = models.ForeignKey(
        "billing.PriceGroup", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    valid_from_at = models.DateTimeField(_("valid from"))
    valid_to_at = models.DateTimeField(_("valid to"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-valid_from_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(site=None, station=None)
                | models.Q(site=None, evse=None)
                | models.Q(station=None, evse=None),
                name="tariff_assignment_one_place",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to_at=None)
                | models.Q(valid_to_at__gt=models.F("valid_from_at")),
                name="tariff_assignment_period_order",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "valid_from_at"], name="tariff_assignment_from_idx")
        ]
        verbose_name = _("tariff assignment")
        verbose_name_plural = _("tariff assignments")

    def __str__(self) -> str:
        return self.public_id
