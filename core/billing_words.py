"""States of billing and of the books, for the map of ``core.status_words``."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.status_word import StatusWord

W = StatusWord

BILLING: Final = {
    "waiting": W(_("Not rated yet"), "idle", "hourglass"),
    "rated": W(_("Rated"), "ok", "circle-check"),
    "held": W(_("Held for review"), "warn", "hand-stop"),
    "awaiting_price": W(_("Awaiting price"), "active", "clock"),
    "free": W(_("Free of charge"), "idle", "circle-check"),
    "waived": W(_("Waived"), "idle", "minus"),
    "dropped": W(_("Dropped"), "idle", "ban"),
    "proposed": W(_("Waits for a second person"), "active", "users"),
    "done": W(_("Done"), "ok", "check"),
    "refused": W(_("Refused"), "bad", "circle-x"),
    "lapsed": W(_("No longer needed"), "idle", "minus"),
}

INVOICE_DELIVERY: Final = {
    "queued": W(_("Queued"), "idle", "hourglass"),
    "sending": W(_("Being sent"), "active", "send"),
    "sent": W(_("Sent"), "ok", "circle-check"),
    "failed": W(_("Failed"), "bad", "alert-triangle"),
    "bounced": W(_("Bounced"), "bad", "circle-x"),
}

PRICE_GROUP: Final = {
    "active": W(_("In use"), "ok", "circle-check"),
    "retired": W(_("Retired"), "idle", "ban"),
}

VAT_CHECK: Final = {
    "valid": W(_("Valid"), "ok", "shield-check"),
    "invalid": W(_("Not valid"), "bad", "circle-x"),
    "unavailable": W(_("No answer"), "warn", "cloud-off"),
}

TARIFF: Final = {
    "in_force": W(_("In force"), "ok", "circle-check"),
    "scheduled": W(_("Scheduled"), "active", "clock"),
    "draft": W(_("Draft"), "paused", "pencil"),
    "superseded": W(_("Superseded"), "idle", "history"),
    "ended": W(_("Ended"), "idle", "circle-minus"),
    "withdrawn": W(_("Withdrawn"), "idle", "ban"),
    "retired": W(_("Retired"), "idle", "ban"),
}

STATEMENT: Final = {
    "draft": W(_("Draft"), "paused", "pencil"),
    "awaits_invoice": W(_("Awaits the host's invoice"), "warn", "hourglass"),
    "to_pay": W(_("To be paid"), "warn", "clock"),
    "ordered": W(_("Being paid"), "active", "send"),
    "paid": W(_("Paid"), "ok", "circle-check"),
    "carried": W(_("Carried over"), "idle", "history"),
    "nothing": W(_("Nothing to pay"), "idle", "minus"),
}

PAYOUT_BATCH: Final = {
    "proposed": W(_("Waits for approval"), "warn", "hourglass"),
    "approved": W(_("Approved"), "active", "circle-check"),
    "planned": W(_("To be paid"), "warn", "clock"),
    "ordered": W(_("Ordered at the bank"), "active", "send"),
    "done": W(_("Paid out"), "ok", "circle-check"),
    "cancelled": W(_("Cancelled"), "idle", "ban"),
}

BANK_TRANSACTION: Final = {
    "new": W(_("New"), "active", "hourglass"),
    "booked": W(_("Booked"), "ok", "circle-check"),
    "work_list": W(_("To be sorted out"), "warn", "hand-stop"),
    "ignored": W(_("Not ours"), "idle", "minus"),
}

PAYMENT: Final = {
    "booked": W(_("Booked"), "ok", "circle-check"),
    "unidentified": W(_("Unknown payer"), "warn", "help-circle"),
    "reversed": W(_("Taken back"), "bad", "history"),
    "reversal": W(_("Takes back"), "idle", "history"),
}

REFUND: Final = {
    "planned": W(_("To be paid out"), "warn", "hourglass"),
    "ordered": W(_("Ordered at the bank"), "active", "send"),
    "done": W(_("Paid out"), "ok", "circle-check"),
    "cancelled": W(_("Cancelled"), "idle", "ban"),
}

DUNNING: Final = {
    "nothing_owed": W(_("Nothing owed"), "ok", "circle-check"),
    "not_due": W(_("Not due"), "idle", "clock"),
    "in_grace": W(_("Days of grace"), "idle", "hourglass"),
    "late": W(_("Late"), "warn", "alert-circle"),
    "reminded": W(_("Reminded"), "warn", "mail"),
    "demanded": W(_("Collection demanded"), "bad", "alert-triangle"),
    "blocked": W(_("Account blocked"), "bad", "lock"),
    "handed_over": W(_("Handed over to collection"), "bad", "external-link"),
    "paused": W(_("Paused"), "paused", "player-pause"),
    "reminder": W(_("Reminder"), "warn", "mail"),
    "fee_reminder": W(_("Reminder with fee"), "warn", "mail"),
    "demand": W(_("Collection demand"), "bad", "alert-triangle"),
    "block": W(_("Account blocked"), "bad", "lock"),
    "hand_over": W(_("Handed over to collection"), "bad", "external-link"),
}

PRICE_NOTICE: Final = {
    "scheduled": W(_("Scheduled"), "active", "clock"),
    "sending": W(_("Being sent"), "active", "send"),
    "done": W(_("Done"), "ok", "circle-check"),
    "cancelled": W(_("Cancelled"), "idle", "ban"),
}

PRICE_LETTER: Final = {
    "queued": W(_("Waits"), "idle", "hourglass"),
    "sent": W(_("Sent"), "ok", "circle-check"),
    "failed": W(_("Failed"), "bad", "alert-triangle"),
    "no_address": W(_("No address"), "warn", "mail"),
    "cancelled": W(_("Cancelled"), "idle", "ban"),
}

LETTER: Final = {
    "sent": W(_("Sent"), "active", "send"),
    "delivered": W(_("Arrived"), "ok", "circle-check"),
    "bounced": W(_("Came back"), "bad", "alert-triangle"),
}

PERIOD: Final = {
    "open": W(pgettext_lazy("month", "Open"), "active", "lock-open"),
    "closed": W(_("Closed"), "ok", "lock"),
}

CHECK: Final = {
    "done": W(_("Done"), "ok", "circle-check"),
    "open": W(_("To do"), "bad", "alert-triangle"),
    "told": W(_("To be looked at"), "warn", "info-circle"),
}

INVOICE: Final = {
    "draft": W(_("Draft"), "paused", "pencil"),
    "issued": W(_("Issued"), "active", "send"),
    "partly_paid": W(_("Partly paid"), "warn", "coin"),
    "paid": W(_("Paid"), "ok", "circle-check"),
    "overdue": W(_("Overdue"), "bad", "alert-triangle"),
    "credited": W(_("Credited"), "idle", "receipt"),
    "written_off": W(_("Written off"), "idle", "ban"),
}

BILLING_RUN: Final = {
    "planned": W(_("Being prepared"), "active", "hourglass"),
    "previewed": W(_("Waits for approval"), "warn", "hand-stop"),
    "running": W(_("Being issued"), "active", "send"),
    "done": W(_("Done"), "ok", "circle-check"),
    "failed": W(_("Failed"), "bad", "alert-triangle"),
}

CARD_PAYMENT: Final = {
    "new": W(_("Being sent"), "active", "send"),
    "unknown": W(_("Outcome not known yet"), "warn", "question-mark"),
    "waiting": W(_("Waits for the customer"), "warn", "hourglass"),
    "processing": W(_("On its way"), "active", "hourglass"),
    "held": W(pgettext_lazy("money", "Held"), "paused", "lock"),
    "capturing": W(_("Being collected"), "active", "arrow-down-left"),
    "paid": W(_("Paid"), "ok", "circle-check"),
    "failed": W(_("Failed"), "bad", "alert-triangle"),
    "cancelled": W(_("Cancelled"), "idle", "ban"),
}

GUEST_VISIT: Final = {
    "paying": W(_("Being paid"), "warn", "hourglass"),
    "ready": W(_("May start"), "active", "plug"),
    "charging": W(_("Charging"), "active", "bolt"),
    "settling": W(_("Being settled"), "paused", "hourglass"),
    "closing": W(_("Being called off"), "paused", "hourglass"),
    "done": W(_("Settled"), "ok", "circle-check"),
    "closed": W(_("Called off"), "idle", "ban"),
}

PAYER_NOTICE: Final = {
    "waiting": W(_("Waiting"), "active", "hourglass"),
    "sent": W(_("Sent"), "ok", "circle-check"),
    "given_up": W(_("Given up"), "bad", "circle-x"),
}

CARD_REFUND: Final = {
    "new": W(_("Being sent"), "active", "send"),
    "unknown": W(_("Outcome not known yet"), "warn", "question-mark"),
    "processing": W(_("On its way"), "active", "hourglass"),
    "done": W(_("Given back"), "ok", "circle-check"),
    "failed": W(_("Failed"), "bad", "alert-triangle"),
}

CARD_DISPUTE: Final = {
    "needs_response": W(_("Waits for our answer"), "bad", "hand-stop"),
    "under_review": W(_("At the bank"), "warn", "hourglass"),
    "won": W(_("Won"), "ok", "circle-check"),
    "lost": W(_("Lost"), "bad", "circle-x"),
}

CARD_EVENT: Final = {
    "new": W(_("Waits"), "active", "hourglass"),
    "applied": W(_("Applied"), "ok", "circle-check"),
    "ignored": W(_("Not about us"), "idle", "minus"),
    "failed": W(_("Failed"), "bad", "alert-triangle"),
}

CARD_PAYOUT: Final = {
    "pending": W(_("On its way"), "active", "hourglass"),
    "paid": W(_("Sent to the bank"), "ok", "circle-check"),
    "failed": W(_("Failed"), "bad", "alert-triangle"),
}

KINDS: Final = {
    "billing": BILLING,
    "card_payment": CARD_PAYMENT,
    "card_refund": CARD_REFUND,
    "guest_visit": GUEST_VISIT,
    "payer_notice": PAYER_NOTICE,
    "card_dispute": CARD_DISPUTE,
    "card_event": CARD_EVENT,
    "card_payout": CARD_PAYOUT,
    "invoice_delivery": INVOICE_DELIVERY,
    "price_group": PRICE_GROUP,
    "vat_check": VAT_CHECK,
    "tariff": TARIFF,
    "statement": STATEMENT,
    "payout_batch": PAYOUT_BATCH,
    "bank_transaction": BANK_TRANSACTION,
    "payment": PAYMENT,
    "refund": REFUND,
    "dunning": DUNNING,
    "price_notice": PRICE_NOTICE,
    "price_letter": PRICE_LETTER,
    "letter": LETTER,
    "period": PERIOD,
    "check": CHECK,
    "invoice": INVOICE,
    "billing_run": BILLING_RUN,
}
