"""The adapter against localstripe, a stand-in that others wrote: a process of its own on loopback,
started with the Python of its own environment (``make localstripe``).

localstripe knows neither Checkout, descriptions of payments, idempotency keys nor decline codes;
so holds are made by the library here, and all else by the adapter.
"""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from billing.payments.cards.provider import (
    About,
    BadSignature,
    Keys,
    Order,
    ProviderRefused,
    ProviderSilent,
    RefundStatus,
    Status,
)
from billing.payments.stripe.client import client_for
from billing.payments.stripe.provider import StripeProvider
from core.ids import public_id

PYTHON = os.environ.get("LOCALSTRIPE_PYTHON", "")
SECRET = "whsec_of_localstripe"
KEYS = Keys("sk_test_12345", SECRET)
SERVE = (
    "import sys; from aiohttp import web; from localstripe.server import app; "
    "web.run_app(app, host='127.0.0.1', port=int(sys.argv[1]), print=None)"
)
pytestmark = pytest.mark.skipif(
    not Path(PYTHON).is_file(),
    reason="LOCALSTRIPE_PYTHON names no Python with localstripe (make localstripe)",
)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A fresh localstripe on a free port, which keeps its store in a folder of its own."""
    port = free_port()
    process = subprocess.Popen(
        [PYTHON, "-c", SERVE, str(port)],
        env=os.environ | {"TMPDIR": str(tmp_path_factory.mktemp("localstripe"))},
    )
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(address, timeout=1).close()
            except urllib.error.HTTPError:
                break
            except OSError:
                assert process.poll() is None, "localstripe ended at once"
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture
def stripe(url: str, settings: Any) -> StripeProvider:
    settings.STRIPE_API_URL = url
    return StripeProvider(KEYS)


def held(customer: str, ref: str) -> str:
    """A hold of 500 kronor, as Checkout would have left it."""
    values: Any = {
        "amount": 50_000, "currency": "sek", "customer": customer, "confirm": True,
        "payment_method": "pm_card_visa", "capture_method": "manual", "metadata": {"ref": ref},
    }  # fmt: skip
    return client_for(KEYS).v1.payment_intents.create(values).id


def customer_of(stripe: StripeProvider) -> str:
    ref = public_id("acc")
    return stripe.make_customer(
        key=ref, ref=ref, name="Dina", email="dina@example.com", language="sv"
    )


def test_a_hold_is_seen_collected_in_part_and_given_back(stripe: StripeProvider) -> None:
    ref = held(customer_of(stripe), public_id("cpy"))
    seen = stripe.look(ref)
    taken = stripe.capture(ref, Decimal("123.45"), "SEK", key=f"{ref}-c")
    with pytest.raises(ProviderRefused):
        stripe.capture(ref, Decimal("1.00"), "SEK", key=f"{ref}-d")
    back = stripe.refund(ref, Decimal("23.45"), "SEK", key=f"{ref}-r", ref="crf_1")

    assert (seen.status, seen.amount) == (Status.HELD, Decimal(500))
    assert (taken.ref, taken.status) == (ref, Status.PAID)
    assert (back.status, back.amount) == (RefundStatus.DONE, Decimal("23.45"))


def test_a_hold_is_let_go(stripe: StripeProvider) -> None:
    ref = held(customer_of(stripe), public_id("cpy"))
    assert stripe.cancel(ref, key=f"{ref}-x").status is Status.CANCELLED
    assert stripe.look(ref).status is Status.CANCELLED


def test_what_it_does_not_know_is_refused_and_no_server_is_silence(
    stripe: StripeProvider, settings: Any
) -> None:
    asked = Order(
        key="k", ref="cpy_1", amount=Decimal(10), currency="SEK", description="Invoice 1",
        customer=customer_of(stripe), method="pm_card_visa",
    )  # fmt: skip
    with pytest.raises(ProviderRefused):
        stripe.pay(asked)  # it takes no description
    with pytest.raises(ProviderRefused):
        stripe.look("pi_unknown")
    settings.STRIPE_API_URL = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(ProviderSilent):
        StripeProvider(KEYS).look("pi_1")


def test_its_webhooks_carry_a_signature_that_holds(url: str, stripe: StripeProvider) -> None:
    told: list[tuple[bytes, str]] = []
    heard = threading.Event()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.append((body, self.headers["Stripe-Signature"]))
            self.send_response(200)
            self.end_headers()
            heard.set()

        def log_message(self, *_args: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    data = f"url=http://127.0.0.1:{server.server_port}/&secret={SECRET}".encode()
    urllib.request.urlopen(f"{url}/_config/webhooks/ours", data=data).close()
    try:
        customer_of(stripe)
        assert heard.wait(20)
    finally:
        server.shutdown()
        server.server_close()
    body, signature = told[0]
    assert stripe.read_event(body, signature).about is About.NOTHING
    with pytest.raises(BadSignature):
        stripe.read_event(body + b" ", signature)
