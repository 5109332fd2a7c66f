"""App configuration of billing: accounts, tariffs, rating, review."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    """Prices, rated sessions and what is doubtful about them."""

    name = "billing"
    verbose_name = _("Billing")
    default_auto_field = "django.db.models.BigAutoField"
