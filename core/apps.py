"""App configuration of the shared kernel."""

import importlib

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """People, tenancy, audit, lists and live events; knows nothing of charging."""

    name = "core"
    verbose_name = _("Core")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen for what happens to accounts; only when all tables are known. Register checks."""
        from core.accounts import events  # noqa: PLC0415 - needs the tables

        events.listen()
        importlib.import_module("core.ui.checks")
