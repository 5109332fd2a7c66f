"""REST: the inventory of firmware, its files, and campaigns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.parsers import BoundedJSONParser
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import InvalidInput
from stations.firmware import campaigns as services
from stations.firmware import images, selectors
from stations.firmware.lists import CampaignFilter, ImageFilter, TargetFilter
from stations.firmware.log_api import urls as log_urls
from stations.firmware.models import Campaign, CampaignStation, FirmwareImage
from stations.firmware.words import campaign_why, said, why_word
from stations.hardware.catalogue.models import HardwareModel
from stations.sites.selectors import sites

_PLAN = services.Plan()


class InventorySerializer(serializers.Serializer[Any]):
    """Stations of one model with one version. ``standing``: wanted, other, none, unknown."""

    vendor = serializers.CharField()
    model = serializers.CharField()
    model_id = serializers.CharField()
    version = serializers.CharField()
    stations = serializers.IntegerField()
    connected = serializers.IntegerField()
    last_boot_at = serializers.DateTimeField(allow_null=True)
    wanted = serializers.CharField()
    standing = serializers.CharField()
    released_on = serializers.DateField(allow_null=True)
    age_days = serializers.IntegerField(allow_null=True)
    image_id = serializers.CharField()


class FirmwareSerializer(serializers.ModelSerializer[FirmwareImage]):
    """One version of a model's firmware; ``model``: id in the catalogue."""

    id = serializers.CharField(source="public_id")
    model = serializers.CharField(source="hardware_model.public_id")
    is_signed = serializers.BooleanField()

    class Meta:
        model = FirmwareImage
        fields = (
            "id", "model", "version", "url", "file_name", "size_bytes", "sha256", "is_signed",
            "released_on", "note", "is_wanted", "withdrawn_at", "added_label", "created_at",
        )  # fmt: skip


class FirmwareWriteSerializer(Input):
    """A new version: either ``url`` or, as multipart, ``file``."""

    model = serializers.CharField(max_length=24)
    version = serializers.CharField(max_length=64)
    url = serializers.CharField(max_length=400, required=False, allow_blank=True)
    file = serializers.FileField(required=False, allow_empty_file=True)
    sha256 = serializers.CharField(max_length=100, required=False, allow_blank=True)
    signature = serializers.CharField(max_length=800, required=False, allow_blank=True)
    signing_certificate = serializers.CharField(max_length=5500, required=False, allow_blank=True)
    released_on = serializers.DateField(required=False, allow_null=True)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)


class FirmwareReasonSerializer(Input):
    """Why."""

    reason = serializers.CharField(max_length=500)


class WaveSerializer(serializers.Serializer[Any]):
    """How one wave stands; 0 is the canary."""

    wave = serializers.IntegerField()
    stations = serializers.IntegerField()
    waiting = serializers.IntegerField()
    active = serializers.IntegerField()
    installed = serializers.IntegerField()
    failed = serializers.IntegerField()
    skipped = serializers.IntegerField()


class CampaignSerializer(serializers.ModelSerializer[Campaign]):
    """A campaign with the counts of its stations; ``firmware``: id of the version."""

    id = serializers.CharField(source="public_id")
    firmware = serializers.CharField(source="image.public_id")
    version = serializers.CharField(source="image.version")
    why = serializers.SerializerMethodField()
    station_count = serializers.IntegerField()
    installed_count = serializers.IntegerField()
    failed_count = serializers.IntegerField()
    skipped_count = serializers.IntegerField()

    class Meta:
        model = Campaign
        fields = (
            "id", "name", "firmware", "version", "state", "why", "reason", "wave",
            "wave_began_at", "next_wave_at", "canary_count", "wave_size", "pause_minutes",
            "most_failures", "from_hour", "until_hour", "patience_minutes", "wait_hours",
            "station_count", "installed_count", "failed_count", "skipped_count",
            "started_label", "created_at", "changed_at",
        )  # fmt: skip

    def get_why(self, campaign: Campaign) -> str:
        """Why it is as it is."""
        return campaign_why(campaign.why)


class CampaignWavesSerializer(CampaignSerializer):
    """The same with its waves."""

    waves = serializers.SerializerMethodField()

    class Meta(CampaignSerializer.Meta):
        fields = (*CampaignSerializer.Meta.fields, "waves")  # type: ignore[assignment]  # longer

    @extend_schema_field(WaveSerializer(many=True))
    def get_waves(self, campaign: Campaign) -> list[dict[str, Any]]:
        """How each stands."""
        return list(WaveSerializer(selectors.wave_rows(campaign), many=True).data)


class CampaignPlanSerializer(Input):
    """Which stations a campaign takes. ``sites`` (ids) empty: all; ``from_firmware``: ``1.2.*`` or
    ``<1.5``."""

    firmware = serializers.CharField(max_length=24)
    sites = serializers.ListField(
        child=serializers.CharField(max_length=24), required=False, max_length=500
    )
    from_firmware = serializers.CharField(max_length=100, required=False, allow_blank=True)
    canary_count = serializers.IntegerField(default=_PLAN.canary_count)
    wave_size = serializers.IntegerField(default=_PLAN.wave_size)
    pause_minutes = serializers.IntegerField(default=_PLAN.pause_minutes)
    most_failures = serializers.IntegerField(default=_PLAN.most_failures)
    from_hour = serializers.IntegerField(default=None, allow_null=True)
    until_hour = serializers.IntegerField(default=None, allow_null=True)
    patience_minutes = serializers.IntegerField(default=_PLAN.patience_minutes)
    wait_hours = serializers.IntegerField(default=_PLAN.wait_hours)


class CampaignWriteSerializer(CampaignPlanSerializer):
    """A new campaign."""

    name = serializers.CharField(max_length=120)
    reason = serializers.CharField(max_length=500)


class CampaignStationSerializer(serializers.ModelSerializer[CampaignStation]):
    """One station of a campaign; ``word``: its own last word, ``why``: what it waits for; both
    again as people read them."""

    station = serializers.CharField(source="station.public_id")
    why_text = serializers.SerializerMethodField()
    word_text = serializers.SerializerMethodField()

    class Meta:
        model = CampaignStation
        fields = (
            "station", "wave", "state", "why", "why_text", "word", "word_text", "from_version",
            "seen_version", "attempts",
            "command_ref", "sent_at", "told_at", "due_at", "ended_at",
        )  # fmt: skip

    def get_why_text(self, target: CampaignStation) -> str:
        """In the caller's language."""
        return why_word(target.why)

    def get_word_text(self, target: CampaignStation) -> str:
        """In the caller's language; a word that nobody knows keeps its spelling."""
        return said(target.word)


def _values(given: Input) -> dict[str, Any]:
    given.is_valid(raise_exception=True)
    return {**given.validated_data}


class InventoryView(ScopedView):
    """What runs where."""

    read_permission = Permission.FIRMWARE_VIEW

    @extend_schema(responses=InventorySerializer(many=True))
    def get(self, request: Request) -> Response:
        """Every version of every model in use."""
        rows = selectors.inventory(today=timezone.localdate())
        return Response(InventorySerializer(rows, many=True).data)


class FirmwareList(ListView):
    """All firmware files; POST adds one."""

    read_permission = Permission.FIRMWARE_VIEW
    write_permission = Permission.FIRMWARE_EDIT
    serializer_class = FirmwareSerializer
    filterset_class = ImageFilter
    parser_classes = [BoundedJSONParser, MultiPartParser]

    def rows(self) -> QuerySet[FirmwareImage]:
        """All of the operator."""
        return selectors.images()

    @extend_schema(
        request={
            "application/json": FirmwareWriteSerializer,
            "multipart/form-data": FirmwareWriteSerializer,
        },
        responses={201: FirmwareSerializer},
    )
    def post(self, request: Request) -> Response:
        """Add a version of a model's firmware."""
        values = _values(FirmwareWriteSerializer(data=request.data))
        model = HardwareModel.objects.filter(public_id=values.pop("model")).first()
        if model is None:
            raise InvalidInput("model", _("There is no model with this id."), field="model")
        upload = values.pop("file", None)
        made = images.add_image(
            operator=operator_of(request),
            hardware_model=model,
            told=images.NewImage(**values),
            upload=upload,
        )
        return Response(FirmwareSerializer(made).data, status=201)


class FirmwareDetail(DetailView):
    """One version."""

    read_permission = Permission.FIRMWARE_VIEW
    serializer_class = FirmwareSerializer

    def get_object(self) -> FirmwareImage:
        """The operator's own, or 404."""
        return selectors.image_or_404(self.kwargs["ref"])


class FirmwareAct(ScopedView):
    """POST decides about a version."""

    write_permission = Permission.FIRMWARE_EDIT
    act: Callable[..., FirmwareImage]

    @extend_schema(request=FirmwareReasonSerializer, responses=FirmwareSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Do it, with a reason."""
        image = selectors.image_or_404(ref)
        values = _values(FirmwareReasonSerializer(data=request.data))
        return Response(FirmwareSerializer(type(self).act(image=image, **values)).data)


class FirmwareWant(FirmwareAct):
    """POST makes it the version that the model's stations should have."""

    act = staticmethod(images.want_image)


class FirmwareWithdraw(FirmwareAct):
    """POST no longer offers it."""

    act = staticmethod(images.withdraw_image)


class CampaignList(ListView):
    """All campaigns; POST begins one."""

    read_permission = Permission.FIRMWARE_VIEW
    write_permission = Permission.FIRMWARE_EDIT
    serializer_class = CampaignSerializer
    filterset_class = CampaignFilter

    def rows(self) -> QuerySet[Campaign]:
        """All of the operator."""
        return selectors.campaigns()

    @extend_schema(request=CampaignWriteSerializer, responses={201: CampaignWavesSerializer})
    def post(self, request: Request) -> Response:
        """Begin a campaign over the stations that the filter leaves."""
        values = _values(CampaignWriteSerializer(data=request.data))
        name, reason = values.pop("name"), values.pop("reason")
        image, plan = planned(values)
        made = services.start_campaign(image=image, name=name, plan=plan, reason=reason)
        return Response(_shown(made.public_id), status=201)


def planned(values: dict[str, Any]) -> tuple[FirmwareImage, services.Plan]:
    """The firmware that a body names, and the plan of the rest; 422 for ids that are not there."""
    image = selectors.images().filter(public_id=values.pop("firmware")).first()
    if image is None:
        raise InvalidInput("firmware", _("There is no firmware with this id."), field="firmware")
    refs = values.pop("sites", [])
    found = list(sites().filter(public_id__in=refs))
    if len(found) != len(set(refs)):
        raise InvalidInput("site", _("There is no site with this id."), field="sites")
    return image, services.Plan(sites=found, **values)


def _shown(public_id: str) -> dict[str, Any]:
    return CampaignWavesSerializer(selectors.campaign_or_404(public_id)).data


class CampaignDetail(DetailView):
    """One campaign with its waves."""

    read_permission = Permission.FIRMWARE_VIEW
    serializer_class = CampaignWavesSerializer

    def get_object(self) -> Campaign:
        """The operator's own, or 404."""
        return selectors.campaign_or_404(self.kwargs["ref"])


class CampaignStations(ListView):
    """The stations of a campaign."""

    read_permission = Permission.FIRMWARE_VIEW
    serializer_class = CampaignStationSerializer
    filterset_class = TargetFilter

    def rows(self) -> QuerySet[CampaignStation]:
        """By wave."""
        return selectors.targets(selectors.campaign_or_404(self.kwargs["ref"]))


class CampaignAct(ScopedView):
    """POST decides about a campaign."""

    write_permission = Permission.FIRMWARE_EDIT
    act: Callable[..., object]

    @extend_schema(request=FirmwareReasonSerializer, responses=CampaignWavesSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Do it, with a reason; 409 when it is in no state for that."""
        campaign = selectors.campaign_or_404(ref)
        values = _values(FirmwareReasonSerializer(data=request.data))
        type(self).act(campaign=campaign, **values)
        return Response(_shown(ref))


class CampaignPause(CampaignAct):
    """POST asks no further station."""

    act = staticmethod(services.pause_campaign)


class CampaignResume(CampaignAct):
    """POST lets it go on."""

    act = staticmethod(services.resume_campaign)


class CampaignCancel(CampaignAct):
    """POST ends it."""

    act = staticmethod(services.cancel_campaign)


class CampaignRetry(CampaignAct):
    """POST lets failed stations wait again."""

    act = staticmethod(services.retry_failed)


urls = [
    address("firmware-inventory", InventoryView, "firmware_inventory"),
    address("firmware", FirmwareList, "firmware"),
    address("firmware/{ref}", FirmwareDetail, "firmware_detail"),
    address("firmware/{ref}/want", FirmwareWant, "firmware_want"),
    address("firmware/{ref}/withdraw", FirmwareWithdraw, "firmware_withdraw"),
    address("firmware-campaigns", CampaignList, "campaigns"),
    address("firmware-campaigns/{ref}", CampaignDetail, "campaign"),
    address("firmware-campaigns/{ref}/stations", CampaignStations, "campaign_stations"),
    address("firmware-campaigns/{ref}/pause", CampaignPause, "campaign_pause"),
    address("firmware-campaigns/{ref}/resume", CampaignResume, "campaign_resume"),
    address("firmware-campaigns/{ref}/cancel", CampaignCancel, "campaign_cancel"),
    address("firmware-campaigns/{ref}/retry", CampaignRetry, "campaign_retry"),
    *log_urls,
]
