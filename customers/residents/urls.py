"""Addresses of residents and bays."""

from __future__ import annotations

from django.urls import path

from customers.residents import edit_views, views

urlpatterns = [
    path("residents/", views.resident_list, name="resident_list"),
    path("residents/new/", edit_views.resident_create, name="resident_create"),
    path("residents/<str:public_id>/", views.resident_detail, name="resident_detail"),
    path("residents/<str:public_id>/edit/", edit_views.resident_edit, name="resident_edit"),
    path(
        "residents/<str:public_id>/move-out/",
        edit_views.resident_move_out,
        name="resident_move_out",
    ),
    path("residents/<str:public_id>/stay/", edit_views.resident_stay, name="resident_stay"),
    path("bays/", views.bay_list, name="bay_list"),
    path("bays/new/", edit_views.bay_create, name="bay_create"),
    path("bays/<str:public_id>/", views.bay_detail, name="bay_detail"),
    path("bays/<str:public_id>/edit/", edit_views.bay_edit, name="bay_edit"),
    path("bays/<str:public_id>/delete/", edit_views.bay_delete, name="bay_delete"),
]
