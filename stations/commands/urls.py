"""Addresses of commands."""

from __future__ import annotations

from django.urls import path

from stations.commands import views

urlpatterns = [
    path("commands/", views.command_list, name="command_list"),
    path("commands/batch/<uuid:batch_id>/", views.command_batch, name="command_batch"),
    path(
        "commands/batch/<uuid:batch_id>/live/", views.command_batch_live, name="command_batch_live"
    ),
    path("commands/<str:public_id>/", views.command_detail, name="command_detail"),
    path("commands/<str:public_id>/live/", views.command_live, name="command_live"),
]
