"""Liveness, readiness and metrics."""

from __future__ import annotations

import hmac
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.db.utils import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Gauge
from prometheus_client.exposition import generate_latest
from redis import Redis
from redis.exceptions import RedisError

from core.accounts.middleware import client_address


@require_safe
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "live"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Database and Redis answer; 503 names what does not."""
    checks: dict[str, Callable[[], object]] = {"database": _database, "redis": _redis}
    states = {}
    for name, check in checks.items():
        try:
            check()
            states[name] = "up"
        except (DatabaseError, RedisError, OSError):
            states[name] = "down"
    is_ready = all(state == "up" for state in states.values())
    body = {"status": "ready" if is_ready else "not ready", **states}
    return JsonResponse(body, status=200 if is_ready else 503)


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _redis() -> None:
    with Redis.from_url(settings.REDIS_URL, socket_timeout=2) as client:
        client.ping()


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text: this process, and figures of the whole read from the database.

    Behind METRICS_TOKEN; without one, loopback only.
    """
    if not _may_read(request):
        return HttpResponse("Not authorised.\n", status=401, content_type="text/plain")
    registry = CollectorRegistry()
    _fill(registry)
    body = generate_latest(REGISTRY) + generate_latest(registry)
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    return client_address(request) in ("127.0.0.1", "::1")


_FIGURES = {
    "portal_stations_connected": "SELECT count(*) FROM stations_stationlink WHERE is_connected",
    "portal_sessions_active": "SELECT count(*) FROM stations_session WHERE state = 'active'",
    "portal_sessions_to_reconcile": ("SELECT count(*) FROM stations_session WHERE reconcile_due"),
    "portal_commands_open": (
        "SELECT count(*) FROM stations_command WHERE state IN ('queued', 'sent')"
    ),
    "portal_oldest_open_command_seconds": (
        "SELECT coalesce(extract(epoch FROM now() - min(created_at)), 0) "
        "FROM stations_command WHERE state IN ('queued', 'sent')"
    ),
    "portal_oldest_unreconciled_seconds": (
        "SELECT coalesce(extract(epoch FROM now() - min(last_fact_at)), 0) "
        "FROM stations_session WHERE reconcile_due"
    ),
    "portal_parked_messages": (
        "SELECT count(*) FROM stations_parkedmessage WHERE resolved_at IS NULL"
    ),
    "portal_default_partition_rows": (
        "SELECT (SELECT count(*) FROM stations_framejournal_default)"
        " + (SELECT count(*) FROM stations_statusjournal_default)"
        " + (SELECT count(*) FROM stations_connectionjournal_default)"
        " + (SELECT count(*) FROM stations_meterreading_default)"
    ),
}


def _fill(registry: CollectorRegistry) -> None:
    with connection.cursor() as cursor:
        for name, query in _FIGURES.items():
            cursor.execute(query)
            row = cursor.fetchone()
            Gauge(name, name.replace("_", " "), registry=registry).set(float(row[0]))
        cursor.execute(
            "SELECT bridge, extract(epoch FROM %s - renewed_at) FROM stations_bridgelease "
            "WHERE stopped_at IS NULL",
            [timezone.now()],
        )
        ages = Gauge(
            "portal_bridge_lease_age_seconds", "Age of lease", ["bridge"], registry=registry
        )
        for bridge, age in cursor.fetchall():
            ages.labels(bridge).set(float(age))
    queues = Gauge("portal_queue_length", "Waiting tasks", ["queue"], registry=registry)
    if settings.CELERY_BROKER_URL.startswith("redis"):
        with Redis.from_url(settings.CELERY_BROKER_URL, socket_timeout=2) as client:
            queues.labels("default").set(float(client.llen("default")))
