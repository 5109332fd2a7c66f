"""What to do about sessions of nobody in the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Cure:
    """Why a session is nobody's, and what makes it somebody's."""

    why: str | Promise
    cure: str | Promise


CURES: Final[Mapping[str, Cure]] = {
    "no_token": Cure(
        _("Started without a card"),
        _("If the EVSE stands at one bay alone, say so on the page of the bay."),
    ),
    "token_of_nobody": Cure(
        _("The card belongs to nobody"), _("Hand the card over to a resident.")
    ),
    "driver_not_registered": Cure(
        _("The driver did not live here that day"),
        _("Enter the driver as a resident, or correct the days of moving in and out."),
    ),
    "company": Cure(
        _("A card of a company's pool"),
        _("Hand the card over to a resident, or agree with the company outside the basis."),
    ),
}
