"""The terms that hold for a person, and which of them they have not agreed to yet."""

from __future__ import annotations

from django.utils.translation import get_language

from core.accounts.models import Operator, User
from core.operators.models import LegalText, TextKind
from core.operators.selectors import texts_in_force
from customers.selfservice.models import Consent


def shown_texts(operator: Operator) -> list[LegalText]:
    """Terms and privacy text in the reader's language, else in the operator's, else in any."""
    known = texts_in_force(operator)
    found = []
    for kind in TextKind.values:
        wanted = [get_language() or "", operator.language]
        any_language = sorted(language for one, language in known if one == kind)
        for language in (*wanted, *any_language):
            if (kind, language) in known:
                found.append(known[kind, language])
                break
    return found


def not_agreed(operator: Operator, user: User) -> list[LegalText]:
    """Of the shown texts, those that the person has not agreed to in this language and version.

    Versions are counted by language: the same number elsewhere may be another text.
    """
    agreed = set(
        Consent.objects.filter(user=user, operator=operator).values_list(
            "text__kind", "text__language", "text__version"
        )
    )
    return [
        one for one in shown_texts(operator) if (one.kind, one.language, one.version) not in agreed
    ]
