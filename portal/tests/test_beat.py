"""Beat's tasks as the worker runs them: registered, and outside of any operator's scope."""

from __future__ import annotations

import pickle

import pytest

from billing.accounting.period_services import NotReady
from core.errors import RuleViolation
from portal.beat import BEAT_SCHEDULE, DEMO_SCHEDULE
from portal.celery import app
from portal.tests.pages import Network

NAMES = sorted(one["task"] for one in (BEAT_SCHEDULE | DEMO_SCHEDULE).values())


def test_every_task_of_the_schedule_is_registered() -> None:
    app.loader.import_default_modules()

    assert [name for name in NAMES if name not in app.tasks] == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_a_task_runs_without_a_scope_around_it(name: str) -> None:
    Network()
    app.loader.import_default_modules()

    app.tasks[name].run()


@pytest.mark.parametrize("error", [RuleViolation("code", "words", field="f"), NotReady([])])
def test_a_refusal_outlives_its_way_from_a_worker(error: RuleViolation) -> None:
    back = pickle.loads(pickle.dumps(error))

    assert (type(back), back.code, back.message, back.field) == (
        type(error), error.code, error.message, error.field,
    )  # fmt: skip
