"""Making a work order of a driver's report, and finding the one from the other."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.attachments.models import Attachment
from core.attachments.selectors import files_about
from core.audit.services import record
from core.errors import RuleViolation
from core.panels import Panel
from customers.support.models import CaseEntry, EntryKind, SupportCase
from customers.support.order_models import CaseOrder
from customers.support.services import refuse_closed
from stations.hardware.models import Connector
from stations.maintenance import lifecycle
from stations.maintenance.models import OrderSource, WorkOrder
from stations.maintenance.partner_models import Priority
from stations.maintenance.services import open_order


@transaction.atomic
def order_from_case(*, case: SupportCase) -> WorkOrder:
    """Make a work order of what the case tells. While that order is open, the same again gives
    the same order.

    Refuses a closed case, and one without a place.
    """
    held: SupportCase = SupportCase.objects.select_for_update(of=("self",)).get(pk=case.pk)
    known = orders_of(held).filter(state__in=lifecycle.OPEN).first()
    if known is not None:
        return known
    refuse_closed(held)
    if held.station is None:
        raise RuleViolation("no_place", _("Find the EVSE first, so that the order has a place."))
    told = list(
        CaseEntry.objects.filter(case=held, kind=EntryKind.FAULT)
        .order_by("at", "id")
        .values_list("text", flat=True)
    )
    order = open_order(
        operator=held.operator,
        site=held.station.site,
        station=held.station,
        evse=held.evse,
        title=(told[0].splitlines()[0] if told else _("Driver's report"))[:160],
        description="\n\n".join(told)[:4000],
        priority=_priority(held),
        source=OrderSource.REPORT,
        source_ref=held.public_id,
    )
    CaseOrder.objects.create(operator_id=held.operator_id, case=held, order=order)
    record("case.order", held, operator_id=held.operator_id, after={"work_order": order.public_id})
    return order


def orders_of(case: SupportCase) -> QuerySet[WorkOrder]:
    """Work orders that were made of a case, the latest first."""
    rows: QuerySet[WorkOrder] = WorkOrder.objects.filter(
        pk__in=CaseOrder.objects.filter(case=case).order_by().values("order")
    )
    return rows.order_by("-number", "-id")


def _priority(case: SupportCase) -> str:
    """What the station itself calls out of order cannot be used; all else works in part."""
    rows = Connector.objects.filter(retired_on=None, status__in=("faulted", "unavailable"))
    place = {"evse": case.evse} if case.evse is not None else {"evse__station": case.station}
    return Priority.P2 if rows.filter(**place).exists() else Priority.P3


class CaseOfOrder:
    """The case that an order came from, on the order's page (``ORDER_SOURCES``)."""

    def panel(self, request: HttpRequest, order: WorkOrder) -> Panel | None:
        """Nothing for readers who may not see cases."""
        if not has_permission(request, Permission.CASE_VIEW):
            return None
        link = CaseOrder.objects.filter(order=order).select_related("case").first()
        if link is None:
            return None
        content = {"case": link.case, "files": files_about(link.case)[:20]}
        title = gettext_lazy("Driver's report")
        return Panel(title, "customers/support/_order_panel.html", content)

    def files(self, order: WorkOrder) -> QuerySet[Attachment]:
        """The driver's photos, for whoever does the work."""
        cases = CaseOrder.objects.filter(order=order).values_list("case_id", flat=True)
        keys = [str(pk) for pk in cases]
        rows: QuerySet[Attachment] = Attachment.objects.filter(
            object_type="customers.supportcase", object_id__in=keys
        )
        return rows.order_by("kind", "-created_at", "-id")


source = CaseOfOrder()
