"""Work orders that came from support cases."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from customers.support.models import SupportCase
from stations.maintenance.models import WorkOrder


class CaseOrder(TenantModel):
    """A work order that was made from a case: each order from one case, a case may have several."""

    placing = Placing("order_id", "stations.WorkOrder")

    case = models.ForeignKey(SupportCase, on_delete=models.PROTECT, related_name="order_links")
    order = models.OneToOneField(WorkOrder, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-made_at", "-id"]
        verbose_name = _("work order of a case")
        verbose_name_plural = _("work orders of cases")

    def __str__(self) -> str:
        return f"{self.case_id}: {self.order_id}"
