"""Addresses of the books."""

from __future__ import annotations

from django.urls import path

from billing.accounting import (
    chart_views,
    journal_views,
    period_views,
    rule_views,
    site_code_views,
)

_ACCOUNT = "chart-accounts/<int:pk>/"
_MAP = "account-map/<str:public_id>/"

urlpatterns = [
    path("books/", period_views.books_home, name="books_home"),
    path("books/close/", period_views.period_close, name="period_close"),
    path("periods/", period_views.period_list, name="period_list"),
    path("periods/<str:public_id>/", period_views.period_detail, name="period_detail"),
    path("periods/<str:public_id>/reopen/", period_views.period_reopen, name="period_reopen"),
    path("journal-entries/", journal_views.journal_list, name="voucher_list"),
    path("journal-entries/<str:public_id>/", journal_views.journal_detail, name="journal_detail"),
    path("journal-entries/<str:public_id>/attest/", journal_views.journal_attest,
         name="journal_attest"),
    path("site-codes/", site_code_views.site_code_list, name="site_code_list"),
    path("site-codes/<str:public_id>/", site_code_views.site_code_edit, name="site_code_edit"),
    path("chart-accounts/", chart_views.chart_list, name="chart_account_list"),
    path("chart-accounts/new/", chart_views.chart_account_create, name="chart_account_create"),
    path(_ACCOUNT, chart_views.chart_account_edit, name="chart_account_edit"),
    path(f"{_ACCOUNT}remove/", chart_views.chart_account_delete, name="chart_account_delete"),
    path("account-map/", chart_views.account_map, name="account_map"),
    path(_MAP, chart_views.account_map_edit, name="account_map_edit"),
    path(f"{_MAP}books/", chart_views.books_create, name="books_create"),
    path(f"{_MAP}revenue/", chart_views.revenue_rule_create, name="revenue_rule_create"),
    path(f"{_MAP}tax/", chart_views.tax_rule_create, name="tax_rule_create"),
    path("revenue-rules/<int:pk>/remove/", rule_views.revenue_rule_delete,
         name="revenue_rule_delete"),
    path("tax-rules/<int:pk>/remove/", rule_views.tax_rule_delete, name="tax_rule_delete"),
]  # fmt: skip
