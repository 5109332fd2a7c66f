"""What the API of customers says of sessions, invoices, cards and places."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from billing.invoices.models import Invoice
from core.api.inputs import Input
from customers.selfservice.lists import price_of
from customers.tokens.models import IdToken
from stations.sessions.models import Session

_MONEY: dict[str, Any] = {"max_digits": 16, "decimal_places": 4}


class MySessionSerializer(serializers.ModelSerializer[Session]):
    """A session with its price with tax, once it has one."""

    id = serializers.CharField(source="public_id")
    site = serializers.CharField(source="station.site.name")
    station = serializers.CharField(source="station.name")
    driver = serializers.SerializerMethodField()
    gross = serializers.SerializerMethodField()
    currency = serializers.SerializerMethodField()

    class Meta:
        model = Session
        fields = (
            "id", "site", "station", "evse_number", "state", "started_at", "stopped_at",
            "energy_wh", "power_w", "soc_percent", "driver", "gross", "currency",
        )  # fmt: skip

    def get_driver(self, session: Session) -> str:
        """The name of that time."""
        return str(session.token_snapshot.get("driver_name", ""))

    @extend_schema_field(serializers.DecimalField(**_MONEY, allow_null=True))
    def get_gross(self, session: Session) -> str | None:
        """With tax; null where there is no price."""
        price = price_of(session)
        return None if price is None else format(price.gross, "f")

    def get_currency(self, session: Session) -> str:
        """Of the price; empty where there is none."""
        price = price_of(session)
        return "" if price is None else str(price.currency)


class MyPriceLineSerializer(serializers.Serializer[Any]):
    """A line of the price in words."""

    text = serializers.CharField()
    gross = serializers.DecimalField(**_MONEY)


class MySessionDetailSerializer(serializers.Serializer[Any]):
    """A session with the lines of its price, or with what it has cost so far."""

    session = MySessionSerializer()
    lines = MyPriceLineSerializer(many=True)
    cost_so_far = serializers.DecimalField(**_MONEY, allow_null=True)


class MyInvoiceSerializer(serializers.ModelSerializer[Invoice]):
    """An issued invoice or credit note."""

    id = serializers.CharField(source="public_id")
    account = serializers.CharField(source="account.name")

    class Meta:
        model = Invoice
        fields = (
            "id", "number", "kind", "state", "account", "issued_on", "due_on", "currency", "net",
            "tax", "gross", "payable", "paid_amount", "open_amount", "ocr", "is_disputed",
        )  # fmt: skip


class MyTokenSerializer(serializers.ModelSerializer[IdToken]):
    """A card or an app token; ``id`` names it in addresses."""

    status = serializers.CharField(source="shown_status")

    class Meta:
        model = IdToken
        fields = ("id", "label", "kind", "status", "printed_number", "expires_at")


class MyEvseSerializer(serializers.Serializer[Any]):
    """An EVSE now, with its price for the caller in words."""

    id = serializers.IntegerField(source="evse.pk")
    evse_id = serializers.CharField(source="evse.public_id", allow_null=True)
    station = serializers.CharField(source="evse.station.name")
    number = serializers.IntegerField(source="evse.number")
    status = serializers.CharField()
    max_power_w = serializers.IntegerField(source="evse.max_power_w", allow_null=True)
    may_start = serializers.BooleanField()
    prices = serializers.SerializerMethodField()

    def get_prices(self, one: Any) -> list[str]:
        """One sentence a price."""
        return [str(price) for price in one.prices]


class MySiteSerializer(serializers.Serializer[Any]):
    """A site with what is free now."""

    id = serializers.CharField(source="site.public_id")
    name = serializers.CharField(source="site.name")
    city = serializers.CharField(source="site.city")
    latitude = serializers.DecimalField(
        source="site.latitude", max_digits=9, decimal_places=6, allow_null=True
    )
    longitude = serializers.DecimalField(
        source="site.longitude", max_digits=9, decimal_places=6, allow_null=True
    )
    state = serializers.CharField()
    available = serializers.IntegerField()
    evses = serializers.IntegerField()
    most_power_w = serializers.IntegerField()
    is_open = serializers.BooleanField(allow_null=True)
    prices = serializers.SerializerMethodField()

    def get_prices(self, one: Any) -> list[str]:
        """At the first EVSE, one sentence a price."""
        return [str(price) for price in one.prices]


class MyDueSerializer(serializers.Serializer[Any]):
    """What is to be paid in one currency."""

    currency = serializers.CharField()
    amount = serializers.DecimalField(**_MONEY)
    count = serializers.IntegerField()
    late = serializers.IntegerField()


class MyRunningSerializer(serializers.Serializer[Any]):
    """A session that runs, with its cost so far (an estimate)."""

    session = MySessionSerializer()
    cost_so_far = serializers.DecimalField(source="cost.gross", default=None, **_MONEY)
    currency = serializers.CharField(source="cost.currency", default="")


class MyNoticeSerializer(serializers.Serializer[Any]):
    """Something that needs the customer."""

    tone = serializers.CharField()
    text = serializers.CharField()


class MyHomeSerializer(serializers.Serializer[Any]):
    """What runs, what happened last, what is due, and what needs the customer."""

    name = serializers.CharField()
    running = MyRunningSerializer(many=True)
    latest = MySessionSerializer(many=True)
    dues = MyDueSerializer(many=True)
    notices = MyNoticeSerializer(many=True)


class MyStartSerializer(serializers.Serializer[Any]):
    """Where a start stands: asking, waiting, charging, failed or cancelled."""

    id = serializers.CharField()
    state = serializers.CharField()
    text = serializers.CharField()
    session = serializers.CharField(allow_null=True)


class MyCaseSerializer(serializers.Serializer[Any]):
    """The case in which an objection is answered."""

    id = serializers.CharField(source="public_id")
    state = serializers.CharField()


class ObjectionWriteSerializer(Input):
    """What is wrong."""

    text = serializers.CharField(max_length=2000)


class ActivateWriteSerializer(Input):
    """A card by the number printed on it."""

    printed_number = serializers.CharField(max_length=40)
    label = serializers.CharField(  # type: ignore[assignment]  # also an attribute of fields
        max_length=100, required=False, default="", allow_blank=True
    )


class LabelWriteSerializer(Input):
    """What a card is called."""

    label = serializers.CharField(  # type: ignore[assignment]  # also an attribute of fields
        max_length=100, allow_blank=True
    )


class StartWriteSerializer(Input):
    """The EVSE (``id`` of it) and the card (``id`` of it) to start with."""

    evse = serializers.IntegerField()
    token = serializers.IntegerField()
