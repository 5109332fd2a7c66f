"""Templates, drift, applying and history, in the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from core.accounts.models import Operator
from core.audit.models import ActorKind, AuditEntry
from core.audit.services import SYSTEM, Actor
from core.errors import InvalidInput, RuleViolation
from core.tenancy.places import limited_to
from core.tenancy.scopes import operator_scope
from stations.commands import services as commands
from stations.commands.models import Command, CommandState
from stations.configuration import pulling, services
from stations.configuration.apply import Wish, apply_to_many, book
from stations.configuration.models import ConfigurationState, ConfigurationTemplate, DesiredValue
from stations.configuration.refresh import refresh
from stations.configuration.single import send_value
from stations.configuration.words import explained
from stations.hardware.journal_models import ValueChange
from stations.hardware.keys import Place
from stations.hardware.models import DeviceVariable, Station, StationLink
from stations.ocpp.answers import apply_answer
from stations.ocpp.models import SetUpPlan
from tests.factories.core import make_operator
from tests.factories.stations import make_station

pytestmark = pytest.mark.django_db
OLGA = Actor(ActorKind.PERSON, "olga@example.com")


@pytest.fixture
def operator() -> Iterator[Operator]:
    made = make_operator()
    with operator_scope(made):
        yield made


def put(operator: Operator, values: dict[str, str], **fields: Any) -> ConfigurationTemplate:
    return services.put_template(
        operator=operator,
        values=list(values.items()),
        **{"name": "Duo", "ocpp_version": "1.6"} | fields,
    )


def tell(station: Station, **values: str) -> None:
    for key, value in values.items():
        DeviceVariable.objects.update_or_create(
            operator=station.operator,
            station=station,
            variable=key,
            defaults={"value": value, "mutability": "ReadWrite", "updated_at": timezone.now()},
        )


def answered(command: Command, **answer: Any) -> None:
    commands.mark_sent(command, message_id="1", generation=1, bridge="b")
    commands.mark_answered(command, answer)
    apply_answer(command.pk)


def row(station: Station, key: str) -> DesiredValue:
    found: DesiredValue = DesiredValue.objects.get(station=station, key=key)
    return found


def test_a_template_decides_and_says_so(operator: Operator) -> None:
    station = make_station(operator=operator, vendor="Fjällvolt")
    template = put(operator, {"MeterValueSampleInterval": "30"}, vendor="fjäll*", priority=60)
    tell(station, MeterValueSampleInterval="60", ClockAlignedDataInterval="900")

    refresh(station)

    sample = row(station, "MeterValueSampleInterval")
    assert (sample.value, sample.actual, sample.state) == ("30", "60", "drift")
    assert sample.template == template
    assert explained(sample) == (
        "From the template Duo (priority 60), instead of the built-in default: 60."
    )
    assert row(station, "ClockAlignedDataInterval").state == "in_step"
    assert row(station, "MeterValuesAlignedData").state == "unknown"
    assert SetUpPlan.objects.get(station=station).left_out == ["metervaluesampleinterval"]
    since = sample.since_at
    refresh(station)
    assert row(station, "MeterValueSampleInterval").since_at == since


def test_an_override_counts_instead_and_is_given_up_again(operator: Operator) -> None:
    station = make_station(operator=operator)
    put(operator, {"HeartbeatInterval": "300"})

    services.put_override(station=station, key="heartbeatinterval", value="60", reason="test")
    assert (row(station, "heartbeatinterval").value) == "60"
    services.remove_override(station=station, key="HeartbeatInterval")
    assert row(station, "HeartbeatInterval").value == "300"

    verbs = AuditEntry.objects.filter(verb="station.desired_value").order_by("id")
    assert [(e.before, e.after) for e in verbs] == [
        ({}, {"heartbeatinterval": "60"}),
        ({"heartbeatinterval": "60"}, {}),
    ]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ([("AuthorizationKey", "00")], "secret_key"),
        ([("a b", "1")], "key_form"),
        ([("A", "1"), ("a", "2")], "key_twice"),
        ([("A", "x" * 501)], "value_form"),
        ([("A", "x\x07")], "value_form"),
    ],
)
def test_bad_values_are_refused_whole(
    operator: Operator, values: list[tuple[str, str]], code: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        services.put_template(operator=operator, name="X", ocpp_version="1.6", values=values)

    assert refusal.value.code == code
    assert not ConfigurationTemplate.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_name_is_taken_once(operator: Operator) -> None:
    put(operator, {})

    with pytest.raises(RuleViolation, match="template of this name"):
        put(operator, {}, name="DUO")


def test_applying_sets_key_by_key_and_reads_back(operator: Operator) -> None:
    station = make_station(operator=operator)
    put(operator, {"HeartbeatInterval": "300", "BlinkRepeat": "5", "Unheard": "1"})
    tell(station, HeartbeatInterval="60", BlinkRepeat="1")
    wish = Wish(reason="tidy", chosen={station.pk: {"heartbeatinterval", "blinkrepeat", "unheard"}})

    batch = apply_to_many([station], wish, by=OLGA)

    sent = [(c.action, c.payload) for c in batch.commands]
    assert sent == [
        ("ChangeConfiguration", {"key": "BlinkRepeat", "value": "5"}),
        ("ChangeConfiguration", {"key": "HeartbeatInterval", "value": "300"}),
        ("ChangeConfiguration", {"key": "Unheard", "value": "1"}),
        ("GetConfiguration", {"key": ["BlinkRepeat", "HeartbeatInterval", "Unheard"]}),
    ]
    assert row(station, "BlinkRepeat").is_pending
    for command, status in zip(
        batch.commands, ("Accepted", "RebootRequired", "NotSupported"), strict=False
    ):
        answered(command, status=status)
    assert pulling.book_ended() == 1
    found = {r.key: (r.state, r.answer, r.is_pending) for r in DesiredValue.objects.all()}
    assert found["BlinkRepeat"] == ("in_step", "Accepted", False)
    assert found["HeartbeatInterval"] == ("reboot", "RebootRequired", False)
    assert found["Unheard"] == ("refused", "NotSupported", False)
    assert list(
        ValueChange.objects.filter(key="BlinkRepeat")
        .order_by("id")
        .values_list("value", "source", "command_ref")
    ) == [("1", "report", ""), ("5", "command", batch.commands[0].public_id)]

    # A refusal is not tried again by itself; a person may.
    assert apply_to_many([station], Wish(reason="x", chosen=wish.chosen), by=SYSTEM).commands == []
    again = apply_to_many([station], Wish(reason="x", chosen=wish.chosen), by=OLGA)
    assert again.commands[0].payload == {"key": "Unheard", "value": "1"}
    StationLink.objects.filter(station=station).update(
        booted_at=timezone.now() + timedelta(minutes=1)
    )
    refresh(station)
    assert row(station, "HeartbeatInterval").state == "in_step"


def test_2_0_1_values_go_together_with_an_answer_each(operator: Operator) -> None:
    station = make_station(operator=operator, ocpp_version="2.0.1")
    keys = {"TxCtrlr.EVConnectionTimeOut": "60", "EVSE@1.Power": "1", "OCPPCommCtrlr.X[a]": "2"}
    put(operator, keys, ocpp_version="2.0.1")
    wish = Wish(reason="x", chosen={station.pk: {key.lower() for key in keys}})

    batch = apply_to_many([station], wish, by=OLGA)

    assert [c.action for c in batch.commands] == ["SetVariables", "GetVariables"]
    data = batch.commands[0].payload["setVariableData"]
    assert len(data) == 3
    words = ("Accepted", "Rejected", "UnknownVariable")
    results = [
        {"component": d["component"], "variable": d["variable"], "attributeStatus": w}
        for d, w in zip(data, words, strict=True)
    ]
    answered(batch.commands[0], setVariableResult=results)
    book(station)
    found = {r.key: (r.state, r.answer) for r in DesiredValue.objects.exclude(answer="")}
    assert found == {
        "EVSE@1.Power": ("in_step", "Accepted"),
        "OCPPCommCtrlr.X[a]": ("refused", "Rejected"),
        "TxCtrlr.EVConnectionTimeOut": ("refused", "UnknownVariable"),
    }


def test_a_station_that_is_away_says_so_and_others_go_on(operator: Operator) -> None:
    away = make_station(operator=operator, is_connected=False)
    retired = make_station(operator=operator, retired_on=timezone.localdate())
    near = make_station(operator=operator)
    put(operator, {"A": "1"})
    keys = {s.pk: {"a"} for s in (away, retired, near)}

    batch = apply_to_many([away, retired, near], Wish(reason="x", chosen=keys), by=OLGA)

    assert [(c.station_id, c.state) for c in batch.commands] == [
        (away.pk, CommandState.REFUSED_OFFLINE),
        (near.pk, CommandState.QUEUED),
        (near.pk, CommandState.QUEUED),
    ]
    assert [refusal.code for _station, refusal in batch.refusals] == ["station_retired"]
    assert row(away, "A").answer == "refused_offline"


def test_hands_off_stations_are_written_to_by_people_alone(operator: Operator) -> None:
    station = make_station(operator=operator, hands_off=True)
    put(operator, {"A": "1"}, reapplies=True)

    by_itself = apply_to_many([station], Wish(reason="x"), by=SYSTEM)
    by_olga = apply_to_many([station], Wish(reason="x"), by=OLGA)

    assert by_itself.commands == []
    assert [refusal.code for _station, refusal in by_itself.refusals] == ["hands_off"]
    assert [c.action for c in by_olga.commands] == ["ChangeConfiguration", "GetConfiguration"]
    assert row(station, "A").is_pending


def test_what_has_changed_is_found_by_pulling(operator: Operator) -> None:
    station = make_station(operator=operator)
    now = timezone.now()
    assert pulling.compare_due(now) == 1
    assert pulling.compare_due(now) == 0

    tell(station, MeterValueSampleInterval="10")
    assert pulling.compare_due(now) == 1
    assert row(station, "MeterValueSampleInterval").state == "drift"
    Station.objects.filter(pk=station.pk).update(firmware_version="2")
    assert pulling.compare_due(now) == 1
    put(operator, {"A": "1"}, firmware="2")
    assert pulling.compare_due(now) == 1
    assert row(station, "A").state == "unknown"
    assert pulling.compare_due(now) == 0
    assert pulling.compare_due(now + timedelta(hours=2)) == 1


def test_after_a_start_a_station_is_read_and_then_set_once(operator: Operator) -> None:
    station = make_station(operator=operator)
    hands_off = make_station(operator=operator, hands_off=True)
    put(operator, {"A": "1"}, reapplies=True)
    put(operator, {"B": "1"}, name="By hand")
    now = timezone.now()
    past = now - timedelta(minutes=5)
    StationLink.objects.update(booted_at=past, connected_at=past)
    pulling.compare_due(now)
    assert pulling.apply_due(now) == 0

    assert pulling.read_due(now) == 1
    reading = Command.objects.get()
    assert (reading.station, reading.action, reading.origin) == (
        station,
        "GetConfiguration",
        "system",
    )
    assert pulling.apply_due(now) == 0
    answered(reading, configurationKey=[{"key": "A", "readonly": False, "value": "0"}])
    pulling.compare_due(now)
    assert pulling.apply_due(now) == 1
    sent = Command.objects.exclude(pk=reading.pk).order_by("id")
    assert [c.payload for c in sent] == [{"key": "A", "value": "1"}, {"key": ["A"]}]
    for command in sent:
        commands.mark_sent(command, message_id="1", generation=1, bridge="b")
        commands.mark_failed(command, code="InternalError")
    pulling.book_ended()
    assert row(station, "A").answer == "InternalError"
    assert pulling.apply_due(now) == 0
    assert pulling.read_due(now) == 0
    assert not Command.objects.filter(station=hands_off).exists()
    assert ConfigurationState.objects.get(station=station).applied_boot_at == past


def test_one_value_is_kept_and_sent(operator: Operator) -> None:
    station = make_station(operator=operator)
    tell(station, HeartbeatInterval="60")
    DeviceVariable.objects.create(
        operator=operator, station=station, variable="Fixed", mutability="ReadOnly", value="1"
    )

    command = send_value(
        station=station, key="HeartbeatInterval", value="90", reason="why", keep=True, by=OLGA
    )

    assert command is not None
    assert command.payload == {"key": "HeartbeatInterval", "value": "90"}
    assert row(station, "HeartbeatInterval").origin == "override"
    for key, code in (("Fixed", "read_only"), ("AuthorizationKey", "secret_key")):
        with pytest.raises(InvalidInput) as refusal:
            send_value(station=station, key=key, value="2", reason="x", keep=True, by=OLGA)
        assert refusal.value.code == code
    assert Command.objects.count() == 1


def test_the_history_is_kept_by_the_database_and_never_changed(operator: Operator) -> None:
    station = make_station(operator=operator)
    variable = DeviceVariable.objects.create(
        operator=operator,
        station=station,
        component="C",
        component_instance="i",
        evse_number=1,
        connector_number=2,
        variable="V",
        variable_instance="j",
        value="1",
    )
    variable.save()
    DeviceVariable.objects.filter(pk=variable.pk).update(value="2")

    changes = list(ValueChange.objects.order_by("id"))

    assert [(c.key, c.value) for c in changes] == [(variable.key, "1"), (variable.key, "2")]
    assert variable.key == "C[i]@1:2.V[j]" == Place("V", "C", "i", 1, 2, "j").key
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ValueChange.objects.update(value="3")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM stations_valuechange")
        assert cursor.fetchone() == (2,)


def test_a_limited_member_does_not_widen_a_template(operator: Operator) -> None:
    """A template of another site stays there, also when someone compares who cannot see it."""
    from_elsewhere = make_station(operator=operator)
    station = make_station(operator=operator)
    put(operator, {"A": "1"}, sites=[from_elsewhere.site])

    with limited_to(frozenset({station.site_id})):
        refresh(station)
    refresh(from_elsewhere)

    assert not DesiredValue.objects.filter(station=station, key="A").exists()
    assert DesiredValue.objects.filter(station=from_elsewhere, key="A").exists()
