"""Taking EVSEs and connectors out of use and back; their history stays."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from core.tenancy.today import operator_today
from stations.hardware.models import Connector, Evse


@transaction.atomic
def retire_evse(*, evse: Evse, reason: str = "") -> Evse:
    """Take an EVSE out of use; refused while a session runs there."""
    if evse.sessions.filter(state="active").exists():
        raise RuleViolation("evse_busy", _("A session runs here. Stop it first."))
    _set(evse, "evse.retire", _("The EVSE has been retired already."), True, reason)
    return evse


@transaction.atomic
def reinstate_evse(*, evse: Evse, reason: str = "") -> Evse:
    """Take an EVSE back into use; its station must be in use."""
    if evse.station.retired_on is not None:
        raise RuleViolation("station_retired", _("Take the station back into use first."))
    _set(evse, "evse.reinstate", _("The EVSE is in use."), False, reason)
    return evse


@transaction.atomic
def retire_connector(*, connector: Connector, reason: str = "") -> Connector:
    """Take a connector out of use: its status counts no more. The last one goes with its EVSE."""
    others = connector.evse.connectors.filter(retired_on=None).exclude(pk=connector.pk)
    if not others.exists():
        raise RuleViolation("last_connector", _("Retire the EVSE: this is its last connector."))
    _set(connector, "connector.retire", _("The connector has been retired already."), True, reason)
    return connector


@transaction.atomic
def reinstate_connector(*, connector: Connector, reason: str = "") -> Connector:
    """Take a connector back into use."""
    _set(connector, "connector.reinstate", _("The connector is in use."), False, reason)
    return connector


def _set(row: Any, verb: str, refusal: str, retires: bool, reason: str) -> None:
    """The change as a conditional update, so that it happens once."""
    day = operator_today() if retires else None
    before = row.retired_on
    rows = type(row).objects.filter(pk=row.pk, retired_on__isnull=retires)
    if rows.update(retired_on=day) != 1:
        raise RuleViolation("retired" if retires else "in_use", refusal)
    row.retired_on = day
    record(
        verb,
        row,
        operator_id=row.operator_id,
        before={"retired_on": before},
        after={"retired_on": day},
        reason=reason,
    )
