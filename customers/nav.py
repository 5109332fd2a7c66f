"""Navigation entries of the customers app."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.nav import NavEntry


def entries() -> list[NavEntry]:
    """Companies, drivers, id tokens and authorisations."""
    return [
        NavEntry(_("Companies"), "company_list", "building", Permission.DRIVER_VIEW, 56),
        NavEntry(_("Drivers"), "driver_list", "users", Permission.DRIVER_VIEW, 58),
        NavEntry(_("Authorisations"), "attempt_list", "shield-check", Permission.SESSION_VIEW, 65),
        NavEntry(_("Id tokens"), "token_list", "id-badge", Permission.TOKEN_VIEW, 60),
    ]
