"""Tables of prices, rates and files."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.spot.models import ExchangeRate, SpotImport, SpotPrice
from core.lists.tables import ListTable, MomentColumn, StatusColumn, TextColumn, TitleColumn


def trimmed(value: Decimal, least: int = 2) -> str:
    """A decimal in the reader's format, without zeros beyond ``least`` places."""
    plain = value.normalize()
    exponent = plain.as_tuple().exponent
    places = max(least, -exponent if isinstance(exponent, int) else 0)
    return number_format(plain, decimal_pos=places)


class NumberColumn(TextColumn):
    """An exact decimal, right-aligned."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, end=True, **kwargs)

    def render(self, value: Decimal) -> str:
        """As it is stored."""
        return trimmed(value)


class OwnColumn(TextColumn):
    """Whether a row is the operator's own."""

    def __init__(self) -> None:
        super().__init__(_("Holds for"), accessor="operator_id", empty_values=(), orderable=False)

    def render(self, value: object) -> str:
        """In words."""
        return gettext("This operator") if value is not None else gettext("The market")


class SpotPriceTable(ListTable):
    """Prices, the newest first."""

    starts_at = MomentColumn(_("From"))
    area = TextColumn(_("Bidding zone"))
    price = NumberColumn(_("EUR/MWh"))
    minutes = TextColumn(_("Minutes"), end=True, card_hide=True)
    source = TextColumn(_("Source"), accessor="get_source_display", order_by=("source",))
    own = OwnColumn()
    imported_at = MomentColumn(_("Imported"), card_hide=True)

    class Meta(ListTable.Meta):
        model = SpotPrice
        fields: tuple[str, ...] = ()
        order_by = "-starts_at"


class ExchangeRateTable(ListTable):
    """Rates, the newest first."""

    published_on = TextColumn(_("Published on"))
    currency = TextColumn(_("Currency"))
    rate = NumberColumn(_("For 1 EUR"))
    source = TextColumn(_("Source"), accessor="get_source_display", order_by=("source",))
    own = OwnColumn()
    imported_at = MomentColumn(_("Imported"), card_hide=True)

    class Meta(ListTable.Meta):
        model = ExchangeRate
        fields: tuple[str, ...] = ()
        order_by = "-published_on"


class SpotImportTable(ListTable):
    """Files, the newest first."""

    file_name = TitleColumn(_("File"), detail="spot_import_detail", key="public_id")
    kind = TextColumn(_("Kind"), accessor="get_kind_display", order_by=("kind",))
    state = StatusColumn(_("State"), kind="import")
    created_count = TextColumn(_("New"), end=True)
    changed_count = TextColumn(_("Changed"), end=True)
    own = OwnColumn()
    user_label = TextColumn(_("Who"))
    created_at = MomentColumn(_("Uploaded"))

    class Meta(ListTable.Meta):
        model = SpotImport
        fields: tuple[str, ...] = ()
        order_by = "-created_at"
