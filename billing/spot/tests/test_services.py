"""Files are looked at, then stored whole or not at all; own prices come before the market's."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_scopes import ScopeError

from billing.spot import services
from billing.spot.entsoe import EntsoeFeed, FeedError
from billing.spot.models import ExchangeRate, SpotImport, SpotPrice
from billing.spot.plans import plan_of
from billing.spot.pulling import pull_prices, store_market_file
from billing.spot.selectors import coming_quarters, spot_day
from billing.spot.tests.test_files import PLAIN, entsoe_csv, local_hours, own_csv, xml
from billing.spot.words import codes
from billing.tariffs.terms import SpotTerms
from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.errors import RuleViolation
from core.tenancy.scopes import across_operators, operator_scope
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person

pytestmark = pytest.mark.django_db
DAY = xml(PLAIN, {1: "10", 49: "-5.5"})
OTHER_DAY = xml(PLAIN, {1: "10", 49: "-6"})


@pytest.fixture
def operator() -> Operator:
    return make_operator()


def take(operator: Operator | None, raw: bytes, **how: Any) -> SpotImport:
    """Import a file as it stands."""
    run = services.begin(operator=operator, kind="prices", name="a/b.xml", raw=raw)
    services.commit(run=run, shown=plan_of(run).digest, **how)
    return run


def market(raw: bytes) -> None:
    with across_operators("the market's prices are everybody's"):
        store_market_file(raw=raw, name="day.xml", source="entsoe")


def stored() -> dict[int | None, set[str]]:
    found: dict[int | None, set[str]] = {}
    with across_operators("the test looks at all of them"):
        for row in SpotPrice.objects.all():
            found.setdefault(row.operator_id, set()).add(f"{row.price.normalize():f}")
    return found


def test_a_file_is_stored_whole_with_its_source_and_an_entry(operator: Operator) -> None:
    with operator_scope(operator):
        run = take(operator, DAY)
        again = services.begin(operator=operator, kind="prices", name="b.xml", raw=DAY)
        plan = plan_of(again)

        assert (run.file_name, run.state, run.created_count) == ("b.xml", "done", 96)
        row = SpotPrice.objects.order_by("-starts_at")[0]
        assert (row.price, row.source, row.spot_import_id) == (
            Decimal("-5.5"),
            "entsoe_file",
            run.pk,
        )
        assert (plan.is_good, plan.same) == (False, 96)
        assert [entry.verb for entry in AuditEntry.objects.all()] == ["spot.import"]
        with pytest.raises(RuleViolation, match="before"):
            services.commit(run=run, shown="")


def test_nothing_of_a_file_with_a_gap_is_stored(operator: Operator) -> None:
    with operator_scope(operator):
        run = services.begin(
            operator=operator, kind="prices", name="x.csv",
            raw=own_csv(local_hours(PLAIN, skip=23)).encode(),
        )  # fmt: skip
        plan = plan_of(run)
        with pytest.raises(RuleViolation, match=r"SE3: no price for 2026-11-02 23:00–24:00 CET"):
            services.commit(run=run, shown=plan.digest)

        run.refresh_from_db()
        assert run.state == "draft"
    assert stored() == {}


def test_other_values_replace_stored_ones_only_on_demand_and_with_a_reason(
    operator: Operator,
) -> None:
    with operator_scope(operator):
        take(operator, DAY)
        run = services.begin(operator=operator, kind="prices", name="x.xml", raw=OTHER_DAY)
        shown = plan_of(run).digest
        for replaces in (False, True):
            with pytest.raises(RuleViolation):
                services.commit(run=run, shown=shown, replaces=replaces)
        assert stored() == {operator.pk: {"10", "-5.5"}}
        assert services.commit(run=run, shown="other").is_stale

        services.commit(run=run, shown=shown, replaces=True, reason="corrected by the exchange")

        entry = AuditEntry.objects.order_by("-id")[0]
        assert (run.changed_count, len(entry.before)) == (48, 48)
        assert entry.before["SE3 2026-11-02T11:00Z"] == "-5.500000"
        assert (entry.after["changed"], entry.reason) == (48, "corrected by the exchange")
    assert stored() == {operator.pk: {"10", "-6"}}


def test_own_prices_hold_for_their_operator_alone(operator: Operator) -> None:
    other = make_operator()
    market(DAY)
    with operator_scope(operator):
        run = services.begin(operator=operator, kind="prices", name="x.xml", raw=OTHER_DAY)
        assert (plan_of(run).off_market, len(plan_of(run).new)) == (48, 96)
        services.commit(run=run, shown=plan_of(run).digest)

    def lowest(who: Operator) -> Decimal | None:
        with operator_scope(who):
            return spot_day(operator_id=who.pk, area="SE3", day=PLAIN).low

    assert (lowest(operator), lowest(other)) == (Decimal(-6), Decimal("-5.5"))


def test_no_operator_writes_what_is_the_market_s(operator: Operator) -> None:
    market(DAY)
    with operator_scope(operator):
        row = SpotPrice.objects.all()[0]
        row.price = Decimal(1)
        with pytest.raises(ScopeError):
            row.save()
        assert SpotPrice.objects.update(price=1) == 0
        assert SpotPrice.objects.all().delete()[0] == 0
    with pytest.raises(ScopeError):
        SpotPrice.objects.all()
    assert stored() == {None: {"10", "-5.5"}}


def test_the_coming_quarters_are_priced_or_said_to_be_unknown(operator: Operator) -> None:
    market(DAY)
    terms = SpotTerms(area="SE3", averaging="quarter", vat=Decimal(25), floor=None)
    with operator_scope(operator):
        found = coming_quarters(
            operator_id=operator.pk, terms=terms, currency="EUR", zone="Europe/Stockholm",
            now=datetime(2026, 11, 2, 22, 37, tzinfo=UTC), count=3,
        )  # fmt: skip

    assert [one.gross for one in found] == [Decimal("-0.006875")] * 2 + [None]
    assert found[0].starts_at == datetime(2026, 11, 2, 22, 30, tzinfo=UTC)


def test_a_rate_is_entered_and_changed_with_a_reason(operator: Operator) -> None:
    client = api_client(operator)
    body = {"currency": "SEK", "published_on": "2026-11-02", "rate": "11.25"}

    assert client.post("/api/v1/exchange-rates", body).status_code == 201
    refused = client.post("/api/v1/exchange-rates", body | {"rate": "11.5"})
    changed = client.post("/api/v1/exchange-rates", body | {"rate": "11.5", "reason": "typo"})
    future = client.post(
        "/api/v1/exchange-rates",
        body | {"published_on": str(timezone.localdate() + timedelta(days=2))},
    )

    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "reason")
    assert (future.status_code, future.json()["error"]["field"]) == (422, "published_on")
    assert (changed.status_code, changed.json()["is_own"]) == (201, True)
    with operator_scope(operator):
        assert [row.rate for row in ExchangeRate.objects.all()] == [Decimal("11.5")]
        assert [e.before for e in AuditEntry.objects.filter(verb="spot.rate").order_by("id")] == [
            {},
            {"rate": "11.25000000"},
        ]


def test_the_api_shows_a_plan_and_stores_what_was_confirmed(operator: Operator) -> None:
    client = api_client(operator)
    rows = [(f"02/11/2026 {n:02d}:00:00 - 02/11/2026 {n + 1:02d}:00:00", "7") for n in range(23)]
    text = entsoe_csv([*rows, ("02/11/2026 23:00:00 - 03/11/2026 00:00:00", "8")])
    body = {"kind": "prices", "content": base64.b64encode(text.encode()).decode()}

    made = client.post("/api/v1/spot-imports", body).json()
    done = client.post(f"/api/v1/spot-imports/{made['id']}/commit", {"digest": made["digest"]})
    day = client.get("/api/v1/spot-day", {"area": "SE3", "day": "2026-11-02"}).json()

    assert (made["problems"], made["would_create"], made["form"]) == ([], 96, "")
    assert (done.status_code, done.json()["form"]) == (200, "entsoe_csv")
    assert [one["price"] for one in day["quarters"]] == ["7.000000"] * 92 + ["8.000000"] * 4
    assert client.get("/api/v1/spot-prices", {"own": "true"}).json()["count"] == 96
    assert client.get("/api/v1/spot-day", {"area": "X"}).status_code == 422


def test_pages_take_a_file_from_upload_to_chart(client: Client, operator: Operator) -> None:
    client.force_login(make_person(operator=operator, role=Role.ACCOUNTANT))
    upload = {"kind": "prices", "area": "", "file": SimpleUploadedFile("day.xml", DAY)}

    preview = client.post("/spot/imports/new/", upload, follow=True)
    url = preview.redirect_chain[0][0]
    shown = preview.context["plan"].digest
    client.post(url, {"shown": shown})
    page = client.get("/spot/", {"area": "SE3", "day": "2026-11-02"}).content.decode()

    assert "-5.50 EUR/MWh" in page
    assert 'class="part tone-ok"' in page
    assert page.count("ENTSO-E file") == 96
    assert "this operator&#x27;s own" in page or "this operator's own" in page
    client.force_login(make_person(operator=operator, role=Role.SUPPORT))
    assert client.get(url).status_code == 200
    assert client.post(url, {"shown": shown}).status_code == 403


def test_the_command_stores_for_all_operators_or_says_why_not(tmp_path: Path) -> None:
    good, bad, rates = (tmp_path / name for name in ("good.xml", "bad.csv", "rates.csv"))
    good.write_bytes(DAY)
    bad.write_text(own_csv(local_hours(PLAIN, skip=3)).replace("SE3", "SE4"))
    rates.write_text("date,currency,rate\n2026-11-02,SEK,11.2")

    call_command("import_spot", good)
    call_command("import_spot", rates, rates=True)
    with pytest.raises(CommandError, match="no price for 2026-11-02 03:00"):
        call_command("import_spot", bad, area="SE4")

    assert stored() == {None: {"10", "-5.5"}}
    with across_operators("the test looks at all of them"):
        assert ExchangeRate.objects.get(operator=None).rate == Decimal("11.2")


def test_every_problem_has_words() -> None:
    used = {
        "missing", "twice", "skipped_hour", "no_quarter", "no_time", "no_date", "no_number",
        "no_price", "implausible_price", "decimals", "implausible_rate", "no_area",
        "unknown_area", "other_area", "other_currency", "other_unit", "unknown_currency",
        "rate_twice", "future_rate", "resolution", "short_row", "curve_type", "period",
        "position", "position_twice", "empty_file", "no_rows", "too_many_rows", "bad_csv",
        "bad_xml", "doctype", "other_encoding", "other_document", "no_data", "unknown_column",
        "column_twice", "no_start_column", "no_price_column", "rate_columns",
    }  # fmt: skip

    assert used <= codes()


class Platform:
    """ENTSO-E at the edge of HTTP."""

    def __init__(self, *answers: tuple[int, bytes]) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.URL] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url)
        status, body = self.answers.pop(0) if self.answers else (200, _NOTHING)
        return httpx.Response(status, content=body)

    @property
    def feed(self) -> EntsoeFeed:
        return EntsoeFeed("secret-token", transport=httpx.MockTransport(self))


_NOTHING = (
    b"<Acknowledgement_MarketDocument><Reason><code>999</code><text>No matching data found"
    b"</text></Reason></Acknowledgement_MarketDocument>"
)


def test_the_platform_is_asked_for_a_day_of_the_market() -> None:
    platform = Platform((200, DAY))

    assert platform.feed.day_ahead("SE3", date(2026, 10, 25)) == DAY
    assert dict(platform.asked[0].params) == {
        "securityToken": "secret-token",
        "documentType": "A44",
        "in_Domain": "10Y1001A1001A46L",
        "out_Domain": "10Y1001A1001A46L",
        "periodStart": "202610242200",
        "periodEnd": "202610252300",
    }


def test_a_refusal_of_the_platform_never_tells_the_token() -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(f"no route to {request.url}")

    feed = EntsoeFeed("secret-token", transport=httpx.MockTransport(broken))
    for one in (Platform((401, b"secret-token")).feed, Platform((503, b"")).feed, feed):
        with pytest.raises(FeedError) as refusal:
            one.day_ahead("SE3", PLAIN)
        assert "secret" not in str(refusal.value)


def test_missing_days_are_fetched_and_bad_or_unpublished_ones_left_for_later() -> None:
    now = datetime(2026, 11, 2, 13, 30, tzinfo=UTC)  # 14:30 CET: tomorrow is out
    days = [PLAIN + timedelta(days=shift) for shift in range(-3, 2)]
    whole = [xml(day, {1: "10"}) for day in days]
    gap = xml(days[2], {5: "10"})
    platform = Platform((200, whole[0]), (200, whole[1]), (200, gap), (503, b""))
    with across_operators("the market's prices are everybody's"):
        first = pull_prices(feed=platform.feed, areas=["SE3"], now=now)
        asked = len(platform.asked)
        platform.answers = [(200, raw) for raw in whole[2:]]
        second = pull_prices(feed=platform.feed, areas=["SE3"], now=now)
        third = pull_prices(feed=platform.feed, areas=["SE3"], now=now)

    assert (first, asked) == (192, 5)
    assert (second, third, len(platform.asked)) == (288, 0, 8)
    assert stored() == {None: {"10"}}
    with across_operators("the test looks at all of them"):
        runs = list(SpotImport.objects.values_list("source", "state", "operator_id"))
    assert runs == [("entsoe", "done", None)] * 5
