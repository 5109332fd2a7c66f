"""Addresses of the first line."""

from __future__ import annotations

from django.urls import path

from customers.support import answer_views, case_views, follow_views, views

_ONE = "support/cases/<str:public_id>"
_FOLLOW = f"{_ONE}/incidents/<str:incident>"
_ANSWER = "canned-answers/<str:public_id>"

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
    path(f"{_ONE}/incidents/", follow_views.case_follow, name="case_follow"),
    path(f"{_FOLLOW}/", follow_views.case_follow_edit, name="case_follow_edit"),
    path(f"{_FOLLOW}/drop/", follow_views.case_follow_drop, name="case_follow_drop"),
    path("incidents/<str:public_id>/cases/", follow_views.incident_cases, name="incident_cases"),
    path("canned-answers/", answer_views.canned_answer_list, name="canned_answer_list"),
    path("canned-answers/new/", answer_views.canned_answer_create, name="canned_answer_create"),
    path(f"{_ANSWER}/", answer_views.canned_answer_edit, name="canned_answer_edit"),
    path(f"{_ANSWER}/delete/", answer_views.canned_answer_delete, name="canned_answer_delete"),
]
