"""The Celery application: worker, beat and bridge run it (docs/architecture.md)."""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import setup_logging, worker_init

from core.collecting import calm_collector
from stations.ocpp.bridge.bootstep import BridgeStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(BridgeStep)
app.autodiscover_tasks(["portal", "core", "stations", "billing", "customers", "planning"])


@setup_logging.connect
def keep_django_logging(**_kwargs: object) -> None:
    """Leave logging as settings.LOGGING made it."""


@worker_init.connect
def share_what_is_loaded(**_kwargs: object) -> None:
    """Before the pool is forked, so that its processes go on sharing those pages of memory."""
    calm_collector()
