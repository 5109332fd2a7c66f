"""Checkout: pages on which a person pays with a test card, or saves one."""

from __future__ import annotations

import time
from html import escape
from typing import Any, Final

from tools.payment_double.cards import CARDS
from tools.payment_double.intents import blank, collect, method_of
from tools.payment_double.store import Account, Refusal, Values

STANDS_S: Final = 86_400
_STYLE: Final = """
body{font:16px/1.5 system-ui,sans-serif;max-width:28rem;margin:0 auto;padding:1.5rem;
background:#f6f8fa;color:#111}main{background:#fff;border:1px solid #d0d7de;border-radius:.75rem;
padding:1.25rem}h1{font-size:1.25rem;margin:0 0 .25rem}
.mark{background:#fff3cd;padding:.5rem .75rem;
border-radius:.5rem}label{display:block;margin:1rem 0 .25rem}select,button{font:inherit;width:100%;
padding:.75rem;border-radius:.5rem;border:1px solid #57606a}button{background:#0b5cad;color:#fff;
border-color:#0b5cad;margin-top:1rem}p.error{color:#a40e26}a{color:#0b5cad}
@media(prefers-color-scheme:dark){body{background:#0d1117;color:#eee}main{background:#161b22}
.mark{background:#4d3800}a{color:#79b8ff}select{background:#0d1117;color:#eee}p.error{color:#ff9492}}
"""


def create(account: Account, given: Values, base_url: str) -> Values:
    """A session. As at Stripe, its PaymentIntent comes into being when somebody pays."""
    mode = given.get("mode")
    total = None
    if mode == "payment":
        lines = given.get("line_items") or []
        if not lines or not given.get("success_url"):
            raise Refusal(400, "parameter_missing", "Missing required param: line_items.")
        total = sum(
            int(one["price_data"]["unit_amount"]) * int(one.get("quantity") or 1) for one in lines
        )
        given = {**given, "currency": lines[0]["price_data"]["currency"]}
    expires = int(given.get("expires_at") or account.now() + STANDS_S)
    if not 1_740 <= expires - int(time.time()) <= account.ahead_s + STANDS_S + 60:
        raise Refusal(400, "parameter_invalid", "expires_at lies between 30 minutes and a day.",
                      at="expires_at")  # fmt: skip
    page = account.new(
        "cs_test", "checkout.session", mode=mode, status="open", amount_total=total,
        amount_subtotal=total, currency=given.get("currency"), expires_at=expires,
        payment_status="no_payment_required" if mode == "setup" else "unpaid",
        success_url=given.get("success_url"), cancel_url=given.get("cancel_url"),
        client_reference_id=given.get("client_reference_id"), customer=given.get("customer"),
        customer_email=given.get("customer_email"), metadata=given.get("metadata") or {},
        locale=given.get("locale"), payment_intent=None, setup_intent=None, ui_mode="hosted_page",
    )  # fmt: skip
    page["url"] = f"{base_url}/c/pay/{account.key}/{page['id']}"
    # What the page needs later and Stripe does not show.
    account.objects[f"hidden_{page['id']}"] = {
        "object": "hidden", "intent": given.get("payment_intent_data") or {},
    }  # fmt: skip
    account.after(expires - int(time.time()), lambda: lapse(account, page))
    return page


def lapse(account: Account, page: Values) -> None:
    """Its time is over."""
    if page["status"] == "open":
        page["status"], page["url"] = "expired", None
        account.tell("checkout.session.expired", page)


def expire(account: Account, page: Values) -> Values:
    """Close it; refuses one that was used."""
    if page["status"] != "open":
        raise Refusal(
            400, "resource_invalid_state",
            f"Only Checkout Sessions with a status in [\"open\"] can be expired. This one has "
            f"a status of {page['status']}.",
        )  # fmt: skip
    lapse(account, page)
    return page


def pay(account: Account, page: Values, number: str) -> str:
    """What happens when a person presses the button; the error that stays on the page, or ""."""
    if page["status"] != "open":
        return "This page is closed."
    card = CARDS.get(number)
    if card is None:
        return "No such test card."
    if page["mode"] == "setup":
        return _save(account, page, number)
    intent = _intent(account, page)
    method = method_of(account, number, page["customer"])
    intent["payment_method"] = method["id"]
    try:
        # The person is there: a bank that asks gets its answer.
        collect(account, intent, card)
    except Refusal as refusal:
        return str(refusal)
    page["status"], page["url"] = "complete", None
    if intent["status"] in ("succeeded", "requires_capture"):
        page["payment_status"] = "paid" if intent["status"] == "succeeded" else "unpaid"
    account.tell("checkout.session.completed", page)
    return ""


def _intent(account: Account, page: Values) -> Values:
    if page["payment_intent"]:
        return account.get(page["payment_intent"], "payment_intent")
    data: dict[str, Any] = account.objects[f"hidden_{page['id']}"]["intent"]
    intent = blank(
        account, amount=page["amount_total"], currency=page["currency"],
        customer=page["customer"], description=data.get("description"),
        metadata=data.get("metadata") or {}, capture_method=data.get("capture_method", "automatic"),
    )  # fmt: skip
    page["payment_intent"] = intent["id"]
    account.tell("payment_intent.created", intent)
    return intent


def _save(account: Account, page: Values, number: str) -> str:
    card = CARDS[number]
    if card.code and not card.fails_saved:
        return "Your card was declined."
    method = method_of(account, number, page["customer"])
    setup = account.new(
        "seti", "setup_intent", status="succeeded", customer=page["customer"],
        payment_method=method["id"], metadata={}, usage="off_session",
        payment_method_types=["card"],
    )  # fmt: skip
    page |= {"status": "complete", "url": None, "setup_intent": setup["id"]}
    account.tell("setup_intent.succeeded", setup)
    account.tell("checkout.session.completed", page)
    return ""


def html(page: Values, error: str = "") -> str:
    """The page, without scripts."""
    amount = ""
    if page["amount_total"] is not None:
        amount = f"{page['amount_total'] / 100:.2f} {str(page['currency']).upper()}"
    choices = "".join(
        f'<option value="{one.number}">{one.number[:4]} … {one.number[-4:]}: '
        f"{escape(one.words)}</option>"
        for one in CARDS.values()
    )
    verb = "Save card" if page["mode"] == "setup" else f"Pay {amount}"
    wrong = f'<p class="error" role="alert">{escape(error)}</p>' if error else ""
    back = escape(page["cancel_url"] or "")
    return _document(
        verb,
        f"{wrong}<form method='post'><label for='card'>Test card</label>"
        f"<select id='card' name='card'>{choices}</select><button>{escape(verb)}</button></form>"
        f"<p><a href='{back}'>Back</a></p>",
    )


def bank_html() -> str:
    """The page of a bank that asks the person."""
    return _document(
        "Your bank asks",
        "<form method='post'><button name='answer' value='yes'>It is me</button>"
        "<button name='answer' value='no'>It is not me</button></form>",
    )


def closed_html() -> str:
    """A page that is over."""
    return _document("This page is closed", "<p>Go back to where you came from.</p>")


def _document(title: str, body: str) -> str:
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{escape(title)}</title>"
        f"<meta name='viewport' content='width=device-width'><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>"
        f"<p class='mark'>Test payments: no money moves here.</p>{body}</main></body></html>"
    )
