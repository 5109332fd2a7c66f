"""Addresses of the list of stations, the journal, knocks, attempts, and of sending commands."""

from __future__ import annotations

from django.urls import path

from stations.ocpp import command_views, history_views, station_tabs, views

_ONE = "stations/<str:public_id>"

urlpatterns = [
    path("stations/", views.station_list, name="station_list"),
    path("journal/", views.frame_list, name="frame_list"),
    path("journal/<int:frame_id>/<str:moment>/", views.frame_detail, name="frame_detail"),
    path("knocks/", views.knock_list, name="knock_list"),
    path("knocks/<int:pk>/forget/", views.knock_forget, name="knock_forget"),
    path("commands/new/", command_views.command_to_many, name="command_to_many"),
    path("sessions/<str:public_id>/messages/", views.session_messages, name="session_messages"),
    path("sessions/<str:public_id>/stop/", command_views.session_stop, name="session_stop"),
    path(f"{_ONE}/journal/", station_tabs.station_journal, name="station_journal"),
    path(f"{_ONE}/journal/rows/", station_tabs.station_journal_rows, name="station_journal_rows"),
    path(f"{_ONE}/history/", history_views.station_history, name="station_history"),
    path(f"{_ONE}/attempts/", station_tabs.station_attempts, name="station_attempts"),
    path(f"{_ONE}/events/", station_tabs.station_events, name="station_events"),
    path(f"{_ONE}/commands/", command_views.station_commands, name="station_commands"),
    path(
        f"{_ONE}/commands/latest/",
        command_views.station_commands_live,
        name="station_commands_live",
    ),
    path(f"{_ONE}/commands/raw/", command_views.station_raw, name="station_raw"),
    path(f"{_ONE}/commands/<str:name>/", command_views.station_command, name="station_command"),
]
