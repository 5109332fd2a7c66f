"""REST: the OCPP journal, knocks, attempts, events, reservations, profiles, local lists."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.pagination import CursorPages, JournalPages
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView
from stations.hardware.models import Station
from stations.hardware.selectors import station_or_404
from stations.ocpp import answered_lists, profiles, selectors
from stations.ocpp.api_filters import (
    EventApiFilter,
    FrameApiFilter,
    ReservationApiFilter,
)
from stations.ocpp.filters import KnockFilter
from stations.ocpp.journal import frames, station_frames
from stations.ocpp.knocks import forget, knocks
from stations.ocpp.lists.selectors import local_list_of
from stations.ocpp.models import (
    ChargingProfile,
    FrameJournal,
    Knock,
    LocalList,
    Reservation,
    StationEvent,
)
from stations.ocpp.serializers import (
    EventSerializer,
    FrameSerializer,
    KnockSerializer,
    ListSerializer,
    ProfileSerializer,
    ProfileWriteSerializer,
    ReservationSerializer,
)


class Journal(ListView):
    """The OCPP journal of all stations: calls paired with their answers, newest first."""

    read_permission = Permission.JOURNAL_VIEW
    serializer_class = FrameSerializer
    filterset_class = FrameApiFilter
    pagination_class = JournalPages

    def rows(self) -> QuerySet[FrameJournal]:
        """Exchanges of the caller's stations."""
        return frames(operator_of(self.request).pk)

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """Tells the rows the identities of their stations, by one query."""
        rows = args[0] if args and isinstance(args[0], list) else []
        wanted = {row.station_id for row in rows}
        identities = dict(Station.objects.filter(pk__in=wanted).values_list("pk", "identity"))
        kwargs["context"] = {**self.get_serializer_context(), "identities": identities}
        return self.get_serializer_class()(*args, **kwargs)


class StationJournal(Journal):
    """The OCPP journal of one station."""

    def rows(self) -> QuerySet[FrameJournal]:
        """Exchanges of the station."""
        return station_frames(station_or_404(self.kwargs["ref"]))


class KnockList(ListView):
    """Connection attempts that were refused."""

    read_permission = Permission.NETWORK_EDIT
    serializer_class = KnockSerializer
    filterset_class = KnockFilter

    def rows(self) -> QuerySet[Knock]:
        """Of the caller's stations, and of identities that nobody has."""
        return knocks(operator_of(self.request))


class KnockDetail(DetailView):
    """One refused connection; DELETE takes it off the list."""

    read_permission = Permission.NETWORK_EDIT
    write_permission = Permission.NETWORK_EDIT
    serializer_class = KnockSerializer

    def get_object(self) -> Knock:
        """A knock that the caller may see, or 404."""
        return get_object_or_404(knocks(operator_of(self.request)), pk=int(self.kwargs["number"]))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, number: str) -> Response:
        """Forget it until the next attempt."""
        forget(self.get_object(), operator=operator_of(request))
        return Response(status=204)


class EventList(ListView):
    """Station events, newest first."""

    read_permission = Permission.NETWORK_VIEW
    serializer_class = EventSerializer
    filterset_class = EventApiFilter
    pagination_class = CursorPages

    def rows(self) -> QuerySet[StationEvent]:
        """Events of the caller's stations."""
        return selectors.events()


class ReservationList(ListView):
    """Reservations, newest first. The command ``reserve`` makes one."""

    read_permission = Permission.NETWORK_VIEW
    serializer_class = ReservationSerializer
    filterset_class = ReservationApiFilter

    def rows(self) -> QuerySet[Reservation]:
        """Reservations at the caller's stations."""
        return selectors.reservations()


class ProfileList(ListView):
    """Stored charging profiles."""

    read_permission = Permission.NETWORK_VIEW
    serializer_class = ProfileSerializer

    def rows(self) -> QuerySet[ChargingProfile]:
        """Profiles of the caller's operator."""
        return selectors.profiles()


class ProfileDetail(DetailView):
    """One stored charging profile by its id on the wire."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.NETWORK_EDIT
    serializer_class = ProfileSerializer

    def get_object(self) -> ChargingProfile:
        """The caller's own profile, or 404."""
        return get_object_or_404(selectors.profiles(), number=int(self.kwargs["number"]))

    @extend_schema(
        request=ProfileWriteSerializer,
        responses={200: ProfileSerializer, 201: ProfileSerializer},
    )
    def put(self, request: Request, number: str) -> Response:
        """Store a profile under this id: 201 when it is new, 200 when it has changed."""
        given = ProfileWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        profile, created = profiles.put_profile(
            operator=operator_of(request), number=int(number), **given.validated_data
        )
        return Response(ProfileSerializer(profile).data, status=201 if created else 200)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, number: str) -> Response:
        """Forget a profile; stations keep what they were sent."""
        profiles.delete_profile(profile=self.get_object())
        return Response(status=204)


class LocalListDetail(DetailView):
    """The local list of a station as we know it."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.TOKEN_EDIT
    serializer_class = ListSerializer

    def get_object(self) -> LocalList:
        """The station's list; an empty one of version 0 when there was none."""
        return local_list_of(station_or_404(self.kwargs["ref"]))

    @extend_schema(responses=ListSerializer)
    def delete(self, request: Request, ref: str) -> Response:
        """Clear our record of the list: empty, version 0. The station is told nothing.

        To empty the list in the station, send ``SendLocalList`` with ``Full`` and no entries.
        """
        station = station_or_404(ref)
        answered_lists.forget_list(station)
        return Response(ListSerializer(local_list_of(station)).data)


urls = [
    address("journal", Journal, "journal"),
    address("stations/{ref}/journal", StationJournal, "station_journal"),
    address("knocks", KnockList, "knocks"),
    address("knocks/{number}", KnockDetail, "knock"),
    address("events", EventList, "events"),
    address("reservations", ReservationList, "reservations"),
    address("charging-profiles", ProfileList, "profiles"),
    address("charging-profiles/{number}", ProfileDetail, "profile"),
    address("stations/{ref}/local-list", LocalListDetail, "local_list"),
]
