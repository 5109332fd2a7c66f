"""Addresses of schedules."""

from __future__ import annotations

from django.urls import path

from core.schedules import views

urlpatterns = [
    path("schedules/", views.schedule_list, name="schedule_list"),
    path("schedules/new/", views.schedule_create, name="schedule_create"),
    path("schedules/<str:public_id>/", views.schedule_detail, name="schedule_detail"),
    path("schedules/<str:public_id>/edit/", views.schedule_edit, name="schedule_edit"),
    path("schedules/<str:public_id>/delete/", views.schedule_delete, name="schedule_delete"),
    path("deliveries/<str:public_id>/file/", views.delivery_file, name="delivery_file"),
]
