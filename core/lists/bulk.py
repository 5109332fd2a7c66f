"""Bulk actions: what was chosen is kept, confirmed, and done row by row."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from itertools import islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.accounts.acting import acting_for, acting_with
from core.accounts.middleware import client_address, has_permission, operator_of
from core.accounts.models import ApiToken, ApiTokenState, Membership
from core.errors import RuleViolation
from core.ids import public_id
from core.lists import registry
from core.lists.actions import BulkAction, BulkContext
from core.lists.bulk_choice import MOST_ROWS, key_of
from core.lists.models import BulkOutcome, BulkRow, BulkRun, BulkState
from core.lists.spec import ListSpec

logger = logging.getLogger(__name__)

AT_ONCE: Final = 100
"""So many rows are done before the answer; more are left to the worker."""
CHUNK: Final = 20
DRAFTS_LAST: Final = timedelta(days=1)


@transaction.atomic
def begin(
    *, request: HttpRequest, spec: ListSpec, action_name: str, choose: Callable[[], QuerySet[Any]]
) -> BulkRun:
    """Keep what was chosen as a draft to confirm; nothing is done yet.

    Refuses an action that the caller may not do, no row at all, and too many.
    """
    action = spec.bulk_action(action_name)
    if action is None or not has_permission(request, action.permission):
        raise RuleViolation("bulk_action", _("Your role may not do this."))
    rows = list(choose()[: MOST_ROWS + 1])
    if not rows:
        raise RuleViolation("nothing_chosen", _("Choose at least one row first."))
    if len(rows) > MOST_ROWS:
        raise RuleViolation(
            "too_many",
            ngettext(
                "At most %(count)s row at once: narrow the filters.",
                "At most %(count)s rows at once: narrow the filters.",
                MOST_ROWS,
            )
            % {"count": MOST_ROWS},
        )
    run: BulkRun = BulkRun.objects.create(
        operator=operator_of(request),
        public_id=public_id("bulk"),
        **caller(request),
        list_name=spec.name,
        action=action.name,
        query=request.GET.urlencode(),
        row_count=len(rows),
    )
    BulkRow.objects.bulk_create(
        BulkRow(
            operator=run.operator,
            run=run,
            position=n,
            object_id=row.pk,
            key=key_of(spec, row),
            label=str(row)[:200],
        )
        for n, row in enumerate(rows, start=1)
    )
    return run


def caller(request: HttpRequest) -> dict[str, Any]:
    """Whose a run is: an API token's, or a person's."""
    token = getattr(request, "auth", None)
    if isinstance(token, ApiToken):
        return {"token": token}
    return {"user": request.user}


def confirm(*, run: BulkRun, action: BulkAction, data: QueryDict, request: HttpRequest) -> bool:
    """Take the form as confirmed and do the work, or leave it to the worker.

    False when it had been confirmed before: a second click does nothing again.
    """
    kept = data.copy()
    kept.pop("csrfmiddlewaretoken", None)
    confirmed = BulkRun.objects.filter(pk=run.pk, state=BulkState.DRAFT).update(
        state=BulkState.QUEUED,
        form_data=kept.urlencode(),
        confirmed_at=timezone.now(),
        time_zone=timezone.get_current_timezone_name(),
        request_id=getattr(request, "request_id", ""),
        source_ip=client_address(request),
    )
    if not confirmed:
        return False
    if run.row_count <= AT_ONCE:
        run.refresh_from_db()
        _work(run, request)
    return True


def execute_waiting() -> int:
    """Do what was confirmed and is not finished, as who confirmed it; drop old drafts."""
    BulkRun.objects.filter(
        state=BulkState.DRAFT, created_at__lt=timezone.now() - DRAFTS_LAST
    ).delete()
    waiting = BulkRun.objects.filter(state=BulkState.QUEUED).select_related("token__operator")
    done = 0
    for run in waiting.order_by("id")[:20]:
        done += _execute_alone(run)
    return done


def _execute_alone(run: BulkRun) -> int:
    """One run that cannot be done keeps no other waiting."""
    acting = _acting(run)
    if acting is None:
        _refuse_rest(run, _("Who asked for this may do nothing here any more."))
        return 0
    try:
        with acting as request, timezone.override(ZoneInfo(run.time_zone or "UTC")):
            return _work(run, request)
    except Exception:
        logger.exception("bulk action %s could not be done", run.public_id)
        return 0


def _acting(run: BulkRun) -> AbstractContextManager[HttpRequest] | None:
    """The caller's rights as they are now; None when they have ended."""
    known: Any = {"query": run.query, "request_id": run.request_id, "source_ip": run.source_ip}
    if run.token is not None:
        if run.token.state != ApiTokenState.ACTIVE:
            return None
        return acting_with(run.token, **known)
    membership = Membership.objects.filter(
        operator_id=run.operator_id, user_id=run.user_id, is_active=True
    ).first()
    return None if membership is None else acting_for(membership, **known)


def _work(run: BulkRun, request: HttpRequest) -> int:
    spec = registry.find(run.list_name)
    action = spec.bulk_action(run.action) if spec else None
    if spec is None or action is None:
        _refuse_rest(run, _("There is no such action any more."))
        return 0
    if not has_permission(request, action.permission):
        _refuse_rest(run, _("Your role may not do this."))
        return 0
    form = action.form(request, QueryDict(run.form_data))
    if not form.is_valid():
        _refuse_rest(run, " ".join(str(e) for errors in form.errors.values() for e in errors))
        return 0
    context = BulkContext(request, dict(form.cleaned_data), run.batch_id)
    done = 0
    while (count := _chunk(run, spec, action, context)) > 0:
        done += count
    return done


@transaction.atomic
def _chunk(run: BulkRun, spec: ListSpec, action: BulkAction, context: BulkContext) -> int:
    """The next rows, under a lock of the run; 0 when nothing is left or another one is at it."""
    mine = BulkRun.objects.select_for_update(skip_locked=True, of=("self",))
    if mine.filter(pk=run.pk, state=BulkState.QUEUED).order_by("id").first() is None:
        return 0
    waiting = BulkRow.objects.filter(run_id=run.pk, outcome=BulkOutcome.WAITING)
    rows = list(islice(waiting.order_by("position")[:CHUNK], CHUNK))
    if not rows:
        BulkRun.objects.filter(pk=run.pk).update(
            state=BulkState.FINISHED, finished_at=timezone.now()
        )
        return 0
    present = spec.queryset(context.request).filter(pk__in=[row.object_id for row in rows])
    objects = {one.pk: one for one in present}
    for row in rows:
        _apply(row, objects.get(row.object_id), action, context)
    BulkRow.objects.bulk_update(rows, ["outcome", "message"])
    return len(rows)


def _apply(row: BulkRow, one: Any, action: BulkAction, context: BulkContext) -> None:
    if one is None:
        row.outcome = BulkOutcome.GONE
        return
    try:
        with transaction.atomic():
            row.message = action.apply(one, context) or ""
        row.outcome = BulkOutcome.DONE
    except RuleViolation as refusal:
        row.outcome, row.message = BulkOutcome.REFUSED, str(refusal.message)
    except ValidationError as error:
        row.outcome, row.message = BulkOutcome.REFUSED, " ".join(error.messages)
    except Exception:
        logger.exception("bulk action %s failed at row %s", action.name, row.object_id)
        row.outcome, row.message = BulkOutcome.FAILED, _("An error of ours; it has been logged.")


def _refuse_rest(run: BulkRun, why: str) -> None:
    with transaction.atomic():
        BulkRow.objects.filter(run_id=run.pk, outcome=BulkOutcome.WAITING).update(
            outcome=BulkOutcome.REFUSED, message=why
        )
        BulkRun.objects.filter(pk=run.pk).update(
            state=BulkState.FINISHED, finished_at=timezone.now()
        )
