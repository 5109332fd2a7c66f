"""What is done on site: parts, points of checklists."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from stations.hardware.catalogue.models import HardwareModel
from stations.maintenance.models import OrderKind, WorkOrder

_OF_ORDER = Placing("order_id", "stations.WorkOrder")


class PartUsed(TenantModel):
    """A part that was put in, with the serial numbers of what went out and what came in. ``once``
    comes from the form: sent twice on a bad line, it counts once."""

    placing = _OF_ORDER

    order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="parts")
    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    name = models.CharField(_("part"), max_length=120)
    article = models.CharField(_("article number"), max_length=60, blank=True)
    quantity = models.PositiveSmallIntegerField(_("quantity"), default=1)
    serial_out = models.CharField(_("serial number out"), max_length=80, blank=True)
    serial_in = models.CharField(_("serial number in"), max_length=80, blank=True)
    is_warranty = models.BooleanField(_("under warranty"), default=False)
    added_at = models.DateTimeField(_("added"), default=timezone.now)
    added_by = models.CharField(_("added by"), max_length=200)
    once = models.CharField(max_length=40, blank=True, default="", db_default="")

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["added_at", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="part_used_quantity"),
            models.UniqueConstraint(
                fields=["order", "once"], condition=~models.Q(once=""), name="part_used_once"
            ),
        ]
        verbose_name = _("part used")
        verbose_name_plural = _("parts used")

    def __str__(self) -> str:
        return self.name


class Checklist(TenantModel):
    """What is to be checked on site: by model and kind of work, most exact first. ``items`` is a
    list of texts; one that begins with an asterisk must be done before the order is repaired."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind of work"), max_length=12, choices=OrderKind.choices, blank=True)
    hardware_model = models.ForeignKey(
        HardwareModel,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("station model"),
    )
    items = models.JSONField(_("points"), default=list)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "name"], name="checklist_name_once")
        ]
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")

    def __str__(self) -> str:
        return self.name


class CheckResult(models.TextChoices):
    """What came of a point."""

    OPEN = "", _("Not done")
    OK = "ok", _("In order")
    FAULT = "fault", _("Not in order")
    NONE = "none", _("Does not apply")


class OrderCheck(TenantModel):
    """A point of the checklist, copied to the order when it was made."""

    placing = _OF_ORDER

    order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="checks")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("point"), max_length=200)
    is_required = models.BooleanField(_("must be done"), default=False)
    result = models.CharField(
        _("result"), max_length=6, choices=CheckResult.choices, blank=True, default=""
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.CharField(_("done by"), max_length=200, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["order_id", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="order_check_once"),
        ]
        verbose_name = _("point of a checklist")
        verbose_name_plural = _("points of checklists")

    def __str__(self) -> str:
        return self.text
