"""Address of the attention list."""

from __future__ import annotations

from django.urls import path

from core.attention import views

urlpatterns = [path("attention/", views.attention, name="attention")]
