"""App configuration of the composition layer."""

import importlib

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Puts the floors together; imported by nobody."""

    name = "portal"

    def ready(self) -> None:
        """Make the Celery application the current one for ``shared_task``."""
        importlib.import_module("portal.celery")
