"""VIES: asked over HTTP, its answers kept, its silence no verdict."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from pytest_django import Settings

from billing.accounts.models import BillingAccount
from billing.accounts.vat_services import check_vat_number
from core.errors import RuleViolation
from core.tenancy.scopes import operator_scope
from tests.factories.billing import make_account
from tests.factories.core import make_operator

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


class Office:
    """A VAT office on loopback that says what it is told to."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, Any]] = []
        self.asked: list[dict[str, Any]] = []


@pytest.fixture
def office(settings: Settings) -> Iterator[Office]:
    office = Office()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            office.asked.append(json.loads(self.rfile.read(length)))
            status, body = office.answers.pop(0)
            text = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.VIES_URL = f"http://127.0.0.1:{server.server_port}/check"
    yield office
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def account() -> BillingAccount:
    return make_account(operator=make_operator(), vat_number="SE556703748501")


VALID = {"valid": True, "name": "Linden AB", "address": "Gatan 1\n111 11 Lund",
         "requestIdentifier": "WAPI1"}  # fmt: skip


def test_a_verdict_is_kept_for_thirty_days(office: Office, account: BillingAccount) -> None:
    office.answers = [(200, VALID), (200, VALID | {"valid": False, "name": "---"})]
    with operator_scope(account.operator):
        first = check_vat_number(account=account, now=NOW)
        again = check_vat_number(account=account, now=NOW + timedelta(days=29))
        later = check_vat_number(account=account, now=NOW + timedelta(days=30))

    assert (first.outcome, first.name, first.reference) == ("valid", "Linden AB", "WAPI1")
    assert first.address == "Gatan 1 111 11 Lund"
    assert again.checked_at == NOW
    assert (later.outcome, later.name) == ("invalid", "")
    assert office.asked == [{"countryCode": "SE", "vatNumber": "556703748501"}] * 2


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((503, {}), "HTTP 503"),
        ((200, b"<html>"), "JSONDecodeError"),
        ((200, {"userError": "MS_UNAVAILABLE"}), "MS_UNAVAILABLE"),
        ((200, {"errorWrappers": [{"error": "MS_MAX_CONCURRENT_REQ"}]}), "MS_MAX_CONCURRENT_REQ"),
    ],
)
def test_silence_is_no_verdict_and_hides_none(
    office: Office, account: BillingAccount, answer: tuple[int, Any], error: str
) -> None:
    office.answers = [answer, (200, VALID), answer]
    with operator_scope(account.operator):
        silent = check_vat_number(account=account, now=NOW)
        assert (silent.outcome, silent.error) == ("unavailable", error)
        kept = check_vat_number(account=account, now=NOW + timedelta(minutes=9))
        assert kept.outcome == "unavailable"
        assert check_vat_number(account=account, now=NOW + timedelta(minutes=10)).name
        after = check_vat_number(account=account, now=NOW + timedelta(hours=1), asks_again=True)

    assert (after.outcome, after.name, after.error) == ("valid", "Linden AB", error)


@pytest.mark.parametrize(
    ("number", "code"), [("", "no_vat_number"), ("988077917 MVA", "not_covered")]
)
def test_what_vies_cannot_know_is_not_asked(number: str, code: str) -> None:
    account = make_account(operator=make_operator(), vat_number=number)

    with operator_scope(account.operator), pytest.raises(RuleViolation) as refusal:
        check_vat_number(account=account, now=NOW)

    assert refusal.value.code == code
