"""Navigation entries of the billing app."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.nav import NavEntry, NavGroup


def entries() -> list[NavEntry]:
    """Tariffs, accounts, rated and held sessions."""
    return [
        NavEntry(
            _("Spot prices"), "spot_day_page", "chart-line", Permission.TARIFF_VIEW, 130,
            NavGroup.BILLING,
        ),
    ]  # fmt: skip
