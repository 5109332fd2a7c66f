"""Navigation entries of the billing app."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.nav import NavEntry, NavGroup


def entries() -> list[NavEntry]:
    """Tariffs, accounts, rated and held sessions."""
    return [
        NavEntry(
            _("Invoices"), "invoice_list", "receipt", Permission.INVOICE_VIEW, 100,
            NavGroup.BILLING,
        ),
        NavEntry(
            _("Billing runs"), "billing_run_list", "calendar", Permission.INVOICE_VIEW, 102,
            NavGroup.BILLING,
        ),
        NavEntry(
            _("Manual items"), "manual_item_list", "pencil", Permission.INVOICE_VIEW, 104,
            NavGroup.BILLING,
        ),
        NavEntry(
            _("Rated sessions"), "rated_list", "receipt", Permission.TARIFF_VIEW, 110,
            NavGroup.BILLING,
        ),
        NavEntry(
            _("Review queue"), "review_list", "hand-stop", Permission.REVIEW_VIEW, 112,
            NavGroup.BILLING,
        ),
        NavEntry(_("Revenue"), "revenue", "coin", Permission.TARIFF_VIEW, 114, NavGroup.BILLING),
        NavEntry(
            _("Spot prices"), "spot_day_page", "chart-line", Permission.TARIFF_VIEW, 130,
            NavGroup.BILLING,
        ),
        NavEntry(
            _("Tariffs"), "tariff_list", "coin", Permission.TARIFF_VIEW, 128, NavGroup.BILLING
        ),
        NavEntry(
            _("Price notices"), "price_notice_list", "mail", Permission.ACCOUNT_VIEW, 129,
            NavGroup.BILLING,
        ),
        NavEntry(
            _("Billing accounts"), "billing_account_list", "credit-card", Permission.ACCOUNT_VIEW,
            140, NavGroup.BILLING,
        ),
        NavEntry(
            _("Price groups"), "price_group_list", "users", Permission.ACCOUNT_VIEW, 142,
            NavGroup.BILLING,
        ),
        NavEntry(
            _("Fees"), "fee_list", "calendar", Permission.ACCOUNT_VIEW, 144, NavGroup.BILLING
        ),
        NavEntry(
            _("Deliveries of invoices"), "invoice_delivery_list", "send", Permission.INVOICE_VIEW,
            145, NavGroup.BILLING,
        ),
        *_sellers(),
        *_payments(),
    ]  # fmt: skip


def _sellers() -> list[NavEntry]:
    """Who sells where, what energy costs, and what hosts get."""
    return [
        NavEntry(
            _("Sellers"), "seller_list", "building", Permission.ACCOUNT_VIEW, 146,
            NavGroup.BILLING,
        ),
        NavEntry(
            _("Site contracts"), "site_contract_list", "file-text", Permission.ACCOUNT_VIEW, 148,
            NavGroup.BILLING,
        ),
        NavEntry(
            _("Energy costs"), "energy_cost_list", "bolt", Permission.ENERGY_VIEW, 150,
            NavGroup.BILLING,
        ),
        NavEntry(
            _("Energy balance"), "energy_balance", "chart-line", Permission.ENERGY_VIEW, 152,
            NavGroup.BILLING,
        ),
        NavEntry(
            _("Settlement with hosts"), "statement_list", "coin", Permission.SETTLEMENT_VIEW, 154,
            NavGroup.BILLING,
        ),
        NavEntry(
            _("Payouts to hosts"), "payout_batch_list", "arrow-up-right",
            Permission.SETTLEMENT_VIEW, 156, NavGroup.BILLING,
        ),
    ]  # fmt: skip


def _payments() -> list[NavEntry]:
    """What came in, what goes back, and who is late."""
    return [
        NavEntry(
            _("Bank transactions"), "bank_transaction_list", "arrow-down-left",
            Permission.PAYMENT_VIEW, 120, NavGroup.BILLING,
        ),
        NavEntry(
            _("Payments"), "payment_list", "coin", Permission.PAYMENT_VIEW, 119, NavGroup.BILLING
        ),
        NavEntry(
            _("Card payments"), "card_payment_list", "credit-card", Permission.PAYMENT_VIEW, 121,
            NavGroup.BILLING,
        ),
        NavEntry(
            _("Refunds"), "refund_list", "arrow-up-right", Permission.PAYMENT_VIEW, 121,
            NavGroup.BILLING,
        ),
        NavEntry(
            _("Late invoices"), "dunning_list", "clock", Permission.PAYMENT_VIEW, 123,
            NavGroup.BILLING,
        ),
        NavEntry(
            _("Bank files"), "bank_file_list", "file-text", Permission.PAYMENT_VIEW, 122,
            NavGroup.BILLING,
        ),
    ]  # fmt: skip
