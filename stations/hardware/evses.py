"""Writing EVSEs and connectors."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.models import Operator
from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.tenancy.scopes import across_operators
from stations.hardware.evse_ids import is_evse_id, next_stem, prefix_of, proposal, stem_of
from stations.hardware.meter_keys import meter_key
from stations.hardware.models import Connector, Evse, Station
from stations.sites.choices import ParkingRestriction, PaymentWay, VehicleType

_LISTS = {
    "payment_ways": PaymentWay,
    "vehicle_types": VehicleType,
    "parking_restrictions": ParkingRestriction,
}


@transaction.atomic
def create_evse(*, station: Station, number: int, **values: Any) -> Evse:
    """Add an EVSE to a station; its public id must differ from the socket identity."""
    if Evse.objects.filter(station=station, number=number).exists():
        raise RuleViolation(
            "evse_number_taken", _("The station has an EVSE of this number."), field="number"
        )
    evse = Evse(operator_id=station.operator_id, station=station, number=number, **values)
    _check_public_id(evse)
    _check_lists(evse)
    _check_meter_key(evse)
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
            _refuse_used_id(evse, before["public_id"])
            _check_public_id(evse)
        _check_lists(evse)
        _check_meter_key(evse)
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


def propose_public_id(*, station: Station, number: int) -> str:
    """A free EVSE id: of the station's other EVSEs' stem, else of the operator's next one."""
    operator = station.operator
    prefix = prefix_of(operator.country_code, operator.party_id)
    with across_operators("an EVSE id is unique in the whole installation"):
        rows = Evse.objects.filter(public_id__startswith=prefix)
        taken = list(rows.values_list("public_id", flat=True))
    siblings = station.evses.exclude(public_id=None).values_list("public_id", flat=True)
    found = (stem_of(one or "") for one in siblings)
    stems = [stem for stem in found if stem and stem.startswith(prefix)]
    return proposal(stems[0] if stems else next_stem(prefix, taken), number, taken)


def propose_new_ids(*, operator: Operator, count: int) -> list[str]:
    """Free EVSE ids for the EVSEs 1 to ``count`` of a new station."""
    prefix = prefix_of(operator.country_code, operator.party_id)
    with across_operators("an EVSE id is unique in the whole installation"):
        rows = Evse.objects.filter(public_id__startswith=prefix)
        taken = [one or "" for one in rows.values_list("public_id", flat=True)]
    stem = next_stem(prefix, taken)
    return [proposal(stem, number, taken) for number in range(1, count + 1)]


@transaction.atomic
def give_public_id(*, evse: Evse, reason: str = "") -> Evse:
    """Give an EVSE the next free id of its operator; refused when it has one."""
    Operator.objects.select_for_update().get(pk=evse.operator_id)  # one number at a time
    evse.refresh_from_db(fields=["public_id"])
    if evse.public_id:
        raise RuleViolation("evse_has_id", _("The EVSE has an id already."))
    public_id = propose_public_id(station=evse.station, number=evse.number)
    return change_evse(evse=evse, public_id=public_id, reason=reason)


def _refuse_used_id(evse: Evse, before: str | None) -> None:
    """An id under which somebody charged stands on receipts and in partners' systems."""
    if before and evse.sessions.exists():
        raise RuleViolation(
            "evse_id_in_use",
            _("The EVSE id stays as it is: sessions have been charged under it."),
            field="public_id",
        )


def _check_lists(evse: Evse) -> None:
    for name, choices in _LISTS.items():
        given = getattr(evse, name)
        if not isinstance(given, list) or not set(given) <= set(choices.values):
            raise InvalidInput("unknown_choice", _("There is no such choice."), field=name)


def _check_meter_key(evse: Evse) -> None:
    try:
        evse.meter_public_key = meter_key(evse.meter_public_key)
    except ValueError as error:
        raise InvalidInput(
            "bad_meter_key", _("This is no public key of a meter."), field="meter_public_key"
        ) from error


def _check_public_id(evse: Evse) -> None:
    public_id = evse.public_id = evse.public_id or None
    if public_id is None:
        return
    if not is_evse_id(public_id) or public_id.upper() == evse.station.identity.upper():
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
