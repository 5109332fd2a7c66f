"""Navigation entries of the customers app."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.nav import NavEntry, NavGroup


def entries() -> list[NavEntry]:
    """The first line, companies, drivers, residents, id tokens and authorisations."""
    return [
        *_of_support(),
        NavEntry(
            _("Companies"),
            "company_list",
            "building",
            Permission.DRIVER_VIEW,
            56,
            NavGroup.CUSTOMERS,
        ),
        NavEntry(
            _("Drivers"), "driver_list", "users", Permission.DRIVER_VIEW, 58, NavGroup.CUSTOMERS
        ),
        NavEntry(
            _("Why this tariff"),
            "why_tariff",
            "help-circle",
            Permission.ACCOUNT_VIEW,
            146,
            NavGroup.BILLING,
        ),
        NavEntry(
            _("Mails to payers"),
            "payer_notice_list",
            "mail",
            Permission.ACCOUNT_VIEW,
            147,
            NavGroup.BILLING,
        ),
        NavEntry(
            _("Authorisations"),
            "attempt_list",
            "shield-check",
            Permission.SESSION_VIEW,
            65,
            NavGroup.OPERATION,
        ),
        NavEntry(
            _("Id tokens"), "token_list", "id-badge", Permission.TOKEN_VIEW, 60, NavGroup.CUSTOMERS
        ),
        NavEntry(
            _("Vehicles"), "vehicle_list", "car", Permission.DRIVER_VIEW, 59, NavGroup.CUSTOMERS
        ),
        *_of_settings(),
        *_of_sites(),
        *_of_guests(),
    ]


def _of_settings() -> list[NavEntry]:
    """What is set up once: the customer portal, open data, takeovers."""
    return [
        NavEntry(
            _("Open data"),
            "open_data",
            "upload",
            Permission.OPERATOR_EDIT,
            96,
            NavGroup.SETTINGS,
        ),
        NavEntry(
            _("Customer portal"),
            "portal_settings",
            "door",
            Permission.OPERATOR_EDIT,
            90,
            NavGroup.SETTINGS,
        ),
        NavEntry(
            _("Takeovers"),
            "takeover_list",
            "arrow-right",
            Permission.IMPORT_USE,
            88,
            NavGroup.SETTINGS,
        ),
    ]


def _of_support() -> list[NavEntry]:
    """The first line."""
    return [
        NavEntry(
            _("Take a call"),
            "support_home",
            "message",
            Permission.CASE_WORK,
            52,
            NavGroup.CUSTOMERS,
        ),
        NavEntry(
            _("Support cases"),
            "case_list",
            "messages",
            Permission.CASE_VIEW,
            53,
            NavGroup.CUSTOMERS,
        ),
        NavEntry(
            _("Canned answers"),
            "canned_answer_list",
            "file-text",
            Permission.ANSWER_EDIT,
            92,
            NavGroup.SETTINGS,
        ),
    ]


def _of_guests() -> list[NavEntry]:
    """Who charges without an account, and the codes that they scan."""
    return [
        NavEntry(
            _("Guests"), "guest_visit_list", "credit-card", Permission.PAYMENT_VIEW, 66,
            NavGroup.CUSTOMERS,
        ),
        NavEntry(
            _("Codes on connectors"), "guest_code_list", "qrcode", Permission.NETWORK_VIEW, 67,
            NavGroup.CUSTOMERS,
        ),
    ]  # fmt: skip


def _of_sites() -> list[NavEntry]:
    """Who lives and parks there."""
    return [
        NavEntry(
            _("Residents"), "resident_list", "home", Permission.RESIDENT_VIEW, 62,
            NavGroup.CUSTOMERS,
        ),
        NavEntry(
            _("Charging bases"), "charging_basis_list", "file-text", Permission.RESIDENT_VIEW, 64,
            NavGroup.CUSTOMERS,
        ),
    ]  # fmt: skip
