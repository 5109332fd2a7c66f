"""Pages of API lists: by number where rows can be counted, by cursor where they are too many."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.pagination import CursorPagination, PageNumberPagination


class Pages(PageNumberPagination):
    """Page number and size in the query; at most 500 rows a page."""

    page_size_query_param = "page_size"
    max_page_size = 500


class CursorPages(CursorPagination):
    """Pages of logs and readings, too long to count: follow ``next``.

    The order is that of the view's rows; rows that come meanwhile move no page.
    """

    page_size_query_param = "page_size"
    max_page_size = 500

    def get_ordering(self, request: Any, queryset: QuerySet[Any], view: Any) -> tuple[str, ...]:
        """The order that ``rows`` of the view has; it must end with the primary key."""
        return tuple(str(name) for name in queryset.query.order_by)


class JournalPages(CursorPages):
    """Pages of the journals, newest first."""

    ordering = ("-received_at", "-id")

    def get_ordering(self, request: Any, queryset: QuerySet[Any], view: Any) -> tuple[str, ...]:
        """As received."""
        return self.ordering
