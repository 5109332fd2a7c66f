"""Database connections of threads that are not a web request."""

from __future__ import annotations

from django.db import connections


def release_connections() -> None:
    """Give this thread's idle connections back to the pool, and drop broken ones.

    Django's ``close_old_connections`` without its trap: a connection inside ``atomic`` stays.
    """
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
