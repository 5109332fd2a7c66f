"""Bulk actions: what was chosen is kept, confirmed, and done row by row."""

from __future__ import annotations

import logging
from datetime import timedelta
from itertools import islice
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.accounts.acting import acting_for
from core.accounts.middleware import client_address, has_permission
from core.accounts.models import Membership
from core.errors import RuleViolation
from core.ids import public_id
from core.lists import registry
from core.lists.actions import BulkAction, BulkContext
from core.lists.models import BulkOutcome, BulkRow, BulkRun, BulkState
from core.lists.page import filtered, ordered
from core.lists.paging import page_number, page_size
from core.lists.spec import ListSpec

logger = logging.getLogger(__name__)

MOST_ROWS: Final = 5000
AT_ONCE: Final = 100
"""So many rows are done before the answer; more are left to the worker."""
CHUNK: Final = 20
DRAFTS_LAST: Final = timedelta(days=1)


@transaction.atomic
def begin(*, request: HttpRequest, spec: ListSpec) -> BulkRun:
    """Keep what was chosen as a draft to confirm; nothing is done yet.

    ``scope`` says which rows: the chosen ones (``id``), those of the page, all that match.
    """
    action = spec.bulk_action(request.POST.get("bulk", ""))
    if action is None or not has_permission(request, action.permission):
        raise RuleViolation("bulk_action", _("Your role may not do this."))
    rows = list(_chosen(request, spec)[: MOST_ROWS + 1])
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
        operator=request.operator,  # type: ignore[attr-defined]
        public_id=public_id("bulk"),
        user=request.user,
        list_name=spec.name,
        action=action.name,
        query=request.GET.urlencode(),
        row_count=len(rows),
    )
    BulkRow.objects.bulk_create(
        BulkRow(operator=run.operator, run=run, position=n, object_id=row.pk, label=str(row)[:200])
        for n, row in enumerate(rows, start=1)
    )
    return run


def _chosen(request: HttpRequest, spec: ListSpec) -> QuerySet[Any]:
    """The rows in the order of the list."""
    scope = request.POST.get("scope", "chosen")
    if scope == "chosen":
        ids = [int(t) for t in request.POST.getlist("id") if t.isdecimal() and len(t) < 19]
        return _in_order(request, spec, ids[: MOST_ROWS + 1])
    filterset, rows = filtered(request, spec)
    if not filterset.is_valid():
        raise RuleViolation("filter", _("A filter is wrong; nothing was chosen."))
    matching: QuerySet[Any] = ordered(request, spec, rows).data.data
    if scope == "matching":
        return matching
    size = page_size(request.GET.get("per_page"), spec.page_size)
    start = (page_number(request.GET.get("page"), 10**6) - 1) * size
    return _in_order(request, spec, [row.pk for row in matching[start : start + size]])


def _in_order(request: HttpRequest, spec: ListSpec, ids: list[int]) -> QuerySet[Any]:
    rows = spec.queryset(request).filter(pk__in=ids)
    in_order: QuerySet[Any] = ordered(request, spec, rows).data.data
    return in_order


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
    done = 0
    for run in BulkRun.objects.filter(state=BulkState.QUEUED).order_by("id")[:20]:
        done += _execute_alone(run)
    return done


def _execute_alone(run: BulkRun) -> int:
    """One run that cannot be done keeps no other waiting."""
    membership = Membership.objects.filter(
        operator_id=run.operator_id, user_id=run.user_id, is_active=True
    ).first()
    if membership is None:
        _refuse_rest(run, _("The person is no longer a member."))
        return 0
    try:
        with acting_for(
            membership, query=run.query, request_id=run.request_id, source_ip=run.source_ip
        ) as request:
            return _work(run, request)
    except Exception:
        logger.exception("bulk action %s could not be done", run.public_id)
        return 0


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
