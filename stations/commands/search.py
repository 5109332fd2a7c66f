"""Commands in the search over everything."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.search.sources import Hit
from stations.commands.models import Command


class CommandSearch:
    """Commands by their whole id, or by the correlation id they had on the wire."""

    kind = "command"
    label = _("Commands")
    icon = "terminal"
    permission = Permission.NETWORK_VIEW
    list_url = "command_list"

    def find(self, text: str, most: int) -> Sequence[Hit]:
        """The newest first."""
        found = Command.objects.filter(Q(public_id=text) | Q(message_id=text))
        return [
            Hit(str(c), str(c.station), reverse("command_detail", args=[c.public_id]))
            for c in found.select_related("station").order_by("-created_at", "-id")[:most]
        ]


source = CommandSearch()
