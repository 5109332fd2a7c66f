"""The double's HTTP: Stripe's API, the pages of Checkout, and what tests ask of it."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from tools.payment_double import intents, money_back, pages, terminals
from tools.payment_double.api import Api, NoAnswer, faults_from
from tools.payment_double.cards import CARDS
from tools.payment_double.contract import decode
from tools.payment_double.hooks import Sender, signed
from tools.payment_double.store import Account, Refusal, Values

_PAGE: Final = re.compile(r"^/c/(pay|bank)/([A-Za-z0-9_]+)/([A-Za-z0-9_]+)$")
_MOST: Final = 1_000_000


class Double(ThreadingHTTPServer):
    """Accounts by their secret keys; one request at a time touches them."""

    daemon_threads = True

    def __init__(self, host: str, port: int, url: str) -> None:
        super().__init__((host, port), Handler)
        self.url = url.rstrip("/") or f"http://{host}:{self.server_port}"
        self.lock = threading.RLock()
        self.accounts: dict[str, Account] = {}
        self.apis: dict[str, Api] = {}
        Sender(self.accounts, self.lock).start()

    def api(self, key: str) -> Api:
        """The account of a key; anything that begins as a test key is one."""
        if not re.fullmatch(r"sk_test_[A-Za-z0-9_]{4,80}", key) or key.startswith("sk_test_bad"):
            raise Refusal(401, "api_key_invalid", "Invalid API Key provided.")
        if key not in self.apis:
            self.accounts[key] = Account(key)
            self.apis[key] = Api(self.accounts[key], self.url)
        return self.apis[key]


def serve(host: str, port: int, url: str = "") -> Double:
    """A server that listens and does not serve yet."""
    return Double(host, port, url)


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Double

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: tests read ``/_double/log``."""

    def do_GET(self) -> None:
        """Read."""
        self._answer("GET")

    def do_POST(self) -> None:
        """Write."""
        self._answer("POST")

    def do_DELETE(self) -> None:
        """No path of ours is deleted."""
        self._json(404, Refusal(404, "url_invalid", "Unrecognized request URL.").body)

    def _answer(self, method: str) -> None:
        address = urlsplit(self.path)
        size = min(int(self.headers.get("Content-Length") or 0), _MOST)
        body = self.rfile.read(size).decode("utf-8", "replace") if method == "POST" else ""
        try:
            with self.server.lock:
                if address.path.startswith("/v1/"):
                    given = decode(body if method == "POST" else address.query)
                    key = self.headers.get("Authorization", "").removeprefix("Bearer ").strip()
                    api = self.server.api(key)
                    idempotency = self.headers.get("Idempotency-Key") or ""
                    self._json(*api.answer(method, address.path, given, idempotency))
                elif address.path.startswith("/terminal/"):
                    self._terminal(method, address.path, body, address.query)
                elif address.path.startswith("/_double/"):
                    self._json(200, self._control(address.path, json.loads(body or "{}")))
                else:
                    self._page(method, address.path, body)
        except NoAnswer:
            self.close_connection = True
        except Refusal as refusal:
            self._json(refusal.status, refusal.body)

    def _terminal(self, method: str, path: str, body: str, query: str) -> None:
        """The gateway of terminals: JSON, and text for files."""
        key = self.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        api, inner = self.server.api(key), path.removeprefix("/terminal")
        given = json.loads(body or "{}")
        given |= {name: values[0] for name, values in parse_qs(query).items()}
        idempotency = self.headers.get("Idempotency-Key") or ""
        try:
            with api.around(method, path, given, idempotency):
                found = terminals.answer(api.account, method, inner, given, idempotency)
        except Refusal as refusal:
            self._json(refusal.status, refusal.body["error"])
            return
        if isinstance(found, str):
            self._send(200, found.encode(), "text/csv; charset=utf-8")
        else:
            self._json(200, found)

    def _json(self, status: int, body: Any) -> None:
        self._send(status, json.dumps(body).encode(), "application/json")

    def _send(self, status: int, body: bytes, kind: str, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (("Content-Type", kind), ("Request-Id", "req_double"), *headers):
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _go(self, url: str) -> None:
        self._send(303, b"", "text/plain", ("Location", url))

    def _html(self, text: str, status: int = 200) -> None:
        self._send(status, text.encode(), "text/html; charset=utf-8")

    def _page(self, method: str, path: str, body: str) -> None:
        match = _PAGE.match(path)
        account = self.server.accounts.get(match[2]) if match else None
        thing = account.objects.get(match[3]) if account and match else None
        if match is None or account is None or thing is None:
            self._html(pages.closed_html(), 404)
            return
        account.run_due()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        if match[1] == "bank":
            self._bank(method, account, thing, form)
        elif thing["status"] != "open":
            self._html(pages.closed_html(), 410)
        elif method == "GET":
            self._html(pages.html(thing))
        elif error := pages.pay(account, thing, form.get("card", "")):
            self._html(pages.html(thing, error))
        else:
            self._go(thing["success_url"])

    def _bank(self, method: str, account: Account, intent: Values, form: Values) -> None:
        if intent["status"] != "requires_action":
            self._html(pages.closed_html(), 410)
        elif method == "GET":
            self._html(pages.bank_html())
        else:
            self._go(answer_bank(account, intent, is_me=form.get("answer") == "yes"))

    def _control(self, path: str, given: Values) -> Any:
        """What only tests and demonstrations ask."""
        api = self.server.api(str(given.get("key") or ""))
        account, what = api.account, path.removeprefix("/_double/")
        account.run_due()
        if what == "fault":
            api.faults.append(faults_from(given))
        elif what == "clock":
            account.ahead_s += int(given["seconds"])
            account.run_due()
        elif what == "webhook":
            account.webhook_url, account.webhook_secret = given["url"], given["secret"]
            account.is_unruly = bool(given.get("unruly"))
        elif what == "tap":
            return terminals.tap(account, str(given["terminal"]), bool(given.get("declined")))
        elif what == "close_day":
            return terminals.close_day(account)
        elif what == "log":
            return api.log
        elif what == "objects":
            return account.all(given["kind"])
        else:
            return _acted(account, what, given)
        return {}


def answer_bank(account: Account, intent: Values, *, is_me: bool) -> str:
    """What a person answers the bank, and where it sends the person then."""
    url = str(intent["next_action"]["redirect_to_url"]["return_url"])
    card = CARDS[account.cards[intent["payment_method"]]]
    try:
        if is_me:
            intents.collect(account, intent, card)
        else:
            intent["next_action"] = None
            intents.fail(account, intent, card, "payment_intent_authentication_failure", "")
    except Refusal:
        pass  # It is in the intent.
    return url


def _acted(account: Account, what: str, given: Values) -> Any:
    if what == "pay":
        page = account.get(given["page"], "checkout.session")
        return {"error": pages.pay(account, page, given.get("card", "4242424242424242"))}
    if what == "bank":
        intent = account.get(given["intent"], "payment_intent")
        return {"url": answer_bank(account, intent, is_me=bool(given.get("is_me", True)))}
    if what == "dispute":
        return intents.dispute(account, account.get(given["charge"], "charge"))
    if what == "close_dispute":
        found = account.get(given["dispute"], "dispute")
        intents.close_dispute(account, found, given["status"])
        return found
    if what == "payout":
        return money_back.pay_out(account) or {}
    if what == "arrive":
        payout = account.get(given["payout"], "payout")
        money_back.arrive(account, payout)
        return payout
    if what == "events":
        return _handed_over(account, given)
    raise Refusal(404, "url_invalid", f"The double has no {what}.")


def _handed_over(account: Account, given: Values) -> list[Values]:
    """Pending events with their signatures, for a test that delivers them itself."""
    fresh, account.pending = account.pending, []
    told = []
    for event in fresh:
        body, signature = signed(event, account.webhook_secret, given.get("at"))
        told.append({"type": event["type"], "body": body.decode(), "signature": signature})
    return told
