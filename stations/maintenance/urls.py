"""Addresses of work orders."""

from __future__ import annotations

from django.urls import path

from stations.maintenance import (
    claim_views,
    field_more_views,
    field_views,
    plan_views,
    report_views,
    setup_views,
    site_access,
    status_views,
    views,
)

_ORDER = "work-orders/<str:public_id>/"
_PLAN = "maintenance-plans/<str:public_id>/"
_CLAIM = "warranty-claims/<str:public_id>/"
_FIELD = "field/<str:public_id>/"

urlpatterns = [
    path("work-orders/", views.order_list, name="order_list"),
    path("work-orders/new/", views.order_create, name="order_create"),
    path("work-orders/board/", views.order_board, name="order_board"),
    path("work-orders/report/", report_views.order_report, name="order_report"),
    path("incidents/<str:public_id>/order/", report_views.incident_order, name="incident_order"),
    path("work-orders/letters/", report_views.letter_list, name="letter_list"),
    path(_ORDER, views.order_detail, name="order_detail"),
    path(f"{_ORDER}edit/", views.order_edit, name="order_edit"),
    path(f"{_ORDER}step/", views.order_step, name="order_step"),
    path(f"{_ORDER}reopen/", views.order_reopen, name="order_reopen"),
    path(f"{_ORDER}note/", views.order_note, name="order_note"),
    path(f"{_ORDER}pause/", views.order_pause, name="order_pause"),
    path("status/<slug:code>/", status_views.site_status, name="site_status"),
    path(
        "sites/<str:public_id>/status-page/",
        status_views.site_status_page,
        name="site_status_page",
    ),
    path("sites/<str:public_id>/access/", site_access.site_access, name="site_access"),
    path("maintenance-plans/", plan_views.plan_list, name="plan_list"),
    path("maintenance-plans/new/", plan_views.plan_create, name="plan_create"),
    path("maintenance-plans/calendar/", plan_views.plan_calendar, name="plan_calendar"),
    path(_PLAN, plan_views.plan_detail, name="plan_detail"),
    path(f"{_PLAN}edit/", plan_views.plan_edit, name="plan_edit"),
    path("field/", field_views.field_list, name="field_list"),
    path("field/find/", field_views.field_find, name="field_find"),
    path("field/calendar/", field_more_views.field_calendar, name="field_calendar"),
    path("calendar/<str:token>.ics", field_more_views.calendar_feed, name="calendar_feed"),
    path(_FIELD, field_views.field_detail, name="field_detail"),
    path(f"{_FIELD}step/", field_views.field_step, name="field_step"),
    path(f"{_FIELD}check/", field_views.field_check, name="field_check"),
    path(f"{_FIELD}now/", field_views.field_state, name="field_state"),
    path(f"{_FIELD}time/", field_views.field_time, name="field_time"),
    path(f"{_FIELD}photo/", field_views.field_photo, name="field_photo"),
    path(f"{_FIELD}photos/<str:file>/", field_more_views.field_file, name="field_file"),
    path(f"{_FIELD}do/<str:action>/", field_more_views.field_action, name="field_action"),
    path(f"{_FIELD}part/", field_views.field_part, name="field_part"),
    path(f"{_FIELD}note/", field_views.field_note, name="field_note"),
    path("warranties/", claim_views.warranty_list, name="warranty_list"),
    path("warranty-claims/", claim_views.claim_list, name="claim_list"),
    path("warranty-claims/new/", claim_views.claim_create, name="claim_create"),
    path(_CLAIM, claim_views.claim_detail, name="claim_detail"),
    path(f"{_CLAIM}edit/", claim_views.claim_edit, name="claim_edit"),
    path(f"{_CLAIM}step/", claim_views.claim_step, name="claim_step"),
    path(f"{_CLAIM}delete/", claim_views.claim_delete, name="claim_delete"),
    path(f"{_CLAIM}print/", claim_views.claim_print, name="claim_print"),
    path(f"{_CLAIM}file/", claim_views.claim_file, name="claim_file"),
    path(
        "stations/<str:public_id>/warranty/",
        claim_views.station_warranty,
        name="station_warranty",
    ),
    path("service/", setup_views.service_setup, name="service_setup"),
    path("partners/new/", setup_views.partner_create, name="partner_create"),
    path("partners/<str:public_id>/", setup_views.partner_edit, name="partner_edit"),
    path("work-calendars/new/", setup_views.work_calendar_create, name="work_calendar_create"),
    path(
        "work-calendars/<str:public_id>/",
        setup_views.work_calendar_edit,
        name="work_calendar_edit",
    ),
    path("service-agreements/new/", setup_views.agreement_create, name="agreement_create"),
    path("service-agreements/<str:public_id>/", setup_views.agreement_edit, name="agreement_edit"),
    path("checklists/new/", setup_views.checklist_create, name="checklist_create"),
    path("checklists/<str:public_id>/", setup_views.checklist_edit, name="checklist_edit"),
]
