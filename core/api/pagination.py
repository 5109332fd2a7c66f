"""Pages of API lists."""

from __future__ import annotations

from rest_framework.pagination import CursorPagination, PageNumberPagination


class Pages(PageNumberPagination):
    """Page number and size in the query; at most 500 rows a page."""

    page_size_query_param = "page_size"
    max_page_size = 500


class JournalPages(CursorPagination):
    """Pages of tables too long to count: follow ``next``; newest first."""

    page_size_query_param = "page_size"
    max_page_size = 500
    ordering = ("-received_at", "-id")
