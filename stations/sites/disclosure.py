"""What must be told the public about a place (AFIR art. 20, (EU) 2025/655), as columns of a site.

Every column may be empty: what is not known is not stated, and the completeness list says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from stations.sites.choices import AccessType, ParkingType, PublicAccess, Renewable, Suitability

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Text = str | _StrPromise


def text_field(label: Text, length: int, help_text: Text = "") -> models.CharField[str, str]:
    """A text that may be empty, also for rows that are written without the ORM."""
    return models.CharField(
        label,
        max_length=length,
        blank=True,
        default="",
        db_default="",
        help_text=help_text,
    )


def choice_field(
    label: Text, choices: type[models.TextChoices], help_text: Text = ""
) -> models.CharField[str, str]:
    """A word of ``choices``; empty: not stated."""
    return models.CharField(
        label,
        max_length=20,
        choices=choices.choices,
        blank=True,
        default="",
        db_default="",
        help_text=help_text,
    )


class SiteDisclosure(models.Model):
    """The static elements of a place. ``opening_hours`` is None where they are not stated."""

    public_access = choice_field(
        _("publicly accessible"),
        PublicAccess,
        _("Decides price rules, the public map and the public data feed."),
    )
    access_reason = text_field(
        _("why not, or when"), 300, _("For example: guest bays of a housing association.")
    )
    guest_charging = models.BooleanField(
        _("guests may charge without an account"),
        default=True,
        db_default=True,
        help_text=_(
            "They pay by the code on the connector. Public places must let them (AFIR art. 5)."
        ),
    )
    access_type = choice_field(_("who may enter"), AccessType)
    parking_type = choice_field(_("kind of place"), ParkingType)
    directions = text_field(_("directions"), 500, _("How to find the stations once there."))
    opening_hours = models.JSONField(_("opening hours"), null=True, blank=True)
    operator_phone = text_field(_("operator's telephone"), 40)
    operator_email = models.EmailField(
        _("operator's e-mail address"), blank=True, default="", db_default=""
    )
    owner_name = text_field(_("owner of the stations"), 120)
    owner_phone = text_field(_("owner's telephone"), 40)
    owner_email = models.EmailField(
        _("owner's e-mail address"), blank=True, default="", db_default=""
    )
    host_name = text_field(_("site host"), 120, _("Whose land or house it is."))
    host_contact = text_field(_("contact at the host"), 200)
    accessibility = choice_field(_("suitable for people with disabilities"), Suitability)
    accessibility_note = text_field(_("what to know about it"), 300)
    accessible_spaces = models.PositiveSmallIntegerField(
        _("parking spaces for people with disabilities"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(9999)],
    )
    is_renewable = choice_field(_("renewable electricity"), Renewable)
    renewable_note = text_field(
        _("share and source"), 200, _("For example: 100 % wind power with guarantees of origin.")
    )

    class Meta:
        abstract = True
