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


class LimitedModel(TenantModel):
    """Something that charges within limits; of several levels the tightest wins."""

    max_concurrent_sessions = models.PositiveSmallIntegerField(
        _("sessions at once"), null=True, blank=True
    )
    max_energy_wh_per_month = models.PositiveBigIntegerField(
        _("energy per month (Wh)"), null=True, blank=True
    )
    allowed_sites = models.ManyToManyField(
        Site, verbose_name=_("only at these sites"), blank=True, related_name="+"
    )
    allowed_hours = models.JSONField(
        _("only in these hours"), default=list, blank=True, validators=[check_hours]
    )

    class Meta(TenantModel.Meta):
        abstract = True
