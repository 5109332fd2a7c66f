"""The door for upper floors at a work order (``ORDER_SOURCES``): support cases that it came from,
with their photos."""

from __future__ import annotations

from typing import Protocol

from django.db.models import QuerySet
from django.http import HttpRequest

from core.attachments.models import Attachment
from core.attachments.selectors import files_about
from core.panels import Panel
from core.plugins import plugged
from stations.maintenance.models import WorkOrder


class OrderSource(Protocol):
    """Who knows more about a work order than this floor does."""

    def panel(self, request: HttpRequest, order: WorkOrder) -> Panel | None:
        """The panel for this reader; None when there is nothing to show, or not to them."""

    def files(self, order: WorkOrder) -> QuerySet[Attachment]:
        """Photos that whoever does the work may see."""


def order_panels(request: HttpRequest, order: WorkOrder) -> list[Panel]:
    """All panels for this reader, in the order of the setting."""
    found = (source.panel(request, order) for source in plugged("ORDER_SOURCES"))
    return [panel for panel in found if panel is not None]


def files_of(order: WorkOrder) -> QuerySet[Attachment]:
    """Photos and documents of an order and of what it came from."""
    rows = files_about(order)
    for source in plugged("ORDER_SOURCES"):
        rows = rows | source.files(order)
    return rows
