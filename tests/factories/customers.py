"""Id tokens for tests."""

from __future__ import annotations

from typing import Any

from core.accounts.models import Operator
from core.tenancy.scopes import across_operators
from customers.tokens.models import IdToken
from customers.tokens.uid import normalise
from tests.factories.core import number


def make_token(*, operator: Operator, uid: str = "", **fields: Any) -> IdToken:
    """An active card with its normalised forms."""
    forms = normalise(uid or f"{0xCAFE0000 + number():08X}")
    with across_operators("tests make rows of any operator"):
        token: IdToken = IdToken.objects.create(
            operator=operator,
            **(
                {
                    "uid": forms.uid,
                    "uid_decimal": forms.decimal,
                    "uid_reversed": forms.reversed,
                }
                | fields
            ),
        )
    return token
