"""Running a study: taken by one worker, told as it goes, stored at once or failed with the reason.

A worker holds a study by ``held_until_at``, which it renews while it works. What a killed worker
left is taken again when that has passed, twice at most; then the study fails and says so.
"""

from __future__ import annotations

import logging
import time
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any, Final

from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from core.audit.services import record
from core.tenancy.scopes import operator_scope
from planning.solving.plan import Watch
from planning.studies.answering import answer
from planning.studies.choices import StudyState
from planning.studies.loading import question_of
from planning.studies.models import Study, StudySite
from planning.studies.question import Answer, Chosen, StudyRefused

logger = logging.getLogger(__name__)
HOLD: Final = timedelta(minutes=3)
MOST_ATTEMPTS: Final = 3
TELL_EVERY_S: Final = 0.5
STUDY_LOCK: Final = 20165
"""Class of the advisory lock under which one worker at a time looks for a study."""


def run_next(study_id: int | None = None) -> bool:
    """Take one study and answer it; False when none waits."""
    study = take(study_id)
    if study is None:
        return False
    with operator_scope(study.operator):
        work(study)
    return True


@transaction.atomic
def take(study_id: int | None = None) -> Study | None:
    """The next study that waits or was left, held for this worker; gives up what was left often.

    None while another one runs: a study takes a whole worker, and others must work.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [STUDY_LOCK])
    now = timezone.now()
    if Study.objects.filter(state=StudyState.RUNNING, held_until_at__gte=now).exists():
        return None
    left = Q(state=StudyState.RUNNING, held_until_at__lt=now)
    waiting = Study.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        Q(state=StudyState.QUEUED) | left
    )
    if study_id is not None:
        waiting = waiting.filter(pk=study_id)
    study: Study | None = waiting.select_related("operator").order_by("created_at", "id").first()
    if study is None:
        return None
    if study.attempts >= MOST_ATTEMPTS:
        _end(study, StudyState.FAILED, failure="worker_lost")
        return None
    Study.objects.filter(pk=study.pk).update(
        state=StudyState.RUNNING,
        attempts=F("attempts") + 1,
        held_until_at=now + HOLD,
        started_at=now,
        phase="reading",
        share=0,
    )
    return study


def work(study: Study) -> None:
    """Answer a study that is held; whatever goes wrong, it ends with a reason and keeps nothing
    half."""
    teller = Teller(study)
    try:
        _answered(study, teller)
    except Exception:
        logger.exception("study %s failed", study.public_id)
        _end(study, StudyState.FAILED, failure="error")


def _answered(study: Study, teller: Teller) -> None:
    try:
        question = question_of(study)
        digest = question.digest()
        watch = Watch(
            question.parameters.time_limit_s,
            cancelled=teller.is_cancelled,
            tell=teller.found,
            seed=question.seed,
        )
        found = answer(question, watch, teller.phase)
    except StudyRefused as refusal:
        _end(study, StudyState.FAILED, failure=refusal.code, failure_values=refusal.values)
    except SoftTimeLimitExceeded:
        _end(study, StudyState.FAILED, failure="too_long")
    except MemoryError:
        _end(study, StudyState.FAILED, failure="too_large")
    else:
        if teller.is_cancelled():
            _end(study, StudyState.CANCELLED)
        else:
            store(study, found, digest)


@dataclass(slots=True)
class Teller:
    """Writes to the row how far the work is, at most twice a second, and reads whether to stop."""

    study: Study
    asked: bool = False
    seen: float = 0.0
    values: dict[str, Any] = field(default_factory=dict)

    def phase(self, name: str, share: float) -> None:
        """A new phase begins."""
        self.values |= {"phase": name, "share": share}
        self._write()

    def found(self, objective: float, bound: float) -> None:
        """What is found and what is proven."""
        gap = abs(bound - objective) / max(abs(objective), 1e-9)
        self.values |= {"objective_value": objective, "bound": bound, "gap": gap}
        self.is_cancelled()

    def is_cancelled(self) -> bool:
        """Whether somebody asked to stop."""
        if not self.asked and time.monotonic() - self.seen > TELL_EVERY_S:
            self._write()
        return self.asked

    def _write(self) -> None:
        mine = Study.objects.filter(pk=self.study.pk, state=StudyState.RUNNING)
        mine.update(held_until_at=timezone.now() + HOLD, **self.values)
        self.asked = not mine.filter(is_cancel_asked=False).exists()
        self.seen = time.monotonic()


@transaction.atomic
def store(study: Study, found: Answer, digest: str) -> None:
    """Keep the answer, unless another worker was faster."""
    result = {
        name: getattr(found, name)
        for name in (
            "seconds", "total_kwh", "before_kwh", "after_kwh", "before_km", "after_km",
            "unserved", "trials", "dots", "roads", "pools",
        )
    }  # fmt: skip
    values = {
        "objective_value": found.objective,
        "bound": found.bound,
        "gap": found.gap,
        "share": 1,
        "result": result,
        "input_sha256": digest,
    }
    if not _end(study, StudyState.DONE, **values):
        return
    kept = {label: _stays(label, found) for label in (one.place.label for one in found.sites)}
    StudySite.objects.bulk_create(
        [
            _site(study, rank, one, kept[one.place.label])
            for rank, one in enumerate(found.sites, start=1)
        ]
    )


def _site(study: Study, rank: int, one: Chosen, stays: dict[str, Any]) -> StudySite:
    return StudySite(
        operator_id=study.operator_id,
        study=study,
        rank=rank,
        label=one.place.label[:200],
        longitude=one.place.longitude,
        latitude=one.place.latitude,
        adds_kwh=one.adds_kwh,
        only_kwh=one.only_kwh,
        gets_kwh=one.gets_kwh,
        figures={
            "hours": [round(kwh, 3) for kwh in one.hours],
            "neighbours": [asdict(other) for other in one.neighbours],
            "worth": dict(one.worth),
            "stays": stays,
        },
    )


def _stays(label: str, found: Answer) -> dict[str, Any]:
    """Under how many other assumptions a site is chosen again, and under which it is not."""
    away = [trial["name"] for trial in found.trials if label not in trial["kept"]]
    return {"of": len(found.trials), "kept": len(found.trials) - len(away), "away": away}


def _end(study: Study, state: str, **values: Any) -> bool:
    now = timezone.now()
    done = Study.objects.filter(pk=study.pk, state=StudyState.RUNNING).update(
        state=state, finished_at=now, held_until_at=None, **values
    )
    if done:
        after = {"state": state, "failure": values.get("failure", "")}
        record("study.finish", study, operator_id=study.operator_id, after=after)
    return bool(done)
