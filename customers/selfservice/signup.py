"""Becoming a customer by oneself, where the operator allows it; the address is proven first."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.accounts.models import Operator, User
from core.audit.services import record
from core.errors import RuleViolation
from core.operators.mail import compose, why_not_sent
from core.operators.selectors import setup_of
from core.tries import refuse_many
from customers.drivers.models import Driver
from customers.drivers.services import create_driver
from customers.selfservice.logins import link
from customers.selfservice.models import CustomerLogin, PortalSetup

_SALT: Final = "customers.selfservice.signup"
VALID_SECONDS: Final = 2 * 24 * 3600
TRIES: Final = 5


def allows_sign_up(operator: Operator) -> bool:
    """Whether strangers may become customers of the operator."""
    return PortalSetup.objects.filter(operator=operator, allows_sign_up=True).exists()


@transaction.atomic
def set_up_portal(*, operator: Operator, allows: bool) -> PortalSetup:
    """Open or close the door for strangers."""
    found, _created = PortalSetup.objects.select_for_update().get_or_create(operator=operator)
    row: PortalSetup = found
    if row.allows_sign_up != allows:
        before = {"allows_sign_up": row.allows_sign_up}
        row.allows_sign_up = allows
        row.save()
        record(
            "portal.set_up", row, operator_id=operator.pk, before=before,
            after={"allows_sign_up": allows},
        )  # fmt: skip
    return row


def ask_to_join(*, operator: Operator, email: str, address: str | None) -> None:
    """Send the way in to an e-mail address; the answer never tells whether somebody has it.

    Refuses more than five mails an hour to one address, and from one computer.
    """
    for key in (f"sign-up:{operator.pk}:{email.lower()}", f"sign-up-from:{address}"):
        refuse_many(key, TRIES)
    token = signing.dumps([operator.pk, email], salt=_SALT)
    way = reverse("my_sign_up_join", args=[operator.slug, token])
    with timezone.override(ZoneInfo(operator.time_zone)):
        message = compose(
            "customer_sign_up", operator=operator, setup=setup_of(operator), to=email,
            context={"link": settings.PUBLIC_URL + way},
        )  # fmt: skip
    if why_not_sent(message):
        raise RuleViolation("mail", _("The mail could not be sent. Try again in a while."))


def proven_address(operator: Operator, token: str) -> str | None:
    """The address that a link proves; None for a forged, old or foreign one."""
    try:
        owner, email = signing.loads(token, salt=_SALT, max_age=VALID_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(email) if owner == operator.pk else None


@transaction.atomic
def become_driver(*, operator: Operator, user: User, name: str) -> CustomerLogin:
    """A new driver for a person; refuses who is a driver here already, or was entered as one."""
    email = user.email
    if Driver.objects.filter(email__iexact=email).exists():
        raise RuleViolation(
            "known_already",
            _("You are known here already. Ask %(operator)s for an invitation.")
            % {"operator": operator.name},
        )
    language = (get_language() or "")[:2]
    known = language if language in dict(settings.LANGUAGES) else operator.language
    driver = create_driver(
        operator=operator, name=name, email=email, language=known, reason="signed up"
    )
    return link(user=user, subject=driver)
