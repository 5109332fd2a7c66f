"""Registers the tables of all floors in the admin, to be looked at."""

from __future__ import annotations

from django.apps import apps
from django.contrib import admin

from portal.adminsite import register_all

OWN = ("core", "stations", "billing", "customers", "planning", "portal")

register_all(
    admin.site,
    (model for model in apps.get_models() if model.__module__.partition(".")[0] in OWN),
)
