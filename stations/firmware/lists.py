"""The lists of firmware files and campaigns: filters, tables, files."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.lists.filters import BooleanFilter, ChoiceFilter, ListFilterSet, ModelChoiceFilter
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.tables import (
    LinkColumn,
    ListTable,
    MomentColumn,
    StatusColumn,
    TextColumn,
    TitleColumn,
)
from stations.firmware import selectors
from stations.firmware.models import Campaign, CampaignState, CampaignStation, FirmwareImage
from stations.firmware.models import TargetState as T
from stations.firmware.words import campaign_why
from stations.hardware.catalogue.models import HardwareModel

VIEW, EDIT = Permission.FIRMWARE_VIEW, Permission.FIRMWARE_EDIT


def model_choices(_request: Any) -> QuerySet[HardwareModel]:
    """The catalogue."""
    rows: QuerySet[HardwareModel] = HardwareModel.objects.order_by("vendor", "model", "pk")
    return rows


class ImageFilter(ListFilterSet):
    """Firmware files by text, model, whether wanted and withdrawn."""

    search_fields = ("version", "hardware_model__vendor", "hardware_model__model", "note")
    model = ModelChoiceFilter(
        field_name="hardware_model",
        queryset=model_choices,
        to_field_name="public_id",
        label=_("Station model"),
    )
    wanted = BooleanFilter(field_name="is_wanted", label=_("Wanted"))
    withdrawn = BooleanFilter(method="by_withdrawn", label=_("Withdrawn"))

    class Meta:
        model = FirmwareImage
        fields: list[str] = []

    def by_withdrawn(
        self, queryset: QuerySet[FirmwareImage], _name: str, value: bool
    ) -> QuerySet[FirmwareImage]:
        """Withdrawn, or still offered."""
        return queryset.filter(withdrawn_at__isnull=not value)


class ImageTable(ListTable):
    """Firmware files, the latest first."""

    version = TitleColumn(_("Version"), detail="firmware_detail", key="public_id")
    hardware_model = LinkColumn(
        _("Station model"),
        detail="model_detail",
        key="hardware_model.public_id",
        order_by="hardware_model__model",
    )
    is_wanted = StatusColumn(_("Wanted"), kind="yes_no")
    released_on = TextColumn(_("Released"))
    url = TextColumn(_("From"), empty_values=(), orderable=False)
    added_label = TextColumn(_("Added by"), card_hide=True)
    created_at = MomentColumn(_("Added"))

    class Meta(ListTable.Meta):
        model = FirmwareImage
        fields: tuple[str, ...] = ()

    def render_url(self, record: FirmwareImage) -> str:
        """Where stations get it."""
        return place_of(record)


def place_of(image: FirmwareImage) -> str:
    """The vendor's address, or the name of our file."""
    return image.url or image.file_name


IMAGES = ListSpec(
    name="firmware",
    title=_("Firmware files"),
    permission=VIEW,
    queryset=lambda _request: selectors.images(),
    filterset=ImageFilter,
    table=ImageTable,
    csv=(
        CsvColumn("id", "public_id"),
        CsvColumn("model", "hardware_model.model"),
        CsvColumn("vendor", "hardware_model.vendor"),
        CsvColumn("version"),
        CsvColumn("is_wanted"),
        CsvColumn("released_on"),
        CsvColumn("place", place_of, label=_("From")),
        CsvColumn("size_bytes"),
        CsvColumn("sha256"),
        CsvColumn("added_label"),
        CsvColumn("created_at"),
        CsvColumn("withdrawn_at"),
    ),
    empty=EmptyText(
        _("No firmware yet"),
        _("Add the versions of your models: campaigns bring them to stations."),
        "firmware_create",
        _("Add firmware"),
        EDIT,
    ),
    search_hint=_("Version, vendor or model"),
    actions=(ListAction(_("Add firmware"), "firmware_create", "plus", EDIT),),
)


class CampaignFilter(ListFilterSet):
    """Campaigns by text, state and model."""

    search_fields = ("name", "public_id", "image__version", "image__hardware_model__model")
    state = ChoiceFilter(label=_("State"), choices=CampaignState.choices)
    model = ModelChoiceFilter(
        field_name="image__hardware_model",
        queryset=model_choices,
        to_field_name="public_id",
        label=_("Station model"),
    )

    class Meta:
        model = Campaign
        fields: list[str] = []


class CampaignTable(ListTable):
    """Campaigns, the latest first."""

    name = TitleColumn(_("Campaign"), detail="campaign_detail", key="public_id")
    state = StatusColumn(_("State"), kind="campaign")
    image = TextColumn(_("Firmware"), order_by="image__version")
    wave = TextColumn(_("Wave"), end=True)
    station_count = TextColumn(_("Stations"), end=True)
    installed_count = TextColumn(_("Installed"), end=True)
    failed_count = TextColumn(_("Failed"), end=True)
    skipped_count = TextColumn(_("Left out"), end=True, card_hide=True)
    started_label = TextColumn(_("Started by"), card_hide=True)
    created_at = MomentColumn(_("Started"))

    class Meta(ListTable.Meta):
        model = Campaign
        fields: tuple[str, ...] = ()


CAMPAIGNS = ListSpec(
    name="firmware-campaigns",
    title=_("Firmware campaigns"),
    permission=VIEW,
    queryset=lambda _request: selectors.campaigns(),
    filterset=CampaignFilter,
    table=CampaignTable,
    csv=(
        CsvColumn("id", "public_id"),
        CsvColumn("name"),
        CsvColumn("state"),
        CsvColumn("why", lambda campaign: campaign_why(campaign.why), label=_("Why")),
        CsvColumn("model", "image.hardware_model.model"),
        CsvColumn("version", "image.version"),
        CsvColumn("wave"),
        CsvColumn("station_count"),
        CsvColumn("installed_count"),
        CsvColumn("failed_count"),
        CsvColumn("skipped_count"),
        CsvColumn("started_label"),
        CsvColumn("created_at"),
    ),
    empty=EmptyText(
        _("No campaign yet"),
        _("A campaign brings a version to stations: a few first, then in waves."),
        "campaign_create",
        _("New campaign"),
        EDIT,
    ),
    search_hint=_("Name, version or model"),
    actions=(ListAction(_("New campaign"), "campaign_create", "plus", EDIT),),
)


class TargetFilter(ListFilterSet):
    """Stations of a campaign by text and state."""

    search_fields = ("station__name", "station__public_id", "station__site__name")
    state = ChoiceFilter(label=_("State"), choices=T.choices)

    class Meta:
        model = CampaignStation
        fields: list[str] = []
