"""The double of a gateway of payment terminals: holds, captures, receipts, end-of-day files."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from tools.payment_double.store import Account, Refusal, Used, Values

HOLD_S: Final = 7 * 86_400
FEE: Final = Decimal("0.01")
_ONE: Final = re.compile(r"^/v1/authorisations/([A-Za-z0-9_]+)(?:/([a-z]+))?$")
_DAY: Final = re.compile(r"^/v1/days/([A-Za-z0-9_]+)(/file)?$")


def answer(account: Account, method: str, path: str, given: Values, key: str) -> Values | str:
    """The body of an answer; text for a file. Raises Refusal. A key is used for one thing."""
    account.run_due()
    if method != "POST":
        return _read(account, path, given)
    digest = json.dumps([path, given], sort_keys=True)
    used = account.used.get(f"terminal:{key}") if key else None
    if used is not None:
        if used.digest != digest:
            raise Refusal(422, "idempotency", "The key was used for something else.")
        return used.body
    made = _written(account, path, given)
    if key:
        account.used[f"terminal:{key}"] = Used(digest, 200, json.loads(json.dumps(made)), True)
    return made


def _read(account: Account, path: str, given: Values) -> Values | str:
    if path == "/v1/status":
        return {"live": False}
    if path == "/v1/authorisations":
        rows = account.all("authorisation")
        return {
            "authorisations": [one for one in rows if one["reference"] == given.get("reference")]
        }
    if path == "/v1/days":
        return {"days": account.all("day")}
    if match := _DAY.match(path):
        day = account.get(match[1], "day")
        return str(day["file"]) if match[2] else day
    if match := re.match(r"^/v1/refunds/([A-Za-z0-9_]+)$", path):
        return account.get(match[1], "terminal_refund")
    if match := _ONE.match(path):
        found = account.get(match[1], "authorisation")
        if match[2] == "refunds":
            rows = account.all("terminal_refund")
            return {"refunds": [one for one in rows if one["authorisation"] == found["id"]]}
        return found
    raise Refusal(404, "unknown", "There is no such path.")


def _written(account: Account, path: str, given: Values) -> Values:
    if path == "/v1/authorisations":
        return _asked(account, given)
    match = _ONE.match(path)
    if match is None:
        raise Refusal(404, "unknown", "There is no such path.")
    found = account.get(match[1], "authorisation")
    if match[2] == "capture":
        return capture(account, found, Decimal(given["amount"]))
    if match[2] == "cancel":
        if found["state"] == "captured":
            raise Refusal(400, "captured", "It was collected already.")
        found["state"] = "cancelled" if found["state"] in ("waiting", "held") else found["state"]
        return found
    if match[2] == "refunds":
        return _refunded(account, found, given)
    raise Refusal(404, "unknown", "There is no such path.")


def _asked(account: Account, given: Values) -> Values:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", str(given.get("terminal") or "")):
        raise Refusal(400, "terminal_unknown", "There is no such terminal.")
    busy = [one for one in account.all("authorisation") if one["terminal"] == given["terminal"]]
    if any(one["state"] == "waiting" for one in busy):
        raise Refusal(400, "terminal_busy", "The terminal waits for another card.")
    return account.new(
        "ter", "authorisation", terminal=given["terminal"], reference=given["reference"],
        amount=given["amount"], currency=given["currency"], captured="0", refunded="0",
        text=str(given.get("text") or ""), capture=bool(given.get("capture")), state="waiting",
        held_until=None, card=None, reason="", receipt="", settled=False,
    )  # fmt: skip


def tap(account: Account, terminal: str, declined: bool = False) -> Values:
    """Somebody presents a card at a terminal."""
    found = next(one for one in account.all("authorisation") if one["terminal"] == terminal)
    if found["state"] != "waiting":
        raise Refusal(400, "not_waiting", "The terminal waits for no card.")
    found["card"] = {"brand": "visa", "last4": "4242"}
    if declined:
        found["state"], found["reason"] = "declined", "insufficient_funds"
        return found
    found["state"] = "held"
    until = datetime.fromtimestamp(account.now() + HOLD_S, tz=UTC)
    found["held_until"] = until.isoformat()
    account.after(HOLD_S, lambda: _lapse(found))
    if found["capture"]:
        capture(account, found, Decimal(found["amount"]))
    return found


def _lapse(found: Values) -> None:
    if found["state"] == "held":
        found["state"] = "lapsed"


def capture(account: Account, found: Values, amount: Decimal) -> Values:
    """Collect once, at most what is held."""
    if found["state"] != "held":
        raise Refusal(400, "not_held", "Nothing is held.")
    if not 0 < amount <= Decimal(found["amount"]):
        raise Refusal(400, "beyond_hold", "That is more than is held.")
    moment = datetime.fromtimestamp(account.now(), tz=UTC)
    found["state"], found["captured"] = "captured", f"{amount:f}"
    found["receipt"] = "\n".join(
        [
            f"TERMINAL {found['terminal']}",
            f"{moment:%Y-%m-%d %H:%M} UTC",
            "VISA ************4242",
            f"PURCHASE {amount:.2f} {found['currency']}",
            "APPROVED 00 CONTACTLESS",
            f"REF {found['id'][-8:].upper()}",
        ]
    )
    account.new(
        "trw", "terminal_row", what="capture", about=found["id"], amount=f"{amount:f}",
        fee=f"{(amount * FEE).quantize(Decimal('0.01'))}", currency=found["currency"], day="",
    )  # fmt: skip
    return found


def _refunded(account: Account, found: Values, given: Values) -> Values:
    amount = Decimal(given["amount"])
    left = Decimal(found["captured"]) - Decimal(found["refunded"])
    if not 0 < amount <= left:
        raise Refusal(400, "beyond_captured", "That is more than is left.")
    found["refunded"] = f"{Decimal(found['refunded']) + amount:f}"
    account.new(
        "trw", "terminal_row", what="refund", about=found["id"], amount=f"{-amount:f}", fee="0",
        currency=found["currency"], day="",
    )  # fmt: skip
    return account.new(
        "trf", "terminal_refund", authorisation=found["id"], reference=given["reference"],
        amount=f"{amount:f}", currency=found["currency"], state="done",
    )  # fmt: skip


def close_day(account: Account) -> Values:
    """The end of a day: one file of all that moved since the last; {} where nothing did."""
    rows = [one for one in reversed(account.all("terminal_row")) if not one["day"]]
    if not rows:
        return {}
    amount = sum((Decimal(one["amount"]) for one in rows), Decimal(0))
    fee = sum((Decimal(one["fee"]) for one in rows), Decimal(0))
    moment = datetime.fromtimestamp(account.now(), tz=UTC)
    day = account.new(
        "tday", "day", day=f"{moment:%Y-%m-%d}", state="paid", currency=rows[0]["currency"],
        net=f"{amount - fee:f}", pays_on=f"{moment + timedelta(days=1):%Y-%m-%d}", file="",
    )  # fmt: skip
    lines = [f"H;1;{day['id']}"]
    for one in rows:
        one["day"] = day["id"]
        lines.append(f"R;{one['id']};{one['what']};{one['about']};{one['amount']};{one['fee']}")
    lines.append(f"T;{len(rows)};{amount:f};{fee:f}")
    day["file"] = "\n".join(lines) + "\n"
    return day
