"""Addresses of work orders."""

from __future__ import annotations

from django.urls import path

from stations.maintenance import views

_ORDER = "work-orders/<str:public_id>/"

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
]
