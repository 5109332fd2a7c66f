"""Navigation entries of the books."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.nav import NavEntry, NavGroup


def entries() -> list[NavEntry]:
    """Closing the month, journal, chart."""
    view = Permission.LEDGER_VIEW
    return [
        NavEntry(_("Close the month"), "books_home", "circle-check", view, 150, NavGroup.BOOKS),
        NavEntry(_("Months of the books"), "period_list", "calendar", view, 154, NavGroup.BOOKS),
        NavEntry(_("Journal of the books"), "voucher_list", "list-details", view, 152,
                 NavGroup.BOOKS),
        NavEntry(_("Reports of the books"), "book_reports", "chart-line", view, 155,
                 NavGroup.BOOKS),
        NavEntry(_("Exports"), "export_profile_list", "download", view, 156, NavGroup.BOOKS),
        NavEntry(_("Chart of accounts"), "chart_account_list", "coin", view, 160, NavGroup.BOOKS),
    ]  # fmt: skip
