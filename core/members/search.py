"""Members in the search over everything."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Membership
from core.accounts.permissions import Permission
from core.search.sources import Hit


class MemberSearch:
    """People of the operator by a part of their name or e-mail address."""

    kind = "member"
    label = _("Members")
    icon = "users"
    permission = Permission.PEOPLE_MANAGE
    list_url = "member_list"

    def find(self, text: str, most: int) -> Sequence[Hit]:
        """By address. An operator has few members, so no index is needed."""
        wanted = Q(user__name__icontains=text) | Q(user__email__icontains=text)
        found = Membership.objects.select_related("user").filter(wanted)
        return [
            Hit(str(m.user), m.user.email, reverse("member_detail", args=[m.pk]))
            for m in found.order_by("user__email", "pk")[:most]
        ]


source = MemberSearch()
