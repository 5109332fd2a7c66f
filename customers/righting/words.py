"""Routes and refusals in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from customers.righting.rule import Route

ROUTES: Final[Mapping[Route, str | Promise]] = {
    Route.WAIVE: _("Waive: nobody pays for it"),
    Route.RERATE: _("Re-rate: the right figures are priced anew"),
    Route.CREDIT: _("Credit a line of the invoice"),
    Route.REFUND: _("Credit note and refund to the card"),
    Route.GUEST: _("Credit note, refund to the card and a new receipt"),
}
EXPLAINED: Final[Mapping[Route, str | Promise]] = {
    Route.WAIVE: _("No bill has taken the session yet: its price is changed before one does."),
    Route.CREDIT: _(
        "The session is on an invoice: a credit note takes back a part of its lines. It lowers "
        "what is owed; what was paid already becomes the customer's credit."
    ),
    Route.REFUND: _(
        "The session was paid by card: a credit note takes back a part of its lines, and the "
        "money goes back to the card."
    ),
    Route.GUEST: _(
        "A guest paid for the session: a credit note takes back a part of it, the money goes back "
        "to the card, and a new receipt is mailed."
    ),
}
REFUSED: Final[Mapping[str, str | Promise]] = {
    "not_over": _("The session still runs: put it right when it is over."),
    "decision_waits": _("A decision about it waits for a second person."),
    "not_rated": _("It has no price yet."),
    "costs_nothing": _("It costs nothing."),
    "adjustment_waits": _(
        "Its price has changed since it was billed: the difference goes on the next invoice."
    ),
    "all_back": _("All that was billed of it has gone back already."),
    "not_yours": _("Your role may not do what is needed here."),
}
NEEDED: Final[Mapping[Route, tuple[Permission, ...]]] = {
    Route.WAIVE: (),
    Route.RERATE: (),
    Route.CREDIT: (Permission.INVOICE_ISSUE,),
    Route.REFUND: (Permission.INVOICE_ISSUE, Permission.PAYMENT_EDIT),
    Route.GUEST: (Permission.INVOICE_ISSUE, Permission.PAYMENT_EDIT),
}
"""What a route asks for beside deciding about sessions."""
