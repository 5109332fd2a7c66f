"""App configuration of the charging network."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StationsConfig(AppConfig):
    """Sites, stations, their messages, sessions and commands."""

    name = "stations"
    verbose_name = _("Stations")
    default_auto_field = "django.db.models.BigAutoField"
