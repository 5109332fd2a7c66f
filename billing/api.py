"""Aggregator: the REST addresses of billing."""

from __future__ import annotations

from django.urls import URLPattern

from billing.accounting.api import urls as journal_urls
from billing.accounting.attest_api import urls as attest_urls
from billing.accounting.exports.api import urls as export_urls
from billing.accounting.map_api import urls as map_urls
from billing.accounting.period_api import urls as period_urls
from billing.accounting.reports.api import urls as book_report_urls
from billing.accounts.api import urls as account_urls
from billing.accounts.fee_api import urls as fee_urls
from billing.accounts.group_api import urls as group_urls
from billing.dunning.account_api import urls as account_money_urls
from billing.dunning.action_api import urls as dunning_action_urls
from billing.dunning.api import urls as dunning_urls
from billing.energy.api import urls as energy_urls
from billing.invoices.api import urls as invoice_urls
from billing.invoices.delivery_api import urls as delivery_urls
from billing.invoices.run_api import urls as run_urls
from billing.payments.api import urls as payment_urls
from billing.payments.cards.api import urls as card_urls
from billing.payments.cards.other_api import urls as other_card_urls
from billing.payments.file_api import urls as bank_file_urls
from billing.payments.refund_api import urls as refund_urls
from billing.payments.sorting_api import urls as sorting_urls
from billing.rating.api import urls as rating_urls
from billing.rating.idle_api import urls as idle_urls
from billing.review.api import urls as review_urls
from billing.sellers.api import urls as seller_urls
from billing.sellers.contract_api import urls as contract_urls
from billing.settlement.api import urls as settlement_urls
from billing.settlement.payout_api import urls as payout_urls
from billing.spot.api import urls as spot_urls
from billing.tariffs.api import urls as tariff_urls
from billing.tariffs.notice_api import urls as notice_urls

urls: list[URLPattern] = [
    *account_urls,
    *invoice_urls,
    *run_urls,
    *journal_urls,
    *period_urls,
    *attest_urls,
    *map_urls,
    *export_urls,
    *book_report_urls,
    *tariff_urls,
    *notice_urls,
    *group_urls,
    *fee_urls,
    *spot_urls,
    *rating_urls,
    *idle_urls,
    *review_urls,
    *bank_file_urls,
    *payment_urls,
    *card_urls,
    *other_card_urls,
    *refund_urls,
    *sorting_urls,
    *dunning_urls,
    *dunning_action_urls,
    *account_money_urls,
    *seller_urls,
    *delivery_urls,
    *contract_urls,
    *energy_urls,
    *settlement_urls,
    *payout_urls,
]
