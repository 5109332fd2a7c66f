"""Writing the steps of a new station, and at last the station itself."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.accounts.models import User
from core.ids import public_id
from stations.hardware import evses as evse_services
from stations.hardware.catalogue.models import HardwareModel
from stations.hardware.choices import SecurityProfile
from stations.hardware.models import Station
from stations.hardware.services import create_station, refuse_identity
from stations.onboarding.models import StationDraft
from stations.sites.models import Site

SHOWN_FOR: Final = timedelta(minutes=15)
"""How long a step sent again shows the password again."""
KEPT_FOR: Final = timedelta(days=7)


def begin_draft(*, site: Site, by: User | None, values: Mapping[str, Any]) -> StationDraft:
    """Remember a site and what is known of the station so far."""
    draft: StationDraft = StationDraft.objects.create(
        operator_id=site.operator_id,
        public_id=public_id("new"),
        site=site,
        values=dict(values),
        nonce=secrets.token_hex(32),
        created_by=by,
    )
    return draft


def describe_station(*, draft: StationDraft, values: Mapping[str, Any]) -> StationDraft:
    """Keep the fields of the station; the identity must be free. Dates are kept as text."""
    refuse_identity(values["identity"])
    draft.values = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }
    draft.save(update_fields=["values"])
    return draft


@transaction.atomic
def finish_draft(
    *, draft: StationDraft, evses: Sequence[Mapping[str, Any]]
) -> tuple[Station, str | None]:
    """Create the station with its EVSEs; the same draft again gives the same station.

    Returns it with its password; None when that was made longer than SHOWN_FOR ago or seen.
    """
    draft = (
        StationDraft.objects.select_for_update(of=("self",))
        .select_related("site", "station")
        .get(pk=draft.pk)
    )
    if draft.station is not None:
        return draft.station, _secret_again(draft)
    values = _columns(draft.values)
    secret = _secret(draft) if _uses_password(values) else ""
    station, _password = create_station(site=draft.site, password=secret or None, **values)
    for one in evses:
        _create_evse(station, dict(one))
    draft.station, draft.evses, draft.finished_at = station, list(evses), timezone.now()
    draft.save(update_fields=["station", "evses", "finished_at"])
    return station, secret


def forget_secret(*, station: Station) -> None:
    """The password was seen: from now on nobody can make it again."""
    StationDraft.objects.filter(station=station).exclude(nonce="").update(nonce="")


def purge_drafts(*, now: datetime) -> int:
    """Drop drafts that nobody finished within a week, and the secrets of finished ones."""
    StationDraft.objects.filter(finished_at__lt=now - SHOWN_FOR).exclude(nonce="").update(nonce="")
    old = StationDraft.objects.filter(station=None, created_at__lt=now - KEPT_FOR)
    return old.delete()[0]


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of a station; the chosen model gives maker and model until it boots."""
    columns = {k: v for k, v in values.items() if k not in ("hardware_model", "version")}
    on = columns.get("commissioned_on")
    columns["commissioned_on"] = date.fromisoformat(on) if on else None
    model = HardwareModel.objects.filter(public_id=values.get("hardware_model") or "").first()
    if model is not None:
        columns |= {"hardware_model": model, "vendor": model.vendor}
        columns["model"] = "" if "*" in model.model else model.model
    return columns


def _uses_password(values: Mapping[str, Any]) -> bool:
    return values.get("security_profile", SecurityProfile.BASIC) in (
        SecurityProfile.BASIC,
        SecurityProfile.TLS_BASIC,
    )


def _secret(draft: StationDraft) -> str:
    """40 hex digits that only this server can make from the draft's nonce."""
    key = f"station-draft:{settings.STATION_KEY}".encode()
    return hmac.new(key, draft.nonce.encode(), hashlib.sha256).hexdigest()[:40]


def _secret_again(draft: StationDraft) -> str | None:
    fresh = draft.finished_at is not None and draft.finished_at > timezone.now() - SHOWN_FOR
    if not (fresh and draft.nonce):
        return None
    return _secret(draft) if _uses_password(draft.values) else ""


def _create_evse(station: Station, values: dict[str, Any]) -> None:
    connectors = values.pop("connectors")
    evse = evse_services.create_evse(station=station, **values)
    for number, connector in enumerate(connectors, start=1):
        evse_services.create_connector(evse=evse, number=number, **connector)
