"""App configuration of planning: where to build next, how large, and whether it pays."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlanningConfig(AppConfig):
    """Its solvers know no database; pages and studies build on them."""

    name = "planning"
    verbose_name = _("Planning")
    default_auto_field = "django.db.models.BigAutoField"
