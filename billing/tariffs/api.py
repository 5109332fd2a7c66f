"""REST: tariffs, their versions and previews."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from billing.tariffs import serializers as shapes
from billing.tariffs import services
from billing.tariffs.api_filters import VersionFilter
from billing.tariffs.assignment_api import urls as assignment_urls
from billing.tariffs.documents import parsed
from billing.tariffs.filters import TariffFilter
from billing.tariffs.model import dump_tariff
from billing.tariffs.models import Tariff, TariffVersion, VersionState
from billing.tariffs.page import newest_of, tariff_or_404
from billing.tariffs.receiving import adopted
from billing.tariffs.selectors import tariff_rows, version_rows
from billing.tariffs.shown import shown_tariff
from core.accounts.permissions import Permission
from core.api.permissions import may, operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView

_TARIFF = shapes.TariffSerializer
_VERSION = shapes.VersionSerializer


def _given(shape: Any, request: Request, **options: Any) -> dict[str, Any]:
    given = shape(data=request.data, **options)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def _negative(request: Request) -> bool:
    return may(request, Permission.TARIFF_NEGATIVE)


def _answer(tariff: Tariff, status: int = 200) -> Response:
    return Response(_TARIFF(tariff_or_404(tariff.public_id)).data, status=status)


def _version(tariff: Tariff, number: str | int) -> TariffVersion:
    found: TariffVersion = get_object_or_404(version_rows(tariff), number=int(number))
    return found


class TariffList(ListView):
    """All tariffs; POST creates one with a draft."""

    read_permission = Permission.TARIFF_VIEW
    write_permission = Permission.TARIFF_EDIT
    serializer_class = _TARIFF
    filterset_class = TariffFilter

    def rows(self) -> QuerySet[Tariff]:
        """Tariffs of the caller's operator."""
        return tariff_rows(timezone.now())

    @extend_schema(request=shapes.TariffCreateSerializer, responses={201: _TARIFF})
    def post(self, request: Request) -> Response:
        """Take a tariff of OCPI 2.2.1 or 2.3.0 in as a draft; 422 names the place at fault."""
        given = _given(shapes.TariffCreateSerializer, request)
        document = adopted(given.pop("document"))
        tariff = services.create_tariff(
            operator=operator_of(request),
            document=document,
            currency=str(document.get("currency", "")),
            is_tax_included=document.get("tax_included") == "YES",
            may_be_negative=_negative(request),
            **given,
        )
        return _answer(tariff, 201)


class TariffDetail(DetailView):
    """One tariff; PATCH changes name and note."""

    read_permission = Permission.TARIFF_VIEW
    write_permission = Permission.TARIFF_EDIT
    serializer_class = _TARIFF

    def get_object(self) -> Tariff:
        """The tariff, or 404."""
        return tariff_or_404(self.kwargs["ref"])

    @extend_schema(request=shapes.TariffChangeSerializer, responses=_TARIFF)
    def patch(self, request: Request, ref: str) -> Response:
        """Change name or note; what it costs is changed by a version."""
        tariff = self.get_object()
        given = _given(shapes.TariffChangeSerializer, request, partial=True)
        return _answer(services.change_tariff(tariff=tariff, **given))


class TariffDraft(ScopedView):
    """PUT writes what the next version is to say; DELETE discards it."""

    write_permission = Permission.TARIFF_EDIT

    @extend_schema(request=shapes.DraftSerializer, responses=_VERSION)
    def put(self, request: Request, ref: str) -> Response:
        """Save the draft; 409 when somebody else saved it since ``seen``."""
        tariff = tariff_or_404(ref)
        given = _given(shapes.DraftSerializer, request)
        draft = services.save_draft(tariff=tariff, may_be_negative=_negative(request), **given)
        return Response(_VERSION(_version(tariff, draft.number)).data)

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, ref: str) -> Response:
        """Throw the draft away."""
        services.discard_draft(tariff=tariff_or_404(ref))
        return Response(status=204)


class TariffPublish(ScopedView):
    """POST puts the draft in force, for good."""

    write_permission = Permission.TARIFF_EDIT

    @extend_schema(request=shapes.PublishSerializer, responses=_VERSION)
    def post(self, request: Request, ref: str) -> Response:
        """Publish from an instant; 409 or 422 when that would change what sessions cost."""
        given = _given(shapes.PublishSerializer, request)
        tariff = tariff_or_404(ref)
        version = services.publish(tariff=tariff, digest=given.pop("sha256"), **given)
        return Response(_VERSION(_version(tariff, version.number)).data)


class TariffRetire(ScopedView):
    """POST ends a tariff's life."""

    write_permission = Permission.TARIFF_EDIT

    @extend_schema(request=shapes.WhySerializer, responses=_TARIFF)
    def post(self, request: Request, ref: str) -> Response:
        """It can no longer be assigned; 409 while an assignment relies on it."""
        given = _given(shapes.WhySerializer, request)
        return _answer(services.retire_tariff(tariff=tariff_or_404(ref), **given))


class VersionList(ListView):
    """The versions of a tariff, the newest first."""

    read_permission = Permission.TARIFF_VIEW
    serializer_class = _VERSION
    filterset_class = VersionFilter

    def rows(self) -> QuerySet[TariffVersion]:
        """Versions of the tariff."""
        return version_rows(tariff_or_404(self.kwargs["ref"]))


class VersionDetail(DetailView):
    """One version."""

    read_permission = Permission.TARIFF_VIEW
    serializer_class = _VERSION

    def get_object(self) -> TariffVersion:
        """The version, or 404."""
        return _version(tariff_or_404(self.kwargs["ref"]), self.kwargs["number"])


class VersionDifference(ScopedView):
    """What a version changed."""

    read_permission = Permission.TARIFF_VIEW

    @extend_schema(responses=shapes.DifferenceSerializer)
    def get(self, request: Request, ref: str, number: str) -> Response:
        """Value by value, from the version before that was not withdrawn."""
        tariff = tariff_or_404(ref)
        after = _version(tariff, number)
        before = (
            tariff.versions.filter(number__lt=after.number)
            .exclude(state=VersionState.RETIRED)
            .order_by("-number")
            .first()
        )
        shown = shapes.shown_difference(before, after)
        return Response(shapes.DifferenceSerializer(shown).data)


class VersionWithdraw(ScopedView):
    """POST takes back a version that has not taken effect."""

    write_permission = Permission.TARIFF_EDIT

    @extend_schema(request=shapes.WhySerializer, responses=_VERSION)
    def post(self, request: Request, ref: str, number: str) -> Response:
        """Withdraw; 409 once it is in force."""
        given = _given(shapes.WhySerializer, request)
        tariff = tariff_or_404(ref)
        row = get_object_or_404(tariff.versions.select_related("tariff"), number=int(number))
        services.withdraw_version(version=row, **given)
        return Response(_VERSION(_version(tariff, number)).data)


class TariffOcpi(ScopedView):
    """The tariff as partners read it."""

    read_permission = Permission.TARIFF_VIEW

    @extend_schema(
        parameters=[
            OpenApiParameter("ocpi", str, enum=["2.2.1", "2.3.0"]),
            OpenApiParameter("extras", bool, description="With our own terms"),
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request, ref: str) -> Response:
        """OCPI JSON of the newest version that was not withdrawn."""
        newest = newest_of(tariff_or_404(ref))
        old = request.query_params.get("ocpi") == "2.2.1"
        extras = request.query_params.get("extras", "") in ("1", "true")
        document = newest.document if newest else {}
        shown = dump_tariff(parsed(document), "2.2.1" if old else "2.3.0", extras=extras)
        return Response(shown)


class TariffPreviewCall(ScopedView):
    """POST shows what a tariff would cost, storing nothing."""

    write_permission = Permission.TARIFF_VIEW

    @extend_schema(request=shapes.PreviewInputSerializer, responses=shapes.PreviewSerializer)
    def post(self, request: Request) -> Response:
        """Words, warnings, AFIR, and the priced examples."""
        given = _given(shapes.PreviewInputSerializer, request)
        shown = shown_tariff(operator_of(request), parsed(given["document"]))
        examples = [one for row in shown.examples for one in row.prices]
        told = {
            "lines": shown.lines,
            "warnings": shown.warnings,
            "ad_hoc": shown.ad_hoc,
            "examples": examples,
            "spot_note": shown.spot_note,
        }
        return Response(shapes.PreviewSerializer(told).data)


urls = [
    address("tariffs", TariffList, "tariffs"),
    address("tariffs/preview", TariffPreviewCall, "tariff_preview"),
    address("tariffs/{ref}", TariffDetail, "tariff"),
    address("tariffs/{ref}/draft", TariffDraft, "tariff_draft"),
    address("tariffs/{ref}/publish", TariffPublish, "tariff_publish"),
    address("tariffs/{ref}/retire", TariffRetire, "tariff_retire"),
    address("tariffs/{ref}/ocpi", TariffOcpi, "tariff_ocpi"),
    address("tariffs/{ref}/versions", VersionList, "tariff_versions"),
    address("tariffs/{ref}/versions/{number}", VersionDetail, "tariff_version"),
    address(
        "tariffs/{ref}/versions/{number}/difference", VersionDifference, "tariff_version_difference"
    ),
    address("tariffs/{ref}/versions/{number}/withdraw", VersionWithdraw, "tariff_version_withdraw"),
    *assignment_urls,
]
