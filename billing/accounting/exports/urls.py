"""Addresses of export profiles and files."""

from __future__ import annotations

from django.urls import path

from billing.accounting.exports import views

_PROFILE = "export-profiles/<str:public_id>/"
_FILE = "export-receipts/<str:public_id>/"

urlpatterns = [
    path("export-profiles/", views.profile_list, name="export_profile_list"),
    path("export-profiles/new/", views.profile_create, name="export_profile_create"),
    path(_PROFILE, views.profile_detail, name="export_profile_detail"),
    path(f"{_PROFILE}edit/", views.profile_edit, name="export_profile_edit"),
    path(f"{_PROFILE}export/", views.profile_export, name="export_profile_export"),
    path("export-receipts/", views.receipt_list, name="export_receipt_list"),
    path(_FILE, views.receipt_detail, name="export_receipt_detail"),
    path(f"{_FILE}file/", views.receipt_file, name="export_receipt_file"),
    path(f"{_FILE}documents/", views.receipt_documents, name="export_receipt_documents"),
]
