"""What history and notes can hang on: id tokens."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.objects.kinds import ObjectKind
from customers.tokens.models import IdToken


def kinds() -> list[ObjectKind]:
    """The kinds of this app."""
    return [
        ObjectKind(
            name="token",
            label=_("Id token"),
            model=IdToken,
            rows=IdToken.objects.all,
            url=lambda token: reverse("token_detail", args=[token.pk]),
            view=Permission.TOKEN_VIEW,
            key="pk",
            has_notes=True,
        )
    ]
