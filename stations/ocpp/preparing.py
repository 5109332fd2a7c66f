"""Filling in what a command needs and a person should not have to think of."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from stations.hardware.models import Station
from stations.ocpp import local_lists
from stations.ocpp.models import ChargingProfile
from stations.ocpp.outbound import COMMANDS
from stations.ocpp.payloads import whole
from stations.ocpp.profile_shapes import in_version
from stations.ocpp.reservations import next_number

Parameters = dict[str, Any]
Fill = Callable[[Station, Parameters, str], Parameters]
_NUMBERS: Final = ("request_id", "remote_start_id")
_PROFILE_ID: Final = "profile_id"


def prepared(station: Station, command: str, given: Parameters, version: str) -> Parameters:
    """The parameters with numbers allocated, a stored profile put in, a local list filled.

    ``profile_id`` of ``set_charging_profile`` and ``remote_start`` names a stored profile.
    """
    values = dict(given)
    known = COMMANDS.get(command)
    for parameter in known.parameters if known else ():
        if parameter.name in _NUMBERS and version in parameter.versions:
            values.setdefault(parameter.name, secrets.randbelow(2**31 - 1) + 1)
    fill = _FILLS.get(command)
    return fill(station, values, version) if fill else values


def _reservation(station: Station, values: Parameters, _version: str) -> Parameters:
    values.setdefault("reservation_id", next_number(station))
    return values


def _profile(_station: Station, values: Parameters, version: str) -> Parameters:
    if _PROFILE_ID not in values:
        return values
    number = values.pop(_PROFILE_ID)
    stored = ChargingProfile.objects.filter(number=whole(number)).first()
    if stored is None:
        raise InvalidInput(
            "unknown_profile", _("There is no stored profile of this number."), field=_PROFILE_ID
        )
    return {**values, "profile": in_version(stored.profile, version)}


def _local_list(station: Station, values: Parameters, version: str) -> Parameters:
    return local_lists.complete(station, values, version=version, at=timezone.now())


_FILLS: Final[dict[str, Fill]] = {
    "reserve_now": _reservation,
    "set_charging_profile": _profile,
    "remote_start": _profile,
    "send_local_list": _local_list,
}
