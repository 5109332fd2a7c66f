"""Orders that the system makes where remedies did not help."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.utils import timezone, translation

from core.accounts.models import Operator
from core.tenancy.scopes import across_operators
from stations.incidents.models import Incident
from stations.incidents.remedy_models import RemedyRun, RemedySetting
from stations.maintenance import services
from stations.maintenance.unhealed import order_unhealed
from tests.factories.incidents import make_incident, make_run
from tests.factories.stations import make_station

pytestmark = pytest.mark.django_db


def made() -> list[int | None]:
    return [one.incident_id for one in order_unhealed(now=timezone.now())]


def test_an_order_is_made_once_for_a_run_in_vain_and_only_where_it_is_wanted() -> None:
    station = make_station()
    incident = make_incident(station)
    with across_operators("test"):
        run = RemedyRun.objects.filter(pk=make_run(incident).pk)
        RemedySetting.objects.create(operator=station.operator, mode="on", makes_orders=False)
        assert made() == []  # healed, and not wanted
        RemedySetting.objects.update(makes_orders=True)
        assert made() == []  # healed
        run.update(state="failed", why="exhausted", is_dry=True)
        assert made() == []  # only written down
        run.update(is_dry=False)
        RemedySetting.objects.update(mode="dry_run")
        assert made() == []  # remedies are not on, as the page says
        RemedySetting.objects.update(mode="on")
        run.update(ended_at=timezone.now() - timedelta(days=2))
        assert made() == []  # people have dealt with that
        run.update(ended_at=timezone.now())
        Incident.objects.update(snoozed_until_at=timezone.now() + timedelta(days=1))
        assert made() == []  # somebody knows
        Incident.objects.update(snoozed_until_at=None)
        assert made() == [incident.pk]
        assert made() == []
        services.set_state(
            order=incident.work_orders.get(), state="cancelled", text="A driver tripped the fuse"
        )
        assert made() == []  # what a person cancelled stays so
        again = RemedyRun.objects.get(pk=make_run(incident).pk)
        assert made() == []  # a later run helped
        RemedyRun.objects.filter(pk=again.pk).update(state="stopped", why="worse")
        assert made() == [incident.pk]


def test_its_words_are_in_the_operators_language() -> None:
    incident = make_incident(make_station(), summary="")
    with across_operators("test"):
        Operator.objects.update(language="sv")
        RemedySetting.objects.create(operator=incident.operator, mode="on", makes_orders=True)
        RemedyRun.objects.filter(pk=make_run(incident).pk).update(state="failed")
        assert made() == [incident.pk]
        with translation.override("sv"):
            swedish = str(incident.get_kind_display())
        assert incident.work_orders.get().title == swedish != str(incident.get_kind_display())


def test_what_cannot_be_ordered_is_noted_and_others_are_not_kept_waiting() -> None:
    broken, sound = make_incident(make_station()), make_incident(make_station())
    now = timezone.now()
    with across_operators("test"):
        for incident in (broken, sound):
            RemedySetting.objects.create(operator=incident.operator, mode="on")
            RemedyRun.objects.filter(pk=make_run(incident).pk).update(state="failed", why="x")
        Incident.objects.filter(pk=broken.pk).update(summary=" ")  # no title
        assert [one.incident_id for one in order_unhealed(now=now)] == [sound.pk]
        order_unhealed(now=now + timedelta(minutes=59))
        notes = broken.events.filter(kind="note")
        assert notes.count() == 1
        order_unhealed(now=now + timedelta(minutes=61))
        assert notes.count() == 2


def test_operators_of_before_go_on_by_hand_and_new_ones_let_the_system_order() -> None:
    migration = import_module("stations.migrations.0032_orders_of_unhealed").Migration
    for_rows, for_later = migration.operations

    assert (for_rows.field.default, for_later.field.default) == (False, True)
    assert RemedySetting().makes_orders is True
