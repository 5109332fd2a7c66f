"""Curing a refusal: an unknown card becomes a driver's."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.models import Operator
from core.errors import InvalidInput, RuleViolation
from customers.drivers.models import Driver
from customers.drivers.services import create_driver
from customers.tokens.models import IdToken
from customers.tokens.selectors import find_token
from customers.tokens.services import put_token
from stations.ocpp.models import AuthorisationAttempt

MOST_SIGNS = 36


@transaction.atomic
def give_to_driver(
    *,
    attempt: AuthorisationAttempt,
    operator: Operator,
    driver: Driver | None = None,
    new_driver: dict[str, Any] | None = None,
    printed_number: str = "",
    reason: str = "",
) -> IdToken:
    """Make the presented token a card of ``driver``, or of a driver made of ``new_driver``.

    Refuses a token that belongs to somebody, was empty, or is longer than any card's; and
    neither driver or both.
    """
    if (driver is None) == (new_driver is None):
        raise InvalidInput(
            "one_driver", _("Choose a driver, or name a new one; not both."), field="driver"
        )
    uid = attempt.id_token.strip()
    if not uid or len(uid) > MOST_SIGNS:
        raise RuleViolation("no_card", _("What the station sent is no card."))
    known = find_token(uid)
    if known is not None and (known.driver_id or known.company_id):
        raise RuleViolation("card_taken", _("The card belongs to somebody already."))
    why = reason or _("Presented at %(station)s and refused.") % {"station": attempt.station}
    owner = driver or create_driver(operator=operator, reason=why, **(new_driver or {}))
    values: dict[str, Any] = {"driver": owner}
    if printed_number:
        values["printed_number"] = printed_number
    token, _created = put_token(operator=operator, uid=uid, reason=why, **values)
    return token
