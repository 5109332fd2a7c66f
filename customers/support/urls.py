"""Addresses of the first line."""

from __future__ import annotations

from django.urls import path

from customers.support import case_views, views

_ONE = "support/cases/<str:public_id>"

urlpatterns = [
    path("support/", views.support_home, name="support_home"),
    path("support/cases/", views.case_list, name="case_list"),
    path("support/cases/new/", views.case_create, name="case_create"),
    path(f"{_ONE}/", case_views.case_detail, name="case_detail"),
    path(f"{_ONE}/live/", case_views.case_live, name="case_live"),
    path(f"{_ONE}/link/", case_views.case_link, name="case_link"),
    path(f"{_ONE}/note/", case_views.case_note, name="case_note"),
    path(f"{_ONE}/fault/", case_views.case_fault, name="case_fault"),
    path(f"{_ONE}/order/", case_views.case_order, name="case_order"),
    path(f"{_ONE}/close/", case_views.case_close, name="case_close"),
    path(f"{_ONE}/do/<str:action>/", case_views.case_action, name="case_action"),
]
