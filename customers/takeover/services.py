"""Writing cohorts."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import Operator
from core.audit.services import current_actor, record
from core.errors import RuleViolation
from core.ids import public_id
from core.imports.models import ImportRun, ImportState
from customers.takeover.models import Cohort, CohortImport


@transaction.atomic
def create_cohort(*, operator: Operator, **values: Any) -> Cohort:
    """Begin a takeover; a taken name is refused."""
    cohort = Cohort(
        operator=operator,
        public_id=public_id("coh"),
        created_by=current_actor.get().label[:200],
        **values,
    )
    cohort.full_clean()
    cohort.save()
    record("takeover.create", cohort, operator_id=operator.pk, after=values)
    return cohort


@transaction.atomic
def add_import(*, cohort: Cohort, run: ImportRun) -> None:
    """Let a finished import belong to the cohort; refused for one that is another's."""
    _refuse_closed(cohort)
    if run.state != ImportState.DONE:
        raise RuleViolation("import_open", _("Import the file first."))
    try:
        with transaction.atomic():
            CohortImport.objects.create(operator_id=cohort.operator_id, cohort=cohort, run=run)
    except IntegrityError as error:
        raise RuleViolation(
            "import_taken", _("This import belongs to a takeover already.")
        ) from error
    after = {"import": run.public_id, "file": run.file_name}
    record("takeover.add_import", cohort, operator_id=cohort.operator_id, after=after)


@transaction.atomic
def remove_import(*, cohort: Cohort, run: ImportRun) -> None:
    """Take an import out of the cohort; its rows stay as they are."""
    _refuse_closed(cohort)
    removed, _kinds = CohortImport.objects.filter(cohort=cohort, run=run).delete()
    if removed:
        before = {"import": run.public_id, "file": run.file_name}
        record("takeover.remove_import", cohort, operator_id=cohort.operator_id, before=before)


@transaction.atomic
def close_cohort(*, cohort: Cohort, reason: str = "") -> None:
    """End a takeover; what came with it stays. A second time is refused."""
    changed = Cohort.objects.filter(pk=cohort.pk, closed_at=None).update(closed_at=timezone.now())
    if not changed:
        raise RuleViolation("closed", _("The takeover is closed."))
    record("takeover.close", cohort, operator_id=cohort.operator_id, reason=reason)


def _refuse_closed(cohort: Cohort) -> None:
    if cohort.closed_at is not None:
        raise RuleViolation("closed", _("The takeover is closed."))
