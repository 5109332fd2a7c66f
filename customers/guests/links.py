"""The addresses of guests: the code on a connector, and the signed link of one visit."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core import signing
from django.urls import reverse

from core.tenancy.scopes import across_operators
from customers.guests.models import GuestCode, GuestVisit

STANDS: Final = timedelta(days=30)
"""How long after a visit was over its link still shows the receipt."""
_SIGNER: Final = signing.Signer(salt="customers.guests.visit", sep="~")


def code_url(code: GuestCode) -> str:
    """What a phone reads: short, and on our own domain."""
    return settings.PUBLIC_URL + reverse("guest_code", args=[code.code])


def ref_of(visit: GuestVisit) -> str:
    """What the link of a visit ends in: its id and our signature, so nobody can guess one."""
    return _SIGNER.sign(visit.public_id)


def visit_url(visit: GuestVisit) -> str:
    """The address at which a guest follows the visit."""
    return settings.PUBLIC_URL + reverse("guest_visit", args=[ref_of(visit)])


def find_code(code: str) -> GuestCode | None:
    """The code of a connector in use, with what stands around it."""
    with across_operators("a code names its operator"):
        found: GuestCode | None = (
            GuestCode.objects.select_related("connector__evse__station__site", "operator")
            .filter(
                code=code, operator__is_active=True, connector__retired_on=None,
                connector__evse__retired_on=None, connector__evse__station__retired_on=None,
            )
            .first()
        )  # fmt: skip
    return found


def find_visit(ref: str, now: datetime) -> GuestVisit | None:
    """The visit behind a link; None for a forged link, and for one that is too old."""
    try:
        public_id = _SIGNER.unsign(ref)
    except signing.BadSignature:
        return None
    with across_operators("a guest's link names its operator"):
        found: GuestVisit | None = (
            GuestVisit.objects.select_related(
                "operator", "evse__station__site", "connector", "account", "command",
                "card_payment__card_account__seller", "session__station__site",
            )
            .defer("session__intervals")
            .filter(public_id=public_id, operator__is_active=True)
            .first()
        )  # fmt: skip
    if found is None or (found.ended_at is not None and now > found.ended_at + STANDS):
        return None
    return found
