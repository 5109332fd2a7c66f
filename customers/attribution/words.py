"""The sentences of the way to an account and a tariff."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils import translation
from django.utils.translation import gettext_noop

from billing.tariffs.choice import Choice
from billing.tariffs.words import choice_texts
from core.sentences import Sentence
from customers.attribution.payer import Step, Why
from customers.tokens.models import TokenPurpose

SENTENCES: Final[dict[Why, str]] = {
    Why.NO_TOKEN: gettext_noop("No token was presented: nobody's account pays (ad hoc)."),
    Why.UNKNOWN_TOKEN: gettext_noop(
        "Token %(token)s is not one of the operator's own: no account pays, and it gets the "
        "price for everyone."
    ),
    Why.FREE: gettext_noop(
        "Token %(token)s has the purpose “%(purpose)s”: the session costs nothing and needs "
        "no account."
    ),
    Why.TOKEN_OF_DRIVER: gettext_noop("Token %(token)s is the driver %(driver)s's."),
    Why.TOKEN_OF_COMPANY: gettext_noop("Token %(token)s is of the pool of %(company)s."),
    Why.TOKEN_OF_NOBODY: gettext_noop("Token %(token)s belongs to nobody."),
    Why.OWNER_OF_TODAY: gettext_noop(
        "The session does not tell whose the token was then, so its owner of today counts."
    ),
    Why.DRIVER_PAYS: gettext_noop("On %(day)s, %(account)s pays for the driver %(driver)s."),
    Why.DRIVER_HAS_NONE: gettext_noop("On %(day)s, the driver %(driver)s has no account."),
    Why.COMPANY_PAYS: gettext_noop("On %(day)s, %(account)s pays for the company %(company)s."),
    Why.COMPANY_HAS_NONE: gettext_noop("On %(day)s, the company %(company)s has no account."),
    Why.ACCOUNT_ASKED: gettext_noop("The question is about %(account)s."),
    Why.GUEST_PAYS: gettext_noop("A guest paid on the spot: %(account)s."),
    Why.NOBODY_PAYS: gettext_noop(
        "No account pays: the session waits until somebody says who does."
    ),
    Why.IN_GROUP: gettext_noop("On %(day)s, %(account)s is in the price group %(group)s."),
    Why.IN_NO_GROUP: gettext_noop(
        "On %(day)s, %(account)s is in no price group and gets the price for everyone."
    ),
}


def sentence(step: Step) -> Sentence:
    """A step as a sentence."""
    params: dict[str, str | Sentence] = dict(step.params)
    if "purpose" in step.params:
        # The label's source text: it is translated when the sentence is said.
        with translation.override("en"):
            params["purpose"] = Sentence(str(TokenPurpose(step.params["purpose"]).label))
    return Sentence(SENTENCES[step.code], params)


def sentences(steps: Sequence[Step], choice: Choice | None) -> tuple[Sentence, ...]:
    """The whole way: to the account, then to the tariff."""
    way = tuple(map(sentence, steps))
    if choice is None:
        return (*way, Sentence(gettext_noop("No tariff is needed.")))
    return (*way, *choice_texts(choice))
