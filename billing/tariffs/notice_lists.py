"""Lists of price notices and of the letters that were sent: rows, filters, tables, files."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from billing.accounts.models import BillingAccount
from billing.tariffs.filters import tariff_choices
from billing.tariffs.notice_models import DeliveryState, NoticeDelivery, NoticeState, PriceNotice
from core.accounts.permissions import Permission
from core.lists.filters import (
    BooleanFilter,
    ChoiceFilter,
    DateRange,
    ListFilterSet,
    ModelChoiceFilter,
)
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.tables import (
    LinkColumn,
    ListTable,
    MomentColumn,
    StatusColumn,
    TextColumn,
    TitleColumn,
)


def notices() -> QuerySet[PriceNotice]:
    """Notices with how many letters wait, were sent, failed or have no address."""
    counts = {
        f"{state}_count": Count("deliveries", filter=Q(deliveries__state=state))
        for state in DeliveryState.values
    }
    found: QuerySet[PriceNotice] = PriceNotice.objects.select_related(
        "tariff", "version", "takes_back", "taken_back_by"
    )
    return found.annotate(**counts).order_by("-takes_effect_at", "-id")


def letters() -> QuerySet[NoticeDelivery]:
    """Letters of all notices, the latest first."""
    found: QuerySet[NoticeDelivery] = NoticeDelivery.objects.select_related(
        "notice__tariff", "account"
    )
    return found.order_by("-created_at", "-id")


def notice_choices(_request: HttpRequest | None) -> QuerySet[PriceNotice]:
    """Notices of the operator in scope."""
    found: QuerySet[PriceNotice] = PriceNotice.objects.order_by("-takes_effect_at", "-id")
    return found


def account_choices(_request: HttpRequest | None) -> QuerySet[BillingAccount]:
    """Accounts of the operator in scope."""
    found: QuerySet[BillingAccount] = BillingAccount.objects.filter(is_provisional=False)
    return found.order_by("name", "id")


class NoticeFilter(ListFilterSet):
    """Notices by tariff, state, whether they were short, and whether letters failed."""

    search_fields = ("tariff__name", "reason", "public_id")
    state = ChoiceFilter(label=_("State"), choices=NoticeState.choices)
    tariff = ModelChoiceFilter(
        queryset=tariff_choices, to_field_name="public_id", label=_("Tariff")
    )
    is_short = BooleanFilter(label=_("Shorter than the rule"))
    has_failed = BooleanFilter(method="by_failed", label=_("Letters not delivered"))
    takes_effect = DateRange(field_name="takes_effect_at", label=_("Takes effect"))

    class Meta:
        model = PriceNotice
        fields: list[str] = []

    def by_failed(
        self, rows: QuerySet[PriceNotice], _name: str, value: bool
    ) -> QuerySet[PriceNotice]:
        """Failed, or without an address."""
        trouble = Q(failed_count__gt=0) | Q(no_address_count__gt=0)
        return rows.filter(trouble) if value else rows.exclude(trouble)


class LetterFilter(ListFilterSet):
    """Letters by notice, account and state."""

    search_fields = ("account_name", "address", "subject", "public_id", "message_id")
    state = ChoiceFilter(label=_("State"), choices=DeliveryState.choices)
    notice = ModelChoiceFilter(
        queryset=notice_choices, to_field_name="public_id", label=_("Notice")
    )
    account = ModelChoiceFilter(
        queryset=account_choices, to_field_name="public_id", label=_("Account")
    )

    class Meta:
        model = NoticeDelivery
        fields: list[str] = []


class NoticeTable(ListTable):
    """Notices, the latest start first."""

    tariff = TitleColumn(
        _("Notice"), detail="price_notice_detail", key="public_id", order_by="tariff__name"
    )
    takes_effect_at = MomentColumn(_("Takes effect"))
    state = StatusColumn(_("State"), kind="price_notice")
    send_at = MomentColumn(_("Sent from"))
    sent_count = TextColumn(_("Sent"), end=True)
    queued_count = TextColumn(_("Waits"), end=True)
    failed_count = TextColumn(_("Failed"), end=True)
    no_address_count = TextColumn(_("No address"), end=True)
    is_short = StatusColumn(_("Short"), kind="yes_no", card_hide=True)

    class Meta(ListTable.Meta):
        model = PriceNotice
        fields: tuple[str, ...] = ()
        order_by = "-takes_effect_at"


class LetterTable(ListTable):
    """Letters, the latest first."""

    account_name = TitleColumn(_("Letter to"), detail="notice_delivery_detail", key="public_id")
    address = TextColumn(_("Address"))
    state = StatusColumn(_("State"), kind="price_letter")
    sent_at = MomentColumn(_("Sent"))
    notice = LinkColumn(
        _("Notice"),
        detail="price_notice_detail",
        key="notice.public_id",
        order_by="notice__takes_effect_at",
    )
    error = TextColumn(_("Error"), card_hide=True)

    class Meta(ListTable.Meta):
        model = NoticeDelivery
        fields: tuple[str, ...] = ()
        order_by = "-sent_at"


NOTICES = ListSpec(
    name="price_notices",
    title=_("Price notices"),
    permission=Permission.ACCOUNT_VIEW,
    queryset=lambda _request: notices(),
    filterset=NoticeFilter,
    table=NoticeTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("tariff", "tariff.name"),
        CsvColumn("tariff_id", "tariff.public_id", label=_("Tariff (public id)")),
        CsvColumn("version", "version.number", label=_("Version")),
        CsvColumn("takes_back", "takes_back.public_id", label=_("Takes back (public id)")),
        CsvColumn("takes_effect_at"),
        CsvColumn("notice_days"),
        CsvColumn("send_at"),
        CsvColumn("is_short"),
        CsvColumn("state"),
        CsvColumn("sent", "sent_count"),
        CsvColumn("waits", "queued_count"),
        CsvColumn("failed", "failed_count"),
        CsvColumn("no_address", "no_address_count"),
        CsvColumn("reason"),
        CsvColumn("created_by"),
        CsvColumn("created_at"),
        CsvColumn("done_at"),
    ),
    empty=EmptyText(
        _("No price notice yet"),
        _("Publish or assign a tariff with a later start: the customers concerned are told."),
        "tariff_list",
        _("Tariffs"),
        Permission.TARIFF_VIEW,
    ),
    search_hint=_("Tariff or reason"),
    actions=(
        ListAction(_("Letters"), "notice_delivery_list", "mail", Permission.ACCOUNT_VIEW, False),
        ListAction(_("Rules"), "notice_rules", "settings", Permission.ACCOUNT_VIEW, False),
    ),
)

LETTERS = ListSpec(
    name="notice_deliveries",
    title=_("Letters about prices"),
    permission=Permission.ACCOUNT_VIEW,
    queryset=lambda _request: letters(),
    filterset=LetterFilter,
    table=LetterTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("notice", "notice.public_id"),
        CsvColumn("account", "account.public_id"),
        CsvColumn("account_name"),
        CsvColumn("address"),
        CsvColumn("language"),
        CsvColumn("state"),
        CsvColumn("sent_at"),
        CsvColumn("sender"),
        CsvColumn("subject"),
        CsvColumn("body"),
        CsvColumn("message_id"),
        CsvColumn("attempts"),
        CsvColumn("error"),
    ),
    empty=EmptyText(
        _("No letter yet"),
        _("Letters are made when a price notice is due."),
        "price_notice_list",
        _("Price notices"),
        Permission.ACCOUNT_VIEW,
    ),
    search_hint=_("Account, address or subject"),
)
