"""Words of the hardware: states, connector types, currents. One spelling everywhere."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ConnectorStatus(models.TextChoices):
    """Our status of a connector, for OCPP 1.6 and 2.x alike."""

    UNKNOWN = "unknown", _("Unknown")
    AVAILABLE = "available", _("Available")
    PREPARING = "preparing", _("Preparing")
    OCCUPIED = "occupied", _("Occupied")
    CHARGING = "charging", _("Charging")
    SUSPENDED_EV = "suspended_ev", _("Paused by the car")
    SUSPENDED_EVSE = "suspended_evse", _("Paused by the station")
    FINISHING = "finishing", _("Finishing")
    RESERVED = "reserved", _("Reserved")
    UNAVAILABLE = "unavailable", _("Unavailable")
    FAULTED = "faulted", _("Faulted")


class ConnectorType(models.TextChoices):
    """Connector standards, as OCPI 2.2.1 spells them."""

    TYPE_2 = "IEC_62196_T2", _("Type 2")
    CCS2 = "IEC_62196_T2_COMBO", _("CCS2")
    CHADEMO = "CHADEMO", _("CHAdeMO")
    TYPE_1 = "IEC_62196_T1", _("Type 1")
    SCHUKO = "DOMESTIC_F", _("Domestic (Schuko)")
    UNKNOWN = "UNKNOWN", _("Unknown")


class CurrentType(models.TextChoices):
    """Kind of current."""

    AC_1_PHASE = "AC_1_PHASE", _("AC, one phase")
    AC_3_PHASE = "AC_3_PHASE", _("AC, three phases")
    DC = "DC", _("DC")


class SecurityProfile(models.IntegerChoices):
    """OCPP security profile (OCPP 1.6 security white paper; 2.0.1 part 2 A)."""

    NONE = 0, _("0: no password")
    BASIC = 1, _("1: password")
    TLS_BASIC = 2, _("2: TLS and password")
    TLS_CLIENT = 3, _("3: TLS with client certificate")


class BootStatus(models.TextChoices):
    """What we answered to the last BootNotification."""

    NONE = "none", _("Not booted")
    ACCEPTED = "accepted", _("Accepted")
    PENDING = "pending", _("Pending")
    REJECTED = "rejected", _("Rejected")


class ValueSource(models.TextChoices):
    """How we know a value of a station's configuration."""

    REPORT = "report", _("The station's report")
    ANSWER = "answer", _("The station's answer")
    COMMAND = "command", _("A command of ours that the station took")
