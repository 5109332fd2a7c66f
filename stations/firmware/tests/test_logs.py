"""Logs: asked for, sent once by the station, shown, deleted in time."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.errors import InvalidInput, RuleViolation
from core.files import store
from core.logs import HideTokens
from core.tenancy.scopes import operator_scope
from stations.commands.masking import masked
from stations.firmware import log_following, logs
from stations.firmware.log_models import StationLog
from stations.hardware.models import Station, StationLink
from stations.models import Command, StationEvent
from tests.factories.core import make_person
from tests.factories.firmware import make_log
from tests.factories.stations import make_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def station() -> Station:
    made: Station = make_station()
    with operator_scope(made.operator):
        StationLink.objects.update_or_create(
            station=made, defaults={"is_connected": True, "ocpp_version": "2.0.1", "bridge": "b"}
        )
    return made


def asked(station: Station) -> tuple[StationLog, str]:
    """A request, and the path that the station was told."""
    with operator_scope(station.operator):
        log = logs.ask_for_log(station=station, kind="security", reason="A fault")
        url = Command.objects.get(public_id=log.command_ref).payload["log"]["remoteLocation"]
    return log, urlsplit(url).path


def put(client: Client, path: str, data: bytes, **extra: Any) -> int:
    return client.put(path, data, content_type="application/octet-stream", **extra).status_code


def test_what_the_station_sends_is_kept_once(client: Client, station: Station) -> None:
    log, path = asked(station)

    unknown = put(client, f"{path}x", b"line\n")
    empty = put(client, path, b"")
    first = put(client, f"{path}/boot.log", b"line\n")
    again = put(client, path, b"other")

    assert (unknown, empty, first, again) == (404, 400, 201, 404)
    with operator_scope(station.operator):
        log.refresh_from_db()
        assert (log.state, log.name, log.size_bytes) == ("received", "boot.log", 5)
        assert store.load(log.path) == b"line\n"
        verbs = AuditEntry.objects.filter(verb__startswith="log.").order_by("pk")
        assert list(verbs.values_list("verb", flat=True)) == ["log.ask", "log.receive"]


def test_too_much_is_refused_and_the_address_stays_good(
    client: Client, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "LARGEST_BYTES", 10)
    log, path = asked(station)

    refused = put(client, path, b"x" * 11)

    assert refused == 413
    assert put(client, path, b"x" * 10) == 201
    with operator_scope(station.operator):
        log.refresh_from_db()
        assert log.size_bytes == 10


def test_the_address_is_masked_wherever_the_command_is_shown(station: Station) -> None:
    log, path = asked(station)

    with operator_scope(station.operator):
        command = Command.objects.get(public_id=log.command_ref)

    token = path.rsplit("/", 1)[1]
    record = logging.makeLogRecord({"msg": "%s: %s", "args": ("Bad Request", path)})
    assert token in str(command.payload)
    assert token not in str(masked(command.payload))
    assert HideTokens().filter(record)
    assert record.getMessage() == "Bad Request: /station-files/logs/***"


def test_words_of_the_station_and_the_clock_end_a_request(station: Station) -> None:
    log, _path = asked(station)
    late, _path = asked(station)
    with operator_scope(station.operator):
        Command.objects.update(state="answered", answer={"status": "Accepted"})
        StationEvent.objects.create(
            operator=station.operator, station=station, received_at=timezone.now(), kind="log",
            name="UploadFailure", request_number=log.request_number,
        )  # fmt: skip

        log_following.follow_logs(now=timezone.now())
        log_following.follow_logs(now=timezone.now() + timedelta(hours=3))

        log.refresh_from_db()
        late.refresh_from_db()
        assert (log.state, log.word) == ("failed", "UploadFailure")
        assert (late.state, late.why) == ("failed", "no_file")


def test_an_error_of_the_station_is_told_as_its_refusal(station: Station) -> None:
    log, _path = asked(station)
    with operator_scope(station.operator):
        Command.objects.update(state="failed", error_code="NotImplemented")

        log_following.follow_logs(now=timezone.now())

        log.refresh_from_db()
        assert (log.state, log.why, log.word) == ("failed", "refused", "NotImplemented")


def test_who_may_not_be_asked_leaves_nothing_behind(station: Station) -> None:
    with operator_scope(station.operator):
        StationLink.objects.filter(station=station).update(is_connected=False)

        with pytest.raises(RuleViolation, match="offline"):
            logs.ask_for_log(station=station, kind="diagnostics", reason="x")
        with pytest.raises(InvalidInput):
            logs.ask_for_log(station=station, kind="diagnostics", reason="x", keep_days=0)

        assert not StationLog.objects.exists()


def test_a_log_is_read_downloaded_and_gone_after_its_days(
    client: Client, station: Station, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    log = make_log(station, b"first line\n")
    client.force_login(make_person(operator=station.operator, role=Role.TECHNICIAN))

    page = client.get(f"/station-logs/{log.public_id}/")
    file = client.get(f"/station-logs/{log.public_id}/content/")
    with operator_scope(station.operator):
        kept = logs.purge_due(now=timezone.now())
        purged = logs.purge_due(now=timezone.now() + timedelta(days=31))
        log.refresh_from_db()

    assert "first line" in page.content.decode()
    assert (file.content, file["Content-Disposition"]) == (
        b"first line\n", 'attachment; filename="station.log"',
    )  # fmt: skip
    assert (kept, purged, log.state, log.path) == (0, 1, "deleted", "")
    client.force_login(make_person(operator=station.operator, role=Role.VIEWER))
    assert client.get(f"/station-logs/{log.public_id}/").status_code == 403
