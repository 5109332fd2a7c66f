"""Addresses of firmware, campaigns, and what stations fetch."""

from __future__ import annotations

from django.urls import path

from stations.firmware import (
    campaign_views,
    log_upload_views,
    log_views,
    transfer_views,
    views,
)

_IMAGE = "firmware/files/<str:public_id>/"
_CAMPAIGN = "firmware-campaigns/<str:public_id>/"

urlpatterns = [
    path("firmware/", views.firmware_inventory, name="firmware_inventory"),
    path("firmware/files/", views.firmware_list, name="firmware_list"),
    path("firmware/files/new/", views.firmware_create, name="firmware_create"),
    path(_IMAGE, views.firmware_detail, name="firmware_detail"),
    path(f"{_IMAGE}content/", views.firmware_content, name="firmware_content"),
    path(f"{_IMAGE}want/", views.firmware_want, name="firmware_want"),
    path(f"{_IMAGE}withdraw/", views.firmware_withdraw, name="firmware_withdraw"),
    path("firmware-campaigns/", campaign_views.campaign_list, name="campaign_list"),
    path("firmware-campaigns/new/", campaign_views.campaign_create, name="campaign_create"),
    path(_CAMPAIGN, campaign_views.campaign_detail, name="campaign_detail"),
    path(f"{_CAMPAIGN}pause/", campaign_views.campaign_pause, name="campaign_pause"),
    path(f"{_CAMPAIGN}resume/", campaign_views.campaign_resume, name="campaign_resume"),
    path(f"{_CAMPAIGN}cancel/", campaign_views.campaign_cancel, name="campaign_cancel"),
    path(f"{_CAMPAIGN}retry/", campaign_views.campaign_retry, name="campaign_retry"),
    path("station-logs/", log_views.log_list, name="log_list"),
    path("station-logs/<str:public_id>/", log_views.log_detail, name="log_detail"),
    path("station-logs/<str:public_id>/content/", log_views.log_content, name="log_content"),
    path("station-logs/<str:public_id>/delete/", log_views.log_delete, name="log_delete"),
    path("stations/<str:public_id>/logs/", log_views.station_logs, name="station_logs"),
    path("station-files/logs/<str:token>", log_upload_views.log_upload, name="log_upload"),
    path("station-files/logs/<str:token>/", log_upload_views.log_upload),
    path("station-files/logs/<str:token>/<str:name>", log_upload_views.log_upload),
    path(
        "station-files/firmware/<str:token>/<str:name>",
        transfer_views.firmware_file,
        name="firmware_file",
    ),
]
