"""One map for the whole product: what each state is called, its colour and its icon.

``kind`` says which family a value belongs to, so that "unknown" or "expired" may read
differently for a connector and a command. Colours are tones of static/css/tokens.css:
ok, active, paused, idle, warn, bad.
"""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from core.billing_words import KINDS as BILLING_KINDS
from core.status_word import StatusWord

W = StatusWord

CONNECTOR: Final = {
    "available": W(_("Available"), "ok", "circle-check"),
    "preparing": W(_("Preparing"), "active", "plug"),
    "occupied": W(_("Occupied"), "active", "plug-connected"),
    "charging": W(_("Charging"), "active", "bolt"),
    "suspended_ev": W(_("Paused by the car"), "paused", "car"),
    "suspended_evse": W(_("Paused by the station"), "paused", "player-pause"),
    "finishing": W(_("Finishing"), "paused", "battery-charging"),
    "reserved": W(_("Reserved"), "warn", "clock"),
    "unavailable": W(_("Unavailable"), "idle", "ban"),
    "faulted": W(_("Faulted"), "bad", "alert-triangle"),
    "offline": W(_("Offline"), "idle", "wifi-off"),
    "unknown": W(_("Unknown"), "idle", "question-mark"),
}

LINK: Final = {
    "online": W(_("Online"), "ok", "wifi"),
    "connected": W(_("Connected"), "ok", "wifi"),
    "offline": W(_("Offline"), "bad", "wifi-off"),
    "disconnected": W(_("Disconnected"), "bad", "wifi-off"),
    "replaced": W(_("Replaced by a newer connection"), "idle", "refresh"),
    "csms_outage": W(_("Our own outage"), "warn", "cloud-off"),
    "never": W(_("Never connected"), "idle", "circle-dashed"),
    "retired": W(_("Retired"), "idle", "ban"),
}

CAMPAIGN: Final = {
    "running": W(_("Running"), "active", "refresh"),
    "paused": W(_("Paused"), "paused", "player-pause"),
    "halted": W(_("Halted"), "bad", "alert-triangle"),
    "done": W(_("Done"), "ok", "check"),
    "cancelled": W(_("Cancelled"), "idle", "ban"),
}

FIRMWARE: Final = {
    "waiting": W(_("Waiting"), "idle", "hourglass"),
    "sent": W(_("Sent"), "active", "send"),
    "downloading": W(_("Downloading"), "active", "download"),
    "installing": W(_("Installing"), "active", "refresh"),
    "installed": W(_("Installed"), "ok", "check"),
    "failed": W(_("Failed"), "bad", "alert-triangle"),
    "timed_out": W(_("Timed out"), "bad", "clock-off"),
    "skipped": W(_("Left out"), "idle", "ban"),
    "wanted": W(_("As wanted"), "ok", "check"),
    "other": W(_("Another is wanted"), "warn", "alert-triangle"),
    "none": W(_("Nothing is wanted"), "idle", "circle-dashed"),
    "unknown": W(_("Not told"), "idle", "question-mark"),
    "withdrawn": W(_("Withdrawn"), "idle", "ban"),
    "asked": W(_("Asked"), "active", "send"),
    "uploading": W(_("Uploading"), "active", "refresh"),
    "received": W(_("Received"), "ok", "check"),
    "deleted": W(_("Deleted"), "idle", "trash"),
}

STUDY: Final = {
    "queued": W(_("Waiting"), "idle", "hourglass"),
    "running": W(_("Running"), "active", "refresh"),
    "done": W(_("Done"), "ok", "check"),
    "failed": W(_("Failed"), "bad", "alert-triangle"),
    "cancelled": W(_("Cancelled"), "idle", "ban"),
}

COMMAND: Final = {
    "queued": W(_("Queued"), "idle", "hourglass"),
    "sent": W(_("Sent"), "active", "send"),
    "answered": W(_("Answered"), "ok", "check"),
    "failed": W(_("Failed"), "bad", "alert-triangle"),
    "timed_out": W(_("No answer"), "bad", "clock-off"),
    "refused_offline": W(_("Refused: offline"), "warn", "wifi-off"),
    "expired": W(_("Expired"), "warn", "clock-off"),
}

ANSWER: Final = {
    "accepted": W(_("Accepted"), "ok", "circle-check"),
    "rejected": W(_("Rejected"), "bad", "circle-x"),
    "pending": W(_("Pending"), "warn", "hourglass"),
    "scheduled": W(_("Scheduled"), "active", "clock"),
    "none": W(_("Not booted"), "idle", "circle-dashed"),
    "blocked": W(_("Blocked"), "bad", "lock"),
    "expired": W(_("Expired"), "warn", "clock-off"),
    "invalid": W(_("Invalid"), "bad", "circle-x"),
    "unknown": W(_("Unknown"), "bad", "user-question"),
    "concurrenttx": W(_("Already charging"), "warn", "plug-connected"),
    "concurrent_tx": W(_("Already charging"), "warn", "plug-connected"),
    "rebootrequired": W(_("Restart needed"), "warn", "rotate"),
    "notsupported": W(_("Not supported"), "bad", "circle-x"),
    "notimplemented": W(_("Not supported"), "bad", "circle-x"),
    "unknownvariable": W(_("Unknown variable"), "bad", "question-mark"),
    "unknowncomponent": W(_("Unknown component"), "bad", "question-mark"),
    "versionmismatch": W(_("Another version"), "warn", "refresh"),
    "failed": W(_("Failed"), "bad", "alert-triangle"),
    "timed_out": W(_("No answer"), "bad", "clock-off"),
    "no_answer": W(_("No answer"), "bad", "clock-off"),
    "offline": W(_("Offline"), "idle", "wifi-off"),
    "connection_lost": W(_("Connection lost"), "warn", "wifi-off"),
}

DRIFT: Final = {
    "in_step": W(_("As desired"), "ok", "circle-check"),
    "drift": W(_("Differs"), "warn", "adjustments"),
    "unknown": W(_("Never told"), "idle", "question-mark"),
    "refused": W(_("Refused by the station"), "bad", "circle-x"),
    "read_only": W(_("Read-only"), "idle", "lock"),
    "reboot": W(_("Waits for a restart"), "active", "rotate"),
    "pending": W(_("Being set"), "active", "send"),
}

LOCAL_LIST: Final = {
    "in_step": W(_("In step"), "ok", "circle-check"),
    "behind": W(_("Behind"), "warn", "clock"),
    "sending": W(_("Being sent"), "active", "send"),
    "failing": W(_("Refused by the station"), "bad", "circle-x"),
    "unsupported": W(_("Not supported"), "idle", "ban"),
    "off": W(_("Left alone"), "idle", "minus"),
}

SESSION: Final = {
    "active": W(_("Charging"), "active", "bolt"),
    "ended": W(_("Ended"), "ok", "circle-check"),
    "end_missing": W(_("End missing"), "warn", "help-circle"),
    "start_missing": W(_("Start missing"), "warn", "help-circle"),
    "held": W(_("Held for review"), "warn", "hand-stop"),
}

SIGNATURE: Final = {
    "ok": W(_("Signature holds"), "ok", "shield-check"),
    "bad": W(_("Signature wrong"), "bad", "circle-x"),
    "unknown": W(_("Not checked: no key"), "idle", "question-mark"),
}

TOKEN: Final = {
    "active": W(_("Active"), "ok", "circle-check"),
    "blocked": W(_("Blocked"), "bad", "lock"),
    "invalid": W(_("Withdrawn"), "idle", "ban"),
    "expired": W(_("Expired"), "warn", "clock-off"),
}

API_TOKEN: Final = {
    "active": W(_("Active"), "ok", "circle-check"),
    "expired": W(_("Expired"), "warn", "clock-off"),
    "revoked": W(_("Revoked"), "idle", "ban"),
}

DRIVER: Final = {
    "active": W(_("Active"), "ok", "circle-check"),
    "blocked": W(_("Blocked"), "bad", "lock"),
    "not_yet": W(_("Not valid yet"), "idle", "clock"),
    "ended": W(_("Ended"), "idle", "clock-off"),
}

RESIDENT: Final = {
    "living": W(_("Lives here"), "ok", "home"),
    "coming": W(_("Moves in later"), "idle", "clock"),
    "gone": W(_("Moved out"), "idle", "logout"),
}

BASIS_DELIVERY: Final = {
    "none": W(_("Not sent by mail"), "idle", "minus"),
    "waiting": W(_("Waits to be sent"), "idle", "hourglass"),
    "sending": W(_("Being sent"), "active", "send"),
    "sent": W(_("Sent"), "ok", "circle-check"),
    "failed": W(_("Failed"), "bad", "alert-triangle"),
}

FINAL_BILL: Final = {
    "due": W(_("To be made"), "active", "hourglass"),
    "made": W(_("Made"), "ok", "check"),
    "nothing": W(_("Nothing was due"), "idle", "minus"),
}

CASE_FOLLOW: Final = {
    "waiting": W(_("Waits for the repair"), "idle", "hourglass"),
    "told": W(_("Told by e-mail"), "ok", "send"),
    "no_mail": W(_("No e-mail: in the log alone"), "warn", "message"),
    "failed": W(_("The mail could not be sent"), "bad", "alert-triangle"),
}

CASE: Final = {
    "open": W(_("Open"), "active", "messages"),
    "closed": W(_("Closed"), "ok", "circle-check"),
}

MEMBER: Final = {
    "active": W(_("Active"), "ok", "circle-check"),
    "inactive": W(_("Deactivated"), "idle", "ban"),
}

INVITATION: Final = {
    "open": W(_("Open"), "active", "mail"),
    "accepted": W(_("Accepted"), "ok", "circle-check"),
    "expired": W(_("Expired"), "warn", "clock-off"),
    "withdrawn": W(_("Withdrawn"), "idle", "ban"),
}

WEBHOOK: Final = {
    "on": W(_("On"), "ok", "circle-check"),
    "failing": W(_("Failing"), "warn", "alert-triangle"),
    "off": W(_("Off"), "idle", "ban"),
}

WEBHOOK_DELIVERY: Final = {
    "pending": W(_("Waiting"), "active", "hourglass"),
    "delivered": W(_("Delivered"), "ok", "check"),
    "failed": W(_("Given up"), "bad", "circle-x"),
}

SEVERITY: Final = {
    "info": W(_("Note"), "idle", "info-circle"),
    "soft": W(_("Doubtful"), "warn", "alert-circle"),
    "warning": W(_("Warning"), "warn", "alert-circle"),
    "hard": W(_("Serious"), "bad", "alert-octagon"),
    "hold": W(_("Held"), "warn", "hand-stop"),
    "error": W(_("Error"), "bad", "alert-octagon"),
}

BULK: Final = {
    "waiting": W(_("Waiting"), "idle", "hourglass"),
    "done": W(_("Done"), "ok", "circle-check"),
    "refused": W(_("Refused"), "warn", "ban"),
    "gone": W(_("No longer there"), "idle", "question-mark"),
    "failed": W(_("Failed"), "bad", "alert-triangle"),
}

PLACE: Final = {
    "open": W(_("Open now"), "ok", "circle-check"),
    "closed": W(_("Closed now"), "idle", "ban"),
}

SCHEDULE: Final = {
    "active": W(_("Active"), "ok", "circle-check"),
    "paused": W(_("Paused"), "idle", "player-pause"),
    "stopped": W(_("Stopped"), "bad", "alert-triangle"),
}

DELIVERY: Final = {
    "waiting": W(_("Waiting"), "idle", "hourglass"),
    "running": W(_("Running"), "active", "send"),
    "sent": W(_("Sent"), "ok", "circle-check"),
    "empty": W(_("Nothing to send"), "idle", "minus"),
    "failed": W(_("Failed"), "bad", "alert-triangle"),
}

TAKEOVER: Final = {
    "waiting": W(_("Not heard from"), "idle", "hourglass"),
    "knocked": W(_("Knocked, refused"), "warn", "door"),
    "connected": W(_("Connected"), "active", "wifi"),
    "charged": W(_("Charged"), "ok", "bolt"),
}

IMPORT: Final = {
    "draft": W(_("Preview"), "warn", "eye"),
    "done": W(_("Imported"), "ok", "circle-check"),
    "discarded": W(_("Discarded"), "idle", "trash"),
    "wrong": W(_("Wrong"), "bad", "alert-triangle"),
    "create": W(_("New"), "ok", "plus"),
    "change": W(_("Changed"), "active", "pencil"),
    "unchanged": W(_("Unchanged"), "idle", "minus"),
}

INCIDENT: Final = {
    "open": W(_("Open"), "bad", "alert-triangle"),
    "acknowledged": W(_("Acknowledged"), "active", "eye"),
    "snoozed": W(_("Snoozed"), "idle", "clock"),
    "resolved": W(_("Resolved"), "ok", "circle-check"),
    "merged": W(_("Merged"), "idle", "arrow-right"),
    "p1": W("P1", "bad", "alert-octagon"),
    "p2": W("P2", "bad", "alert-triangle"),
    "p3": W("P3", "warn", "alert-circle"),
    "p4": W("P4", "idle", "info-circle"),
}

CLAIM: Final = {
    "draft": W(_("Draft"), "idle", "pencil"),
    "sent": W(_("Sent to the supplier"), "active", "send"),
    "accepted": W(_("Accepted"), "ok", "check"),
    "refused": W(_("Refused"), "bad", "ban"),
    "settled": W(_("Settled with the supplier"), "ok", "circle-check"),
}

ORDER: Final = {
    "new": W(_("New"), "warn", "flag"),
    "triaged": W(_("Triaged"), "warn", "list-details"),
    "scheduled": W(_("Scheduled"), "active", "calendar"),
    "en_route": W(_("On the way"), "active", "route"),
    "on_site": W(_("On site"), "active", "tool"),
    "waiting_part": W(_("Waits for a part"), "paused", "hourglass"),
    "waiting_utility": W(_("Waits for the grid company"), "paused", "hourglass"),
    "repaired": W(_("Repaired"), "ok", "check"),
    "verified": W(_("Verified"), "ok", "shield-check"),
    "closed": W(_("Closed"), "idle", "circle-check"),
    "cancelled": W(_("Cancelled"), "idle", "ban"),
}

SLA: Final = {
    "running": W(_("Runs"), "active", "clock"),
    "short": W(_("Short of time"), "warn", "clock"),
    "paused": W(_("Stands still"), "paused", "clock-pause"),
    "breached": W(_("Broken"), "bad", "alert-triangle"),
    "kept": W(_("Kept"), "ok", "circle-check"),
}

YES_NO: Final = {
    "true": W(_("Yes"), "ok", "check"),
    "false": W(_("No"), "idle", "minus"),
}

KINDS: Final = {
    **BILLING_KINDS,
    "connector": CONNECTOR,
    "link": LINK,
    "command": COMMAND,
    "answer": ANSWER,
    "drift": DRIFT,
    "local_list": LOCAL_LIST,
    "session": SESSION,
    "signature": SIGNATURE,
    "token": TOKEN,
    "api_token": API_TOKEN,
    "driver": DRIVER,
    "resident": RESIDENT,
    "final_bill": FINAL_BILL,
    "basis_delivery": BASIS_DELIVERY,
    "case": CASE,
    "case_follow": CASE_FOLLOW,
    "claim": CLAIM,
    "member": MEMBER,
    "invitation": INVITATION,
    "webhook": WEBHOOK,
    "webhook_delivery": WEBHOOK_DELIVERY,
    "severity": SEVERITY,
    "place": PLACE,
    "yes_no": YES_NO,
    "bulk": BULK,
    "import": IMPORT,
    "study": STUDY,
    "campaign": CAMPAIGN,
    "firmware": FIRMWARE,
    "schedule": SCHEDULE,
    "delivery": DELIVERY,
    "takeover": TAKEOVER,
    "incident": INCIDENT,
    "order": ORDER,
    "sla": SLA,
}


def status_word(value: object, kind: str = "connector") -> StatusWord:
    """How ``value`` is shown; a value nobody named keeps its own spelling, in grey.

    Raises KeyError for a kind that does not exist.
    """
    key = str(getattr(value, "value", value)).lower()
    found = KINDS[kind].get(key)
    return found or StatusWord(str(value) or "–", "idle", "question-mark")
