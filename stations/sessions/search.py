"""Sessions in the search over everything, and the same for the list of sessions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.search.filling import Fill
from core.search.match import among, having, is_findable, matching
from core.search.sources import Hit
from core.search.trigrams import fold
from stations.hardware.models import Evse, Station
from stations.sessions.models import Session

KIND = "session"
FILL = Fill("stations_session", KIND, ("{}public_id", "{}ocpp_transaction_id", "{}id_token"))
"""As the migration that made sessions searchable; the bridge leaves their entries to the task."""


SAMPLE: Final = 500
COMMON: Final = 50
"""Hits among the newest sessions that make a word a common one."""
MANY_STATIONS: Final = 100


def with_word(queryset: QuerySet[Session], word: str) -> QuerySet[Session]:
    """Sessions found by a part of their ids or token, or by where they were.

    Places are read first: with their true number the database takes the right index among any
    number of sessions. Ids and tokens need three characters.
    """
    places = Q(name__icontains=word) | Q(identity__icontains=word) | Q(site__name__icontains=word)
    stations = list(Station.objects.filter(places).order_by().values_list("pk", flat=True))
    if len(stations) > MANY_STATIONS and len(stations) == Station.objects.count():
        return queryset  # A session always has a station: the word leaves none out.
    found = _by_texts(word)
    if stations:
        found |= Q(station__in=stations)
    evses = Evse.objects.filter(public_id__icontains=word).order_by()
    among_stations = set(stations)
    own = [
        pk for pk, station in evses.values_list("pk", "station_id") if station not in among_stations
    ]
    if own:
        found |= Q(evse__in=own)
    return queryset.filter(found)


def _by_texts(word: str) -> Q:
    """Sessions that have the word in an id or their token.

    What few sessions have is read from the search first. For a word that many have, such as the
    first letters of all ids, that would read them all for a page of fifty; there the newest
    sessions are walked through, and asked one by one.
    """
    if not is_findable(word):
        return among("pk", matching(KIND, word))
    newest = Session.objects.order_by("-first_received_at").values("pk")[:SAMPLE]
    known = having(KIND, "").filter(object_id__in=newest)
    sample = list(known.values_list("text", flat=True))
    if sum(fold(word) in text for text in sample) >= COMMON:
        return Q(Exists(having(KIND, word).filter(object_id=OuterRef("pk"))))
    return among("pk", matching(KIND, word, sample))


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
