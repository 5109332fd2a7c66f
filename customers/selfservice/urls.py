"""Addresses of the customer portal, by operator, and of who lets customers in."""

from __future__ import annotations

from django.urls import path

from customers.selfservice import (
    access_views,
    case_views,
    company_views,
    data_views,
    hr_views,
    invoice_views,
    join_views,
    pay_views,
    payroll_views,
    session_views,
    signup_views,
    station_views,
    token_views,
    views,
    year_views,
)

_MY = "my/<slug:slug>/"
_SESSION = f"{_MY}sessions/<str:public_id>/"
_INVOICE = f"{_MY}invoices/<str:public_id>/"
_TOKEN = f"{_MY}cards/<int:pk>/"
_SITE = f"{_MY}stations/<str:public_id>/"
_EVSE = f"{_SITE}<int:pk>/"
_DRIVER = f"{_MY}drivers/<str:public_id>/"

urlpatterns = [
    path("my/", views.my_portals, name="my_portals"),
    path("my/join/<str:token>/", join_views.my_join, name="my_join"),
    path(f"{_MY}sign-up/", signup_views.my_sign_up, name="my_sign_up"),
    path(f"{_MY}sign-up/<str:token>/", signup_views.my_sign_up_join, name="my_sign_up_join"),
    path("customer-portal/", signup_views.portal_settings, name="portal_settings"),
    path("my/stop-looking/", access_views.stop_seeing_as, name="stop_seeing_as"),
    path(_MY, views.my_home, name="my_home"),
    path(f"{_MY}running/", views.my_running, name="my_running"),
    path(f"{_MY}logo.png", views.my_logo, name="my_logo"),
    path(f"{_MY}live-ticket/", views.my_live_ticket, name="my_live_ticket"),
    path(f"{_MY}terms/", case_views.my_terms, name="my_terms"),
    path(f"{_MY}data/", data_views.my_data, name="my_data"),
    path(f"{_MY}data/export/", data_views.my_export, name="my_export"),
    path(f"{_MY}data/delete/", data_views.my_deletion, name="my_deletion"),
    path(f"{_MY}driver-file/", hr_views.my_driver_import, name="my_driver_import"),
    path(f"{_MY}year/", year_views.my_year, name="my_year"),
    path(f"{_MY}sessions/", session_views.my_session_list, name="my_session_list"),
    path(_SESSION, session_views.my_session_detail, name="my_session_detail"),
    path(f"{_SESSION}curve/", session_views.my_session_curve, name="my_session_curve"),
    path(f"{_SESSION}receipt.pdf", session_views.my_session_receipt, name="my_session_receipt"),
    path(f"{_SESSION}stop/", session_views.my_session_stop, name="my_session_stop"),
    path(f"{_SESSION}object/", session_views.my_session_dispute, name="my_session_dispute"),
    path(f"{_MY}invoices/", invoice_views.my_invoice_list, name="my_invoice_list"),
    path(f"{_MY}invoice-files/", invoice_views.my_invoice_files, name="my_invoice_files"),
    path(f"{_MY}billing/", invoice_views.my_billing, name="my_billing"),
    path(f"{_MY}pay/", pay_views.my_pay, name="my_pay"),
    path(f"{_MY}pay/back/", pay_views.my_pay_back, name="my_pay_back"),
    path(f"{_MY}payments/<str:public_id>/", pay_views.my_payment, name="my_payment"),
    path(f"{_MY}saved-cards/", pay_views.my_cards_saved, name="my_cards_saved"),
    path(f"{_MY}saved-cards/add/", pay_views.my_card_add, name="my_card_add"),
    path(f"{_MY}saved-cards/automatic/", pay_views.my_automatic, name="my_automatic"),
    path(
        f"{_MY}saved-cards/<str:public_id>/default/",
        pay_views.my_card_default,
        name="my_card_default",
    ),
    path(
        f"{_MY}saved-cards/<str:public_id>/remove/",
        pay_views.my_card_remove,
        name="my_card_remove",
    ),
    path(_INVOICE, invoice_views.my_invoice_detail, name="my_invoice_detail"),
    path(f"{_INVOICE}pdf/", invoice_views.my_invoice_pdf, name="my_invoice_pdf"),
    path(f"{_INVOICE}code.svg", invoice_views.my_invoice_code, name="my_invoice_code"),
    path(f"{_INVOICE}object/", invoice_views.my_invoice_dispute, name="my_invoice_dispute"),
    path(f"{_MY}cards/", token_views.my_token_list, name="my_token_list"),
    path(f"{_MY}cards/activate/", token_views.my_token_activate, name="my_token_activate"),
    path(f"{_MY}cards/app/", token_views.my_token_app, name="my_token_app"),
    path(_TOKEN, token_views.my_token_detail, name="my_token_detail"),
    path(f"{_TOKEN}block/", token_views.my_token_block, name="my_token_block"),
    path(f"{_TOKEN}unblock/", token_views.my_token_unblock, name="my_token_unblock"),
    path(f"{_MY}stations/", station_views.my_station_list, name="my_station_list"),
    path(_SITE, station_views.my_site, name="my_site"),
    path(f"{_SITE}now/", station_views.my_site_now, name="my_site_now"),
    path(f"{_EVSE}start/", station_views.my_start, name="my_start"),
    path(f"{_EVSE}report/", station_views.my_report, name="my_report"),
    path(f"{_MY}starts/<str:ref>/", station_views.my_start_progress, name="my_start_progress"),
    path(f"{_MY}starts/<str:ref>/cancel/", station_views.my_start_cancel, name="my_start_cancel"),
    path(f"{_MY}cases/", case_views.my_case_list, name="my_case_list"),
    path(f"{_MY}cases/<str:public_id>/", case_views.my_case_detail, name="my_case_detail"),
    path(f"{_MY}drivers/", company_views.my_driver_list, name="my_driver_list"),
    path(f"{_MY}drivers/new/", company_views.my_driver_create, name="my_driver_create"),
    path(_DRIVER, company_views.my_driver_detail, name="my_driver_detail"),
    path(f"{_DRIVER}change/", company_views.my_driver_edit, name="my_driver_edit"),
    path(f"{_DRIVER}end/", company_views.my_driver_end, name="my_driver_end"),
    path(f"{_DRIVER}invite/", company_views.my_driver_invite, name="my_driver_invite"),
    path(
        f"{_MY}company-sessions/",
        company_views.my_company_session_list,
        name="my_company_session_list",
    ),
    path(f"{_MY}payroll/", payroll_views.my_payroll, name="my_payroll"),
    path(f"{_MY}payroll-rules/", payroll_views.my_payroll_rules, name="my_payroll_rules"),
    path(f"{_MY}home-charging/", payroll_views.my_home_charging, name="my_home_charging"),
    path(f"{_MY}specification/", company_views.my_specification, name="my_specification"),
    path("drivers/<str:public_id>/portal/", access_views.driver_access, name="driver_access"),
    path("drivers/<str:public_id>/see-as/", access_views.see_as_driver, name="see_as_driver"),
    path("companies/<str:public_id>/portal/", access_views.company_access, name="company_access"),
    path("companies/<str:public_id>/see-as/", access_views.see_as_company, name="see_as_company"),
]
