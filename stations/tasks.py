"""Aggregator: the tasks of the stations app, for Celery's discovery."""

from stations.commands import tasks as commands
from stations.configuration import tasks as configuration
from stations.firmware import tasks as firmware
from stations.hardware import tasks as hardware
from stations.hardware.catalogue import tasks as catalogue
from stations.incidents import tasks as incidents
from stations.maintenance import tasks as maintenance
from stations.ocpp import tasks as ocpp
from stations.ocpp.bridge import tasks as bridge
from stations.onboarding import tasks as onboarding
from stations.sessions import tasks as sessions
from stations.uptime import tasks as uptime

__all__ = [
    "bridge",
    "catalogue",
    "commands",
    "configuration",
    "firmware",
    "hardware",
    "incidents",
    "maintenance",
    "ocpp",
    "onboarding",
    "sessions",
    "uptime",
]
