"""The words of incidents: what is wrong, how serious, in which state, how it ended."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class IncidentKind(models.TextChoices):
    """What is wrong."""

    SAFETY = "safety", _("Safety fault")
    SITE_DARK = "site_dark", _("Whole site without contact")
    FAULTED = "faulted", _("Reported a fault")
    UNAVAILABLE = "unavailable", _("Out of service")
    OFFLINE = "offline", _("No contact")
    BOOT_LOOP = "boot_loop", _("Restarts again and again")
    ZERO_ENERGY = "zero_energy", _("Sessions without energy")
    STOP_REASON = "stop_reason", _("Sessions broken off")
    REFUSED = "refused", _("Cards refused in a row")
    STUCK = "stuck", _("Connector stuck")
    TEMPERATURE = "temperature", _("Heat or cable fault")
    METER = "meter", _("Meter in doubt")
    LOW_POWER = "low_power", _("Power below rating")
    CLOCK = "clock", _("Clock wrong")
    SECURITY = "security", _("Security event")
    CERTIFICATE = "certificate", _("Certificate expires")
    SILENT = "silent", _("Available but not used")
    MANUAL = "manual", _("Reported by a person")


class Severity(models.TextChoices):
    """How soon somebody must act."""

    P1 = "p1", _("P1 safety or site down")
    P2 = "p2", _("P2 cannot charge")
    P3 = "p3", _("P3 impaired")
    P4 = "p4", _("P4 can be planned")


class IncidentState(models.TextChoices):
    """Where an incident is in its life."""

    OPEN = "open", _("Open")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    RESOLVED = "resolved", _("Resolved")
    MERGED = "merged", _("Merged into another")


class Resolution(models.TextChoices):
    """How it ended."""

    ITSELF = "itself", _("Went away by itself")
    REMEDY = "remedy", _("Healed by a remedy")
    PERSON = "person", _("By a person")
    WORK_ORDER = "work_order", _("By a work order")
    GROUP = "group", _("With the incident that it was part of")


class EventKind(models.TextChoices):
    """What stands in the timeline."""

    SYMPTOM = "symptom", _("First symptom")
    OPENED = "opened", _("Detected")
    SEEN = "seen", _("Seen again")
    SEVERITY = "severity", _("More serious")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    ASSIGNED = "assigned", _("Given to")
    SNOOZED = "snoozed", _("Snoozed")
    WOKEN = "woken", _("Snooze ended")
    NOTE = "note", _("Note")
    LINKED = "linked", _("Made part of another incident")
    UNLINKED = "unlinked", _("Stands alone again")
    MERGED = "merged", _("Merged")
    REMEDY = "remedy", _("Remedy")
    ORDER = "order", _("Work order")
    RESTORED = "restored", _("Works again")
    PROVEN = "proven", _("Proven by a session")
    REOPENED = "reopened", _("Opened again")
    RESOLVED = "resolved", _("Resolved")


class FaultClass(models.TextChoices):
    """What a code of a fault is about, which decides how it is healed."""

    SAFETY = "safety", _("Safety: never restarted by itself")
    TRANSIENT = "transient", _("Electronics, often passing")
    CONNECTOR = "connector", _("Lock or connector")
    THERMAL = "thermal", _("Heat or cable")
    POWER = "power", _("Power supply")
    VEHICLE = "vehicle", _("Vehicle or user")
    METER = "meter", _("Meter")
    READER = "reader", _("Card reader")
    NETWORK = "network", _("Network")
    HARMLESS = "harmless", _("No fault")
    UNAVAILABLE = "unavailable", _("Out of service")
    DELIVERY = "delivery", _("Does not deliver")
    STUCK = "stuck", _("Connector stuck")


class RemedyMode(models.TextChoices):
    """Whether remedies are carried out."""

    OFF = "off", _("Off")
    DRY_RUN = "dry_run", _("Only written down")
    ON = "on", _("On")


class RunState(models.TextChoices):
    """How a run of a playbook goes."""

    RUNNING = "running", _("Going on")
    SUCCEEDED = "succeeded", _("Healed")
    FAILED = "failed", _("Did not help")
    STOPPED = "stopped", _("Stopped")


class StepState(models.TextChoices):
    """How one step went."""

    ASKED = "asked", _("Asked")
    WOULD = "would", _("Would be asked")
    HELPED = "helped", _("Helped")
    NO_HELP = "no_help", _("Did not help")
    REFUSED = "refused", _("Refused by the station")
    FAILED = "failed", _("Could not be sent")
    WORSE = "worse", _("Made it worse")
