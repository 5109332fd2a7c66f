"""Address of what payers were told."""

from __future__ import annotations

from django.urls import path

from customers.notices import views

urlpatterns = [path("payer-notices/", views.payer_notice_list, name="payer_notice_list")]
