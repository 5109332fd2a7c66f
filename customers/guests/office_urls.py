"""Addresses of the operator's pages about guests."""

from __future__ import annotations

from django.urls import path

from customers.guests import office_views as views

_VISIT = "guest-visits/<str:public_id>/"
_CODE = "guest-codes/<int:pk>/"

urlpatterns = [
    path("guest-visits/", views.guest_visit_list, name="guest_visit_list"),
    path(_VISIT, views.guest_visit_detail, name="guest_visit_detail"),
    path(f"{_VISIT}put-right/", views.guest_visit_put_right, name="guest_visit_put_right"),
    path("guest-codes/", views.guest_code_list, name="guest_code_list"),
    path("guest-codes/sheet.pdf", views.guest_code_sheet, name="guest_code_sheet"),
    path(_CODE, views.guest_code_detail, name="guest_code_detail"),
    path(f"{_CODE}code.svg", views.guest_code_svg, name="guest_code_svg"),
    path(f"{_CODE}code.png", views.guest_code_png, name="guest_code_png"),
    path(f"{_CODE}renew/", views.guest_code_renew, name="guest_code_renew"),
]
