"""Writing EVSEs and connectors."""

from __future__ import annotations

import re
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.tenancy.scopes import across_operators
from stations.hardware.models import Connector, Evse, Station

# eMI3 EVSE id: country, party, E, up to 31 letters, digits and separators (OCPI 2.2.1 evse_id).
_EVSE_ID: Final = re.compile(r"[A-Z]{2}\*[A-Z0-9]{3}\*E[A-Z0-9*]{1,31}")


@transaction.atomic
def create_evse(*, station: Station, number: int, **values: Any) -> Evse:
    """Add an EVSE to a station; its public id must differ from the socket identity."""
    if Evse.objects.filter(station=station, number=number).exists():
        raise RuleViolation(
            "evse_number_taken", _("The station has an EVSE of this number."), field="number"
        )
    evse = Evse(operator_id=station.operator_id, station=station, number=number, **values)
    _check_public_id(evse)
    evse.full_clean(validate_constraints=False, validate_unique=False)
    evse.save()
    record(
        "evse.create",
        evse,
        operator_id=evse.operator_id,
        after={"station": station, "number": number, **values},
    )
    return evse


@transaction.atomic
def change_evse(*, evse: Evse, reason: str = "", **changes: Any) -> Evse:
    """Change an EVSE; giving one that the station reported a value of ours confirms it."""
    before, after = apply_changes(evse, {"is_confirmed": True, **changes})
    if after:
        if "public_id" in after:
            _check_public_id(evse)
        evse.full_clean(validate_constraints=False, validate_unique=False)
        evse.save(update_fields=list(after))
        record(
            "evse.change",
            evse,
            operator_id=evse.operator_id,
            before=before,
            after=after,
            reason=reason,
        )
    return evse


def _check_public_id(evse: Evse) -> None:
    public_id = evse.public_id = evse.public_id or None
    if public_id is None:
        return
    if not _EVSE_ID.fullmatch(public_id) or public_id.upper() == evse.station.identity.upper():
        raise InvalidInput(
            "evse_id_form",
            _("Write an EVSE id such as SE*ABC*E000001*1, not the socket identity."),
            field="public_id",
        )
    with across_operators("an EVSE id is unique in the whole installation"):
        taken = Evse.objects.filter(public_id=public_id).exclude(pk=evse.pk).exists()
    if taken:
        raise RuleViolation(
            "evse_id_unavailable", _("This EVSE id is not available."), field="public_id"
        )


@transaction.atomic
def create_connector(*, evse: Evse, number: int, **values: Any) -> Connector:
    """Add a connector to an EVSE."""
    if Connector.objects.filter(evse=evse, number=number).exists():
        raise RuleViolation(
            "connector_number_taken", _("The EVSE has a connector of this number."), field="number"
        )
    connector = Connector(operator_id=evse.operator_id, evse=evse, number=number, **values)
    connector.full_clean(validate_constraints=False)
    connector.save()
    record(
        "connector.create",
        connector,
        operator_id=connector.operator_id,
        after={"evse": evse, "number": number, **values},
    )
    return connector


@transaction.atomic
def change_connector(*, connector: Connector, reason: str = "", **changes: Any) -> Connector:
    """Change what a connector is; its status is the station's to tell."""
    before, after = apply_changes(connector, {"is_confirmed": True, **changes})
    if after:
        connector.full_clean(validate_constraints=False)
        connector.save(update_fields=list(after))
        record(
            "connector.change",
            connector,
            operator_id=connector.operator_id,
            before=before,
            after=after,
            reason=reason,
        )
    return connector
