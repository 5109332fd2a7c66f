"""Addresses of work orders."""

from __future__ import annotations

from django.urls import path

from stations.maintenance import field_views, views

_ORDER = "work-orders/<str:public_id>/"
_FIELD = "field/<str:public_id>/"

urlpatterns = [
    path("work-orders/", views.order_list, name="order_list"),
    path("work-orders/new/", views.order_create, name="order_create"),
    path("work-orders/board/", views.order_board, name="order_board"),
    path(_ORDER, views.order_detail, name="order_detail"),
    path(f"{_ORDER}edit/", views.order_edit, name="order_edit"),
    path(f"{_ORDER}step/", views.order_step, name="order_step"),
    path(f"{_ORDER}reopen/", views.order_reopen, name="order_reopen"),
    path(f"{_ORDER}note/", views.order_note, name="order_note"),
    path(f"{_ORDER}pause/", views.order_pause, name="order_pause"),
    path("field/", field_views.field_list, name="field_list"),
    path(_FIELD, field_views.field_detail, name="field_detail"),
    path(f"{_FIELD}step/", field_views.field_step, name="field_step"),
    path(f"{_FIELD}check/", field_views.field_check, name="field_check"),
    path(f"{_FIELD}part/", field_views.field_part, name="field_part"),
    path(f"{_FIELD}note/", field_views.field_note, name="field_note"),
]
