"""Setting one value of one station: kept as desired, sent, or both."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.services import Actor
from core.errors import InvalidInput
from stations.commands.models import Command
from stations.commands.services import link_of
from stations.configuration.facts import told_by
from stations.configuration.messages import setting
from stations.configuration.services import check_value, checked_key, put_override
from stations.hardware.keys import folded, parse_key
from stations.hardware.models import Station
from stations.ocpp.sending import Request, send


@transaction.atomic
def send_value(
    *,
    station: Station,
    key: str,
    value: str,
    reason: str,
    keep: bool,
    send_now: bool = True,
    by: Actor | None = None,
) -> Command | None:
    """Keep and send a value; the command, or None when nothing is sent.

    Refuses secrets, what is no key of the station's version, and what it told is read-only.
    """
    link = link_of(station)
    version = link.ocpp_version if link else ""
    if not version:
        raise InvalidInput(
            "version_unknown",
            _("The station has never connected, so its OCPP version is not known."),
        )
    checked = checked_key(key, version)
    check_value(checked, value, version)
    told = told_by(station).get(folded(checked))
    if told is not None and told.mutability == "ReadOnly":
        raise InvalidInput(
            "read_only", _("The station says that %(key)s is read-only.") % {"key": checked},
            field="key",
        )  # fmt: skip
    if keep:
        put_override(station=station, key=checked, value=value, reason=reason)
    if not send_now:
        return None
    place = parse_key(checked, version)
    assert place is not None
    (parameters,) = setting(version, [(place, value)])
    wanted = Request(command="set_configuration", parameters=parameters, reason=reason)
    return send(station, wanted, by=by)
