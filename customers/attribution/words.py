"""The sentences of the way to an account and a tariff."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.tariffs.choice import Choice
from billing.tariffs.words import choice_texts
from customers.attribution.payer import Step, Why
from customers.tokens.models import TokenPurpose

SENTENCES: Final[dict[Why, Promise]] = {
    Why.NO_TOKEN: gettext_lazy("No token was presented: nobody's account pays (ad hoc)."),
    Why.UNKNOWN_TOKEN: gettext_lazy(
        "Token %(token)s is not one of the operator's own: no account pays, and it gets the "
        "price for everyone."
    ),
    Why.FREE: gettext_lazy(
        "Token %(token)s has the purpose “%(purpose)s”: the session costs nothing and needs "
        "no account."
    ),
    Why.TOKEN_OF_DRIVER: gettext_lazy("Token %(token)s is the driver %(driver)s's."),
    Why.TOKEN_OF_COMPANY: gettext_lazy("Token %(token)s is of the pool of %(company)s."),
    Why.TOKEN_OF_NOBODY: gettext_lazy("Token %(token)s belongs to nobody."),
    Why.OWNER_OF_TODAY: gettext_lazy(
        "The session does not tell whose the token was then, so its owner of today counts."
    ),
    Why.DRIVER_PAYS: gettext_lazy("On %(day)s, %(account)s pays for the driver %(driver)s."),
    Why.DRIVER_HAS_NONE: gettext_lazy("On %(day)s, the driver %(driver)s has no account."),
    Why.COMPANY_PAYS: gettext_lazy("On %(day)s, %(account)s pays for the company %(company)s."),
    Why.COMPANY_HAS_NONE: gettext_lazy("On %(day)s, the company %(company)s has no account."),
    Why.ACCOUNT_ASKED: gettext_lazy("The question is about %(account)s."),
    Why.NOBODY_PAYS: gettext_lazy(
        "No account pays: the session waits until somebody says who does."
    ),
    Why.IN_GROUP: gettext_lazy("On %(day)s, %(account)s is in the price group %(group)s."),
    Why.IN_NO_GROUP: gettext_lazy(
        "On %(day)s, %(account)s is in no price group and gets the price for everyone."
    ),
}


def sentence(step: Step) -> str:
    """A step in the reader's language."""
    params = dict(step.params)
    if "purpose" in params:
        params["purpose"] = str(TokenPurpose(params["purpose"]).label)
    return str(SENTENCES[step.code]) % params


def sentences(steps: Sequence[Step], choice: Choice | None) -> tuple[str, ...]:
    """The whole way: to the account, then to the tariff."""
    way = tuple(map(sentence, steps))
    if choice is None:
        return (*way, _("No tariff is needed."))
    return (*way, *choice_texts(choice))
