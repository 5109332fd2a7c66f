"""Sessions in the search over everything, and the same for the list of sessions."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.search.filling import Fill
from core.search.match import among, matching
from core.search.sources import Hit
from stations.hardware.models import Evse, Station
from stations.sessions.models import Session

KIND = "session"
FILL = Fill("stations_session", KIND, ("{}public_id", "{}ocpp_transaction_id", "{}id_token"))
"""As the migration that made sessions searchable; the bridge leaves their entries to the task."""


def with_word(queryset: QuerySet[Session], word: str) -> QuerySet[Session]:
    """Sessions found by a part of their ids or token, or by where they were.

    Places are read first: with their true number the database takes the right index among any
    number of sessions. Ids and tokens need three characters.
    """
    places = Q(name__icontains=word) | Q(identity__icontains=word) | Q(site__name__icontains=word)
    stations = list(Station.objects.filter(places).order_by().values_list("pk", flat=True))
    evses = Evse.objects.filter(public_id__icontains=word).order_by()
    found = among("pk", matching(KIND, word))
    if stations:
        found |= Q(station__in=stations)
    if own := list(evses.exclude(station__in=stations).values_list("pk", flat=True)):
        found |= Q(evse__in=own)
    return queryset.filter(found)


class SessionSearch:
    """Sessions by id, OCPP transaction and token."""

    kind = KIND
    label = _("Sessions")
    icon = "bolt"
    permission = Permission.SESSION_VIEW
    list_url = "session_list"

    def find(self, text: str, most: int) -> Sequence[Hit]:
        """The newest first."""
        found = Session.objects.select_related("station").filter(among("pk", matching(KIND, text)))
        return [
            Hit(
                s.public_id,
                f"{s.station} · {s.id_token}" if s.id_token else str(s.station),
                reverse("session_detail", args=[s.public_id]),
            )
            for s in found.order_by("-first_received_at", "-id")[:most]
        ]


source = SessionSearch()
