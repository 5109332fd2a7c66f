"""What must be told the public, and kept for inspectors, about one EVSE; columns of an EVSE."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from stations.hardware.meter_keys import MOST
from stations.sites.choices import GrantState, PublicAccess, Suitability
from stations.sites.disclosure import choice_field, text_field


class EvseDisclosure(models.Model):
    """The static elements of an EVSE (AFIR art. 20), its meter (MID) and its grant."""

    public_access = choice_field(
        _("publicly accessible"), PublicAccess, _("Not stated: as the site.")
    )
    access_reason = text_field(_("why not, or when"), 300)
    payment_terminal = text_field(
        _("payment terminal"), 40, _("Its id at the terminal gateway; several EVSEs may share one.")
    )
    payment_ways = models.JSONField(_("ways to pay"), default=list, db_default=[], blank=True)
    vehicle_types = models.JSONField(_("vehicles"), default=list, db_default=[], blank=True)
    parking_restrictions = models.JSONField(
        _("parking restrictions"), default=list, db_default=[], blank=True
    )
    parking_note = text_field(_("about parking"), 200, _("For example: at most 3 hours, 8–18."))
    accessibility = choice_field(
        _("suitable for people with disabilities"), Suitability, _("Not stated: as the site.")
    )
    meter_make = text_field(_("meter make and model"), 80)
    meter_serial = text_field(_("meter serial number"), 64)
    meter_mid_year = models.PositiveSmallIntegerField(
        _("MID year"),
        null=True,
        blank=True,
        validators=[MinValueValidator(2000), MaxValueValidator(2100)],
        help_text=_("The two digits after M on the meter, as a year."),
    )
    meter_class = text_field(_("accuracy class"), 8, _("A, B or C; DC meters also 0.5 or 1."))
    meter_public_key = text_field(
        _("public key of the meter"),
        MOST,
        _("By it signed values are checked: hexadecimal, Base64 or PEM."),
    )
    grant_state = choice_field(_("grant"), GrantState)
    grant_name = text_field(_("granted by, reference"), 120)
    grant_conditions = text_field(_("conditions"), 500)
    grant_ends_on = models.DateField(_("conditions end"), null=True, blank=True)

    class Meta:
        abstract = True
