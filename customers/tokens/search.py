"""Id tokens in the search over everything."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.search.match import among, matching
from core.search.sources import Hit
from customers.tokens.models import IdToken
from customers.tokens.uid import normalise

KIND = "token"


class TokenSearch:
    """Tokens by a part of their UID in any form, printed number or label."""

    kind = KIND
    label = _("Id tokens")
    icon = "id-badge"
    permission = Permission.TOKEN_VIEW
    list_url = "token_list"

    def find(self, text: str, most: int) -> Sequence[Hit]:
        """By UID. Separators that a reader prints (``04:AB:…``) do not matter."""
        plain = normalise(text).uid
        wanted = among("pk", matching(KIND, text)) | among("pk", matching(KIND, plain))
        return [
            Hit(str(token), token.uid, reverse("token_detail", args=[token.pk]))
            for token in IdToken.objects.filter(wanted).order_by("uid", "id")[:most]
        ]


source = TokenSearch()
