"""Orders that the system makes where remedies did not help."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

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
