"""Writing stations: creating, changing, giving a new password, retiring."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from core.tenancy.scopes import across_operators
from core.tenancy.today import operator_today
from stations.hardware.choices import SecurityProfile
from stations.hardware.identity import is_identity
from stations.hardware.models import Station, StationLink
from stations.hardware.passwords import digest_password, make_password
from stations.hardware.quirks import NAMED_QUIRKS, parse_quirks
from stations.sites.models import Site


@transaction.atomic
def create_station(
    *, site: Site, identity: str, password: str | None = None, **values: Any
) -> tuple[Station, str]:
    """Create a station and return it with its password, which is shown this once.

    Without ``password`` one of 20 random bytes is made; security profiles 0 and 3 have none
    unless given. An identity that any operator uses gets the same neutral refusal.
    """
    refuse_identity(identity)
    values.setdefault("name", identity)
    station = Station(
        operator=site.operator,
        site=site,
        public_id=public_id("cs"),
        identity=identity,
        **values,
    )
    secret = _initial_password(station, password)
    station.full_clean(validate_constraints=False)
    station.save()
    StationLink.objects.create(station=station)
    record(
        "station.create",
        station,
        operator_id=station.operator_id,
        after={"identity": identity, "site": site, **values},
    )
    return station, secret


def _initial_password(station: Station, password: str | None) -> str:
    uses_one = station.security_profile in (SecurityProfile.BASIC, SecurityProfile.TLS_BASIC)
    secret = password if password is not None else (make_password() if uses_one else "")
    station.password_digest = _digest(secret) if secret else ""
    return secret


def _digest(password: str) -> str:
    return digest_password(password.encode(), settings.STATION_KEY, imported=True)


def refuse_identity(identity: str) -> None:
    """Raise unless a new station may have this identity."""
    if not is_identity(identity):
        raise InvalidInput(
            "identity_form",
            _("Use 1 to 48 printable characters without space, slash, colon, ?, # or \\."),
            field="identity",
        )
    with across_operators("a socket identity is unique in the whole installation"):
        if Station.objects.filter(identity__iexact=identity).exists():
            raise RuleViolation(
                "identity_unavailable", _("This identity is not available."), field="identity"
            )


@transaction.atomic
def change_station(*, station: Station, reason: str = "", **changes: Any) -> Station:
    """Change a station's own fields; a new identity must be free, a new site our own."""
    identity = changes.get("identity", station.identity)
    if identity.upper() != station.identity.upper():
        refuse_identity(identity)
    before, after = apply_changes(station, changes)
    if after:
        station.full_clean(validate_constraints=False)
        station.save(update_fields=list(after))
        record(
            "station.change",
            station,
            operator_id=station.operator_id,
            before=before,
            after=after,
            reason=reason,
        )
    return station


def change_quirks(*, station: Station, quirks: dict[str, Any], reason: str = "") -> Station:
    """Replace a station's own quirks; refused when nobody knows one of them.

    Sessions that are already read stay as they are until they are read again.
    """
    try:
        parse_quirks({name: value for name, value in quirks.items() if value not in (None, False)})
        parse_quirks({name: True for name in quirks if name in NAMED_QUIRKS})
    except ValueError as error:
        raise InvalidInput("quirks", str(error), field="quirks") from error
    return change_station(station=station, quirks=quirks, reason=reason)


@transaction.atomic
def set_password(*, station: Station, password: str | None = None, reason: str = "") -> str:
    """Give the station a password (a new random one unless given) and return it, this once.

    The station must be told by other means; its open connection stays.
    """
    secret = password if password is not None else make_password()
    if not secret:
        raise InvalidInput("empty_password", _("The password is empty."), field="password")
    station.password_digest = _digest(secret)
    station.save(update_fields=["password_digest"])
    record("station.set_password", station, operator_id=station.operator_id, reason=reason)
    return secret


@transaction.atomic
def store_digest(*, station: Station, digest: str, reason: str = "") -> None:
    """Give the station a password that is known by its digest alone (an imported one)."""
    station.password_digest = digest
    station.save(update_fields=["password_digest"])
    record("station.set_password", station, operator_id=station.operator_id, reason=reason)


@transaction.atomic
def retire_station(*, station: Station, on: date | None = None, reason: str = "") -> Station:
    """Retire a station with its EVSEs: it may not connect any more; its history stays."""
    if station.retired_on is not None:
        raise RuleViolation("station_retired", _("The station has been retired already."))
    day = on or operator_today()
    station.evses.filter(retired_on=None).update(retired_on=day)
    end_connection(station)
    return change_station(station=station, reason=reason, retired_on=day)


def end_connection(station: Station) -> None:
    """Let the bridge close the station's present connection: its generation is over.

    Facts that still come on the old socket are stored; see docs/ocpp.md.
    """
    StationLink.objects.filter(station=station, is_connected=True).update(
        generation=F("generation") + 1, is_connected=False, disconnected_at=timezone.now()
    )


@transaction.atomic
def reinstate_station(*, station: Station, reason: str = "") -> Station:
    """Take a retired station back into use, with the EVSEs that were retired with it."""
    if station.retired_on is None:
        raise RuleViolation("station_in_use", _("The station is in use."))
    station.evses.filter(retired_on=F("station__retired_on")).update(retired_on=None)
    return change_station(station=station, reason=reason, retired_on=None)
