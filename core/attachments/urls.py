"""Addresses of photos and documents."""

from __future__ import annotations

from django.urls import path

from core.attachments import views

_ONE = "files/<str:public_id>"

urlpatterns = [
    path(f"{_ONE}/content/", views.file_content, name="file_content"),
    path(f"{_ONE}/thumbnail/", views.file_thumbnail, name="file_thumbnail"),
    path(f"{_ONE}/share/", views.file_share, name="file_share"),
    path(f"{_ONE}/delete/", views.file_delete, name="file_delete"),
    path("files/of/<str:kind>/<str:ref>/", views.file_page, name="file_page"),
]
