"""Addresses of layers and of files on the way in."""

from __future__ import annotations

from django.urls import path

from planning.layers import edit_views, views

urlpatterns = [
    path("layers/", views.layer_list, name="layer_list"),
    path("layers/import/", edit_views.layer_import, name="layer_import"),
    path("layers/<str:public_id>/", views.layer_detail, name="layer_detail"),
    path("layers/<str:public_id>/file/", views.layer_file, name="layer_file"),
    path("layers/<str:public_id>/edit/", edit_views.layer_edit, name="layer_edit"),
    path("layers/<str:public_id>/archive/", edit_views.layer_archive, name="layer_archive"),
    path("layers/<str:public_id>/delete/", edit_views.layer_delete, name="layer_delete"),
    path("layer-files/<str:public_id>/", edit_views.layer_preview, name="layer_preview"),
    path("layer-files/<str:public_id>/columns/", edit_views.layer_mapping, name="layer_mapping"),
    path("layer-files/<str:public_id>/discard/", edit_views.layer_discard, name="layer_discard"),
]
