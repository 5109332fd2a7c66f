"""What the parameters of commands and their choices are called on a form.

The names themselves are for programs. Choices that are names of the protocol (``sType2``,
``Wired0``, ``iso14443``) have no word here and keep their spelling.
"""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LABELS: Final[dict[str, str | Promise]] = {
    "amount": _("Cost so far with tax"),
    "apn": "APN",
    "attribute": _("Attribute"),
    "connector": _("Connector"),
    "connector_type": _("Connector type"),
    "data": _("Content"),
    "duration_s": _("Duration (s)"),
    "entries": _("Entries"),
    "evse": _("EVSE"),
    "expires_at": _("Expires"),
    "from_at": _("From"),
    "group_id_token": _("Parent group"),
    "id_token": _("Id token"),
    "install_at": _("Install at"),
    "interface": _("Network interface"),
    "items": _("Several keys"),
    "key": _("Key"),
    "keys": _("Keys"),
    "limit_sources": _("Sources of limits"),
    "log": _("Log"),
    "message": _("Message"),
    "message_id": _("Message"),
    "message_timeout_s": _("Time to wait for an answer (s)"),
    "ocpp_version": _("OCPP version"),
    "operative": pgettext_lazy("availability", "In operation"),
    "profile": _("Charging profile"),
    "profile_id": _("Profile number"),
    "profile_ids": _("Profile numbers"),
    "purpose": _("Purpose"),
    "remote_start_id": _("Number of the remote start"),
    "report": _("Report"),
    "request_id": _("Number of the request"),
    "reservation_id": _("Reservation id"),
    "retries": _("Attempts"),
    "retrieve_at": _("Fetch at"),
    "retry_interval_s": _("Time between attempts (s)"),
    "security_profile": _("Security profile"),
    "signature": _("Signature"),
    "signing_certificate": _("Certificate"),
    "slot": _("Slot"),
    "stack_level": _("Stack level"),
    "to_at": _("To"),
    "token_type": _("Kind of id token"),
    "transaction": _("OCPP transaction"),
    "type": _("Type"),
    "unit": _("Unit"),
    "update": _("Update"),
    "url": _("Address (URL)"),
    "value": _("Value"),
    "vendor_id": _("Vendor"),
    "version": _("Version"),
    "vpn": "VPN",
}

CHOICES: Final[dict[str, str | Promise]] = {
    "A": _("Ampere"),
    "W": _("Watt"),
    "soft": pgettext_lazy("reset", "Soft"),
    "hard": pgettext_lazy("reset", "Hard"),
    "on_idle": _("When nobody charges"),
    "immediate": _("At once"),
    "boot_notification": _("Boot (BootNotification)"),
    "heartbeat": _("Sign of life (Heartbeat)"),
    "status_notification": _("Status (StatusNotification)"),
    "meter_values": _("Meter readings (MeterValues)"),
    "firmware_status": _("Progress of a firmware update"),
    "log_status": _("Progress of a log upload"),
    "diagnostics_status": _("Progress of diagnostics"),
    "transaction_event": _("Session (TransactionEvent)"),
    "sign_certificate": _("Request for a station certificate"),
    "sign_v2g_certificate": _("Request for a V2G certificate"),
    "sign_combined_certificate": _("Request for a combined certificate"),
    "publish_firmware_status": _("Progress of sharing firmware"),
    "actual": _("Value in force"),
    "target": _("Target"),
    "min_set": _("Least possible"),
    "max_set": _("Highest possible"),
    "configuration": _("What can be set"),
    "full": _("Everything"),
    "summary": _("Summary"),
    "differential": _("Changes only"),
    "station_max": _("The whole station"),
    "tx_default": _("Every session"),
    "tx": _("One session"),
    "external": _("Limits from outside"),
    "diagnostics": _("Diagnostics"),
    "security": _("Security"),
}


def label_of(name: str) -> str:
    """The label of a parameter; its name, made readable, when it has none."""
    return str(LABELS.get(name, name.replace("_", " ").capitalize()))


def choice_of(word: str) -> str:
    """The words of a choice; its own spelling when it is a name of the protocol."""
    return str(CHOICES.get(word, word))
