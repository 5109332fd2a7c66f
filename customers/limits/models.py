"""The columns of limits, shared by tokens, drivers and companies."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from customers.limits.hours import HoursError, read_windows
from stations.sites.models import Site


def check_hours(stored: object) -> None:
    """Raise ValidationError for hours that cannot be read."""
    try:
        read_windows(stored)
    except HoursError as error:
        raise ValidationError(gettext(error.message)) from error


def money_limit(table: str) -> models.CheckConstraint:
    """An amount is never negative, and never without its currency."""
    return models.CheckConstraint(
        condition=models.Q(max_gross_per_month__isnull=True)
        | models.Q(max_gross_per_month__gte=0, limit_currency__regex=r"^[A-Z]{3}$"),
        name=f"{table}_money_limit",
    )


class LimitedModel(TenantModel):
    """Something that charges within limits; of several levels the tightest wins."""

    max_concurrent_sessions = models.PositiveSmallIntegerField(
        _("sessions at once"), null=True, blank=True
    )
    max_energy_wh_per_month = models.PositiveBigIntegerField(
        _("energy per month (Wh)"), null=True, blank=True
    )
    max_gross_per_month = models.DecimalField(
        _("amount per month"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("What the sessions of a month may cost, with VAT."),
    )
    limit_currency = models.CharField(
        _("currency of the limit"), max_length=3, blank=True, default="", db_default=""
    )
    allowed_sites = models.ManyToManyField(
        Site, verbose_name=_("only at these sites"), blank=True, related_name="+"
    )
    allowed_hours = models.JSONField(
        _("only in these hours"), default=list, blank=True, validators=[check_hours]
    )

    class Meta(TenantModel.Meta):
        abstract = True
