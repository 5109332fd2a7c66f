"""Writing tariffs, versions and assignments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from billing.tariffs import services
from billing.tariffs.assigning import Target, assign, basis_warning, end_assignment
from billing.tariffs.choice import Wish
from billing.tariffs.choosing import choose_tariffs
from billing.tariffs.models import Tariff, TariffAssignment, VersionState
from core.accounts.models import Operator
from core.audit.models import AuditEntry
from core.errors import RuleViolation
from core.tenancy.places import is_within_places, limited_to
from core.tenancy.scopes import operator_scope
from stations.hardware.models import Station
from tests.factories.billing import make_price_group
from tests.factories.core import make_operator
from tests.factories.stations import make_session, make_station
from tests.factories.tariffs import (
    energy_document,
    make_assignment,
    make_tariff,
    make_version,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def operator() -> Iterator[Operator]:
    made = make_operator()
    with operator_scope(made):
        yield made


def refused(code: str) -> pytest.RaisesExc[RuleViolation]:
    return pytest.raises(RuleViolation, check=lambda error: error.code == code)


def put(operator: Operator, name: str = "Home") -> Tariff:
    return services.create_tariff(operator=operator, name=name, document=energy_document())


def test_a_tariff_goes_from_draft_to_published_and_gets_a_second_version(
    operator: Operator,
) -> None:
    tariff = put(operator)
    first = services.publish(tariff=tariff)

    services.save_draft(tariff=tariff, document=energy_document(5), seen=first.digest)
    start = timezone.now() + DAY
    second = services.publish(tariff=tariff, takes_effect_at=start, reason="Dearer grid")

    assert (first.number, second.number, second.state) == (1, 2, VersionState.PUBLISHED)
    entry = AuditEntry.objects.get(verb="tariff.publish", after__version=2)
    assert entry.before == {"elements 1 price_components 1 price": "4.5"}
    assert entry.after["elements 1 price_components 1 price"] == "5"
    assert (entry.after["sha256"], entry.reason) == (second.digest, "Dearer grid")


def test_a_draft_saved_by_somebody_else_is_not_overwritten(operator: Operator) -> None:
    tariff = put(operator)
    opened = tariff.versions.get().digest
    services.save_draft(tariff=tariff, document=energy_document(6), seen=opened)

    with refused("draft_stale"):
        services.save_draft(tariff=tariff, document=energy_document(7), seen=opened)
    with refused("draft_stale"):
        services.publish(tariff=tariff, digest=opened)

    draft = tariff.versions.get()
    assert draft.document["elements"][0]["price_components"][0]["price"] == 6
    assert (draft.state, draft.edition) == (VersionState.DRAFT, 2)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (energy_document() | {"currency": "EUR"}, "other_currency"),
        (energy_document() | {"tax_included": "NO"}, "other_tax_included"),
        (energy_document(-1), "negative_price"),
        (energy_document(-1, extras={"allow_negative": True}), "negative_price"),
        ({"currency": "SEK", "elements": []}, "missing"),
        (energy_document(ocpi_version="3.0"), "wrong_version"),
    ],
)
def test_bad_documents_are_refused_by_name_and_nothing_is_kept(
    operator: Operator, document: dict[str, object], code: str
) -> None:
    with refused(code):
        services.create_tariff(operator=operator, name="Bad", document=document, currency="SEK")

    assert not Tariff.objects.exists()
    assert not AuditEntry.objects.exists()


def test_an_unknown_currency_and_a_taken_name_are_refused(operator: Operator) -> None:
    put(operator)

    with refused("unknown_currency"):
        services.create_tariff(
            operator=operator, name="X", document=energy_document(), currency="XYZ"
        )
    with refused("tariff_name_taken"):
        put(operator, "HOME")

    assert Tariff.objects.count() == 1


def test_negative_prices_need_the_right(operator: Operator) -> None:
    document = energy_document(-1, extras={"allow_negative": True})

    tariff = services.create_tariff(
        operator=operator, name="Flex", document=document, may_be_negative=True
    )

    assert tariff.versions.get().document["extras"] == {"allow_negative": True}


def test_a_start_in_the_past_never_changes_the_price_of_a_session(operator: Operator) -> None:
    tariff = make_tariff(operator=operator)
    make_version(tariff)
    make_assignment(tariff)
    make_version(tariff, energy_document(9), start=None, version=2)
    make_session(
        station=make_station(operator=operator), started_at=timezone.now() - timedelta(hours=5)
    )

    with refused("start_in_past"):
        services.publish(tariff=tariff, takes_effect_at=timezone.now() - timedelta(hours=6))
    services.publish(tariff=tariff, takes_effect_at=timezone.now() - timedelta(hours=4))

    assert tariff.versions.filter(state=VersionState.PUBLISHED).count() == 2


def test_a_version_to_come_can_be_withdrawn_unless_assignments_need_it(
    operator: Operator,
) -> None:
    tariff = put(operator)
    version = services.publish(tariff=tariff, takes_effect_at=timezone.now() + DAY)
    with refused("reason_needed"):
        services.withdraw_version(version=version, reason=" ")
    row = assign(tariff=tariff, target=Target(), valid_from_at=timezone.now() + 2 * DAY)
    with refused("version_needed"):
        services.withdraw_version(version=version, reason="Too dear")
    end_assignment(assignment=row)

    services.withdraw_version(version=version, reason="Too dear")

    version.refresh_from_db()
    assert version.state == VersionState.RETIRED


def test_two_defaults_at_a_time_are_refused_by_name_and_by_the_database(
    operator: Operator,
) -> None:
    tariff, other = (make_tariff(operator=operator) for _ in range(2))
    make_version(tariff)
    make_version(other)
    row = assign(tariff=tariff, target=Target())

    with refused("two_defaults") as caught:
        assign(tariff=other, target=Target(), valid_from_at=timezone.now() + DAY)
    assert tariff.name in str(caught.value)
    with pytest.raises(IntegrityError, match="overlap"), transaction.atomic():
        make_assignment(other)

    end_assignment(assignment=row, valid_to_at=timezone.now() + DAY)
    assign(tariff=other, target=Target(), valid_from_at=timezone.now() + DAY)
    assert TariffAssignment.objects.count() == 2


def test_an_assignment_needs_a_sound_period_a_version_and_one_place(operator: Operator) -> None:
    tariff = put(operator)
    station: Station = make_station(operator=operator)
    now = timezone.now()

    with refused("no_version_in_force"):
        assign(tariff=tariff, target=Target())
    services.publish(tariff=tariff)
    with refused("period_order"):
        assign(tariff=tariff, target=Target(), valid_from_at=now + DAY, valid_to_at=now + DAY)
    with refused("one_place"):
        assign(tariff=tariff, target=Target(site=station.site, station=station))
    with refused("end_in_past"):
        row = assign(tariff=tariff, target=Target(site=station.site))
        end_assignment(assignment=row, valid_to_at=now - DAY)

    assert TariffAssignment.objects.count() == 1


def test_a_past_start_may_price_sessions_that_had_no_price(operator: Operator) -> None:
    tariff = make_tariff(operator=operator)
    make_version(tariff)
    station = make_station(operator=operator)
    start = timezone.now() - timedelta(hours=3)
    make_session(station=station, started_at=start + timedelta(hours=1))

    assign(tariff=tariff, target=Target(site=station.site), valid_from_at=start)
    with refused("start_in_past"):
        assign(tariff=tariff, target=Target(station=station), valid_from_at=start)

    assert TariffAssignment.objects.count() == 1


def test_a_tariff_is_retired_only_when_nothing_relies_on_it(operator: Operator) -> None:
    tariff = put(operator)
    services.publish(tariff=tariff)
    row = assign(tariff=tariff, target=Target())

    with refused("tariff_assigned"):
        services.retire_tariff(tariff=tariff, reason="Old")
    end_assignment(assignment=row)
    services.retire_tariff(tariff=tariff, reason="Old")

    with refused("tariff_retired"):
        services.save_draft(tariff=tariff, document=energy_document(9))
    with refused("tariff_retired"):
        assign(tariff=tariff, target=Target())


def fast_station(operator: Operator) -> Station:
    station = make_station(operator=operator)
    station.site.public_access = "public"
    station.site.save()
    station.evses.update(max_power_w=150_000)
    return station


def test_afir_keeps_start_fees_from_ad_hoc_prices_at_50_kw(operator: Operator) -> None:
    station = fast_station(operator)
    fee = {"type": "FLAT", "price": 5, "step_size": 1}
    document = energy_document()
    document["elements"].append({"price_components": [fee]})
    tariff = services.create_tariff(operator=operator, name="Fee", document=document)
    services.publish(tariff=tariff)

    with refused("afir_ad_hoc"):
        assign(tariff=tariff, target=Target(site=station.site))
    assert not TariffAssignment.objects.exists()

    plain = put(operator)
    services.publish(tariff=plain)
    assign(tariff=plain, target=Target(station=station))
    assign(tariff=tariff, target=Target(site=station.site))
    services.save_draft(tariff=plain, document=document)
    with refused("afir_ad_hoc"):
        services.publish(tariff=plain)


def test_a_place_that_states_nothing_counts_as_public_and_says_so(operator: Operator) -> None:
    station = make_station(operator=operator)
    station.evses.update(max_power_w=150_000)
    document = energy_document()
    document["elements"].append(
        {"price_components": [{"type": "FLAT", "price": 5, "step_size": 1}]}
    )
    tariff = make_tariff(operator=operator)
    make_version(tariff, document)

    with refused("afir_ad_hoc") as caught:
        assign(tariff=tariff, target=Target(site=station.site))

    assert f"{station.site} does not say whether it is publicly accessible" in str(caught.value)
    assert not TariffAssignment.objects.exists()
    station.site.public_access = "private"
    station.site.save()
    assign(tariff=tariff, target=Target(site=station.site))


def test_consumers_never_get_prices_without_vat(operator: Operator) -> None:
    tariff = make_tariff(operator=operator, is_tax_included=False)
    make_version(tariff, energy_document() | {"tax_included": "NO"})
    members = make_price_group(operator=operator)
    fleet = make_price_group(operator=operator, audience="company", shows_tax_included=False)
    mixed = make_price_group(operator=operator, audience="company", name="Mixed")

    with refused("consumer_tax"):
        assign(tariff=tariff, target=Target(price_group=members))
    assert not TariffAssignment.objects.exists()

    assign(tariff=tariff, target=Target(price_group=fleet))
    assert basis_warning(tariff, fleet) == ""
    assert "Mixed sees prices with VAT" in basis_warning(tariff, mixed)


def test_a_member_of_some_sites_sees_every_assignment_that_holds_there(
    operator: Operator,
) -> None:
    mine, other = make_station(operator=operator), make_station(operator=operator)
    tariff = make_tariff(operator=operator)
    make_version(tariff)
    group = make_price_group(operator=operator)
    seen = [
        make_assignment(tariff),
        make_assignment(tariff, price_group=group),
        make_assignment(tariff, site=mine.site),
        make_assignment(tariff, station=mine),
        make_assignment(tariff, evse=mine.evses.get()),
    ]
    for place in ({"site": other.site}, {"station": other}, {"evse": other.evses.get()}):
        make_assignment(tariff, **place)

    with limited_to(frozenset({mine.site_id})):
        found = set(TariffAssignment.objects.all())
        held = {row.pk for row in TariffAssignment._base_manager.all() if is_within_places(row)}

    assert found == set(seen)
    assert held == {row.pk for row in seen}


def test_many_choices_take_two_queries(
    operator: Operator, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    default, own = (make_tariff(operator=operator) for _ in range(2))
    first = make_version(default)
    second = make_version(own)
    stations = [make_station(operator=operator) for _ in range(3)]
    make_assignment(default)
    make_assignment(own, station=stations[1])
    wishes = {s.pk: Wish(at=timezone.now(), site_id=s.site_id, station_id=s.pk) for s in stations}

    with django_assert_num_queries(2):
        found = choose_tariffs(wishes)

    assert [version.id for s in stations if (version := found[s.pk].version)] == [
        first.pk,
        second.pk,
        first.pk,
    ]
