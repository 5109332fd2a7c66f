"""REST: where tariffs hold."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from billing.accounts.models import PriceGroup
from billing.tariffs.assigning import Target, assign, end_assignment
from billing.tariffs.filters import AssignmentFilter
from billing.tariffs.models import Tariff, TariffAssignment
from billing.tariffs.selectors import assignments
from billing.tariffs.serializers import AssignmentSerializer, AssignSerializer, EndSerializer
from core.accounts.permissions import Permission
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import InvalidInput
from stations.hardware.models import Evse, Station
from stations.sites.models import Site


def _row(public_id: str) -> TariffAssignment:
    found: TariffAssignment = get_object_or_404(assignments(timezone.now()), public_id=public_id)
    return found


def _named(model: Any, name: str, value: Any, **where: Any) -> Any:
    """The row of a reference in a body; None for none, 422 for one that is not there."""
    if value is None:
        return None
    found = model.objects.filter(**where).first()
    if found is None:
        raise InvalidInput(f"unknown_{name}", _("This is not there."), field=name)
    return found


def _target(given: dict[str, Any]) -> Target:
    refs = {"site": Site, "station": Station, "price_group": PriceGroup}
    rows = {
        name: _named(model, name, given[name], public_id=given[name])
        for name, model in refs.items()
    }
    number, station = given["evse_number"], rows["station"]
    evse = _named(Evse, "evse_number", number, station=station, number=number)
    if evse is not None:
        rows["station"] = None
    return Target(evse=evse, connector_type=given["connector_type"], **rows)


class AssignmentList(ListView):
    """All assignments, the latest first; POST assigns a tariff."""

    read_permission = Permission.TARIFF_VIEW
    write_permission = Permission.TARIFF_EDIT
    serializer_class = AssignmentSerializer
    filterset_class = AssignmentFilter

    def rows(self) -> QuerySet[TariffAssignment]:
        """Assignments of the caller's operator."""
        return assignments(timezone.now())

    @extend_schema(request=AssignSerializer, responses={201: AssignmentSerializer})
    def post(self, request: Request) -> Response:
        """Let a tariff hold somewhere; 409 when another of the same kind holds at that time."""
        given = AssignSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        row = assign(
            tariff=_named(Tariff, "tariff", values["tariff"], public_id=values["tariff"]),
            target=_target(values),
            valid_from_at=values["valid_from_at"],
            valid_to_at=values["valid_to_at"],
            accepts_short_notice=values["accepts_short_notice"],
            reason=values["reason"],
        )
        return Response(AssignmentSerializer(_row(row.public_id)).data, status=201)


class AssignmentDetail(DetailView):
    """One assignment."""

    read_permission = Permission.TARIFF_VIEW
    serializer_class = AssignmentSerializer

    def get_object(self) -> TariffAssignment:
        """The assignment, or 404."""
        return _row(self.kwargs["ref"])


class AssignmentEnd(ScopedView):
    """POST ends an assignment."""

    write_permission = Permission.TARIFF_EDIT

    @extend_schema(request=EndSerializer, responses={200: AssignmentSerializer, 204: None})
    def post(self, request: Request, ref: str) -> Response:
        """End it at an instant; one that has not begun is removed (204)."""
        given = EndSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        end_assignment(assignment=_row(ref), **given.validated_data)
        kept = assignments(timezone.now()).filter(public_id=ref).first()
        if kept is None:
            return Response(status=204)
        return Response(AssignmentSerializer(kept).data)


urls = [
    address("tariff-assignments", AssignmentList, "tariff_assignments"),
    address("tariff-assignments/{ref}", AssignmentDetail, "tariff_assignment"),
    address("tariff-assignments/{ref}/end", AssignmentEnd, "tariff_assignment_end"),
]
