"""Commands that move files: logs up, firmware down."""

from __future__ import annotations

from core.marks import gettext_noop
from stations.ocpp.outbound.command import (
    Command,
    CommandParameterError,
    Parameter,
    Payload,
    Values,
)
from stations.ocpp.outbound.members import REQUEST_ID, is_older, moment, payload

_LOGS = {"diagnostics": "DiagnosticsLog", "security": "SecurityLog"}
_RETRIES = (
    Parameter("retries", "integer", "How often to try"),
    Parameter("retry_interval_s", "integer", "Seconds between attempts"),
)


def _request_id(values: Values) -> int:
    if "request_id" not in values:
        raise CommandParameterError("request_id", "required", "request_id is missing")
    number: int = values["request_id"]
    return number


def _get_log(values: Values, version: str) -> tuple[str, Payload]:
    """1.6 has GetDiagnostics of its own; its security extension has GetLog as 2.x."""
    first, last = moment(values.get("from_at")), moment(values.get("to_at"))
    attempts = payload(retries=values.get("retries"), retryInterval=values.get("retry_interval_s"))
    kind = values.get("log", "diagnostics")
    if is_older(version) and kind == "diagnostics":
        return "GetDiagnostics", attempts | payload(
            location=values["url"], startTime=first, stopTime=last
        )
    log = payload(remoteLocation=values["url"], oldestTimestamp=first, latestTimestamp=last)
    return "GetLog", attempts | {
        "logType": _LOGS[kind],
        "requestId": _request_id(values),
        "log": log,
    }


def _update_firmware(values: Values, version: str) -> tuple[str, Payload]:
    """Signed firmware is SignedUpdateFirmware in 1.6 and a part of UpdateFirmware in 2.x."""
    attempts = payload(retries=values.get("retries"), retryInterval=values.get("retry_interval_s"))
    retrieve_at = moment(values["retrieve_at"])
    is_signed = "signature" in values or "signing_certificate" in values
    if is_older(version) and not is_signed:
        return "UpdateFirmware", attempts | {"location": values["url"], "retrieveDate": retrieve_at}
    firmware = payload(
        location=values["url"],
        retrieveDateTime=retrieve_at,
        installDateTime=moment(values.get("install_at")),
        signingCertificate=values.get("signing_certificate"),
        signature=values.get("signature"),
    )
    action = "SignedUpdateFirmware" if is_older(version) else "UpdateFirmware"
    return action, attempts | {"requestId": _request_id(values), "firmware": firmware}


COMMANDS = (
    Command(
        "get_log",
        "Fetch a log",
        (
            Parameter("log", "choice", "Which log", choices=tuple(_LOGS)),
            Parameter("url", "text", "Where the station uploads to", required=True, secret=True),
            Parameter("from_at", "instant", "Oldest entry"),
            Parameter("to_at", "instant", "Latest entry"),
            REQUEST_ID,
            *_RETRIES,
        ),
        _get_log,
    ),
    Command(
        "update_firmware",
        "Update firmware",
        (
            Parameter("url", "text", "Where the firmware is", required=True, secret=True),
            Parameter("retrieve_at", "instant", "When to fetch it", required=True),
            Parameter("install_at", "instant", "When to install it"),
            Parameter("signing_certificate", "text", "Certificate of the signature (PEM)"),
            Parameter("signature", "text", "Signature (base64)"),
            REQUEST_ID,
            *_RETRIES,
        ),
        _update_firmware,
        is_dangerous=True,
        consequence=gettext_noop("The station restarts with other firmware."),
    ),
)
