"""Every table that leads to a site says how, so that a limited member sees its own alone."""

from __future__ import annotations

from django.db import models

from core.tenancy.managers import TenantManager
from core.tenancy.places import PlacedManager, placing_of
from tests.architecture.test_database import fields, own_models

PLACES = {"Site", "Station", "Evse", "Connector", "Session"}
COLUMNS = {"site_id", "station_id", "evse_id", "connector_id", "session_id"}


def leads_to_a_place(model: type[models.Model]) -> bool:
    for field in fields(model):
        if isinstance(field, models.ForeignKey) and field.related_model.__name__ in PLACES:
            return True
    columns = {field.attname for field in fields(model)}
    return bool(COLUMNS & columns) or {"object_type", "object_id"} <= columns


# Closed to limited members as a whole (core/accounts/permissions.py).
WHOLE_OPERATOR = {"AuditEntry", "InvoiceLine", "ManualItem", "StudySite"}


def test_every_table_that_leads_to_a_site_says_how() -> None:
    silent = {
        model.__name__
        for model in own_models()
        if leads_to_a_place(model) and not placing_of(model)
    }

    assert silent == WHOLE_OPERATOR


def test_every_placed_table_has_a_manager_that_keeps_to_the_limit() -> None:
    open_ones = {
        model.__name__
        for model in own_models()
        if placing_of(model)
        and not isinstance(model._default_manager, TenantManager | PlacedManager)
    }

    assert open_ones == set()
