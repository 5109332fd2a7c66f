"""Commands to a station as a whole or one of its connectors."""

from __future__ import annotations

from core.marks import gettext_noop
from stations.ocpp.outbound.command import (
    Command,
    CommandParameterError,
    Parameter,
    Payload,
    Values,
)
from stations.ocpp.outbound.members import CONNECTOR, EVSE, evse, is_older, payload

_RESETS = {
    "soft": ("Soft", "OnIdle"),
    "hard": ("Hard", "Immediate"),
    "on_idle": ("Soft", "OnIdle"),
    "immediate": ("Hard", "Immediate"),
}

_MESSAGES: dict[str, tuple[str | None, str | None]] = {
    "boot_notification": ("BootNotification", "BootNotification"),
    "heartbeat": ("Heartbeat", "Heartbeat"),
    "status_notification": ("StatusNotification", "StatusNotification"),
    "meter_values": ("MeterValues", "MeterValues"),
    "firmware_status": ("FirmwareStatusNotification", "FirmwareStatusNotification"),
    "log_status": ("LogStatusNotification", "LogStatusNotification"),
    "diagnostics_status": ("DiagnosticsStatusNotification", "LogStatusNotification"),
    "transaction_event": (None, "TransactionEvent"),
    "sign_certificate": ("SignChargePointCertificate", "SignChargingStationCertificate"),
    "sign_v2g_certificate": (None, "SignV2GCertificate"),
    "sign_combined_certificate": (None, "SignCombinedCertificate"),
    "publish_firmware_status": (None, "PublishFirmwareStatusNotification"),
}
_MESSAGE_ALIASES = {
    "boot": "boot_notification",
    "status": "status_notification",
    "firmware_status_notification": "firmware_status",
    "log_status_notification": "log_status",
    "diagnostics_status_notification": "diagnostics_status",
    "publish_firmware_status_notification": "publish_firmware_status",
    "sign_charge_point_certificate": "sign_certificate",
    "sign_charging_station_certificate": "sign_certificate",
}
_ONLY_EXTENDED = frozenset({"log_status", "sign_certificate"})


def _reset(values: Values, version: str) -> tuple[str, Payload]:
    """2.x: soft waits until nobody charges, hard does not (1.6 section 5.14; 2.0.1 B11, B12)."""
    older, newer = _RESETS[values["type"]]
    if is_older(version):
        return "Reset", {"type": older}
    return "Reset", payload(type=newer, evseId=values.get("evse"))


def _change_availability(values: Values, version: str) -> tuple[str, Payload]:
    """Connector 0 (1.6) or no EVSE (2.x) is the whole station."""
    state = "Operative" if values["operative"] else "Inoperative"
    if is_older(version):
        return "ChangeAvailability", {"connectorId": values.get("evse", 0), "type": state}
    whole_station = values.get("evse", 0) == 0
    return "ChangeAvailability", payload(
        operationalStatus=state, evse=None if whole_station else evse(values)
    )


def _unlock_connector(values: Values, version: str) -> tuple[str, Payload]:
    if is_older(version):
        return "UnlockConnector", {"connectorId": values["evse"]}
    return "UnlockConnector", {
        "evseId": values["evse"],
        "connectorId": values.get("connector", 1),
    }


def _trigger_message(values: Values, version: str) -> tuple[str, Payload]:
    """1.6 has two such messages; logs and certificates need the extended one.

    2.x wants the connector named for a status (2.0.1 F06.FR.13).
    """
    word = values["message"]
    name = _MESSAGES[word][0 if is_older(version) else 1]
    if name is None:
        raise CommandParameterError("message", "choice", f"OCPP {version} cannot trigger {word}")
    if is_older(version):
        action = "ExtendedTriggerMessage" if word in _ONLY_EXTENDED else "TriggerMessage"
        return action, payload(requestedMessage=name, connectorId=values.get("evse"))
    place = evse(values)
    if place is not None and word == "status_notification":
        place.setdefault("connectorId", 1)
    return "TriggerMessage", payload(requestedMessage=name, evse=place)


COMMANDS = (
    Command(
        "reset",
        "Reset",
        (
            Parameter("type", "choice", "How to restart", required=True, choices=tuple(_RESETS)),
            Parameter("evse", "integer", "EVSE; left out: the station", versions=("2.0.1", "2.1")),
        ),
        _reset,
        is_dangerous=True,
        consequence=gettext_noop("The station restarts; a hard reset ends sessions that run."),
    ),
    Command(
        "change_availability",
        "Change availability",
        (
            Parameter("operative", "flag", "Whether drivers can use it", required=True),
            EVSE,
            CONNECTOR,
        ),
        _change_availability,
        is_dangerous=True,
        consequence=gettext_noop("Nobody can start a session on what is taken out of operation."),
    ),
    Command(
        "unlock_connector",
        "Unlock connector",
        (
            Parameter("evse", "integer", "EVSE; in OCPP 1.6 the connector", required=True),
            CONNECTOR,
        ),
        _unlock_connector,
        is_dangerous=True,
        consequence=gettext_noop("The cable is released; a session that runs may end."),
    ),
    Command(
        "trigger_message",
        "Ask for a message",
        (
            Parameter(
                "message",
                "choice",
                "Which message the station should send",
                required=True,
                choices=tuple(_MESSAGES),
                aliases=_MESSAGE_ALIASES,
            ),
            EVSE,
            CONNECTOR,
        ),
        _trigger_message,
    ),
)
