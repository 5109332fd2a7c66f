"""Aggregator: the addresses of the billing app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from billing.accounting.exports.urls import urlpatterns as export_urls
from billing.accounting.reports.urls import urlpatterns as book_report_urls
from billing.accounting.urls import urlpatterns as accounting_urls
from billing.accounts.urls import urlpatterns as account_urls
from billing.dunning.urls import urlpatterns as dunning_urls
from billing.energy.urls import urlpatterns as energy_urls
from billing.invoices.delivery_urls import urlpatterns as delivery_urls
from billing.invoices.urls import urlpatterns as invoice_urls
from billing.payments.cards.urls import urlpatterns as card_urls
from billing.payments.urls import urlpatterns as payment_urls
from billing.rating.urls import urlpatterns as rating_urls
from billing.review.urls import urlpatterns as review_urls
from billing.sellers.urls import urlpatterns as seller_urls
from billing.settlement.urls import urlpatterns as settlement_urls
from billing.spot.urls import urlpatterns as spot_urls
from billing.tariffs.urls import urlpatterns as tariff_urls

urlpatterns: list[URLPattern | URLResolver] = [
    *account_urls,
    *invoice_urls,
    *accounting_urls,
    *export_urls,
    *book_report_urls,
    *tariff_urls,
    *spot_urls,
    *rating_urls,
    *review_urls,
    *card_urls,
    *payment_urls,
    *dunning_urls,
    *seller_urls,
    *settlement_urls,
    *delivery_urls,
    *energy_urls,
]
