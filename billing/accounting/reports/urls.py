"""Addresses of the reports of the books."""

from __future__ import annotations

from django.urls import path

from billing.accounting.reports import views

urlpatterns = [
    path("book-reports/", views.book_reports, name="book_reports"),
    path("book-reports/report/", views.book_report, name="book_report"),
]
