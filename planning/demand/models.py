"""Demand models: which layers count, and the assumptions that turn them into energy."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from planning.layers.models import Layer


class DemandModel(TenantModel):
    """A named set of assumptions over chosen layers. ``assumptions`` holds what differs from the
    defaults (planning/demand/assumptions.py); ``version`` counts the changes. ``history``
    and ``target_year`` give the growth by an S-curve."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=120)
    assumptions = models.JSONField(default=dict, blank=True)
    history = models.JSONField(
        default=list, blank=True, help_text=_("Registrations by year: [[year, number], …]")
    )
    target_year = models.PositiveSmallIntegerField(_("year meant"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    note = models.TextField(_("note"), blank=True)
    created_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "name"], name="demand_model_name_once")
        ]
        verbose_name = _("demand model")
        verbose_name_plural = _("demand models")

    def __str__(self) -> str:
        return self.name


class DemandLayer(TenantModel):
    """A layer that a demand model counts."""

    demand_model = models.ForeignKey(DemandModel, on_delete=models.CASCADE, related_name="chosen")
    layer = models.ForeignKey(Layer, on_delete=models.PROTECT, related_name="demand_models")

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["demand_model_id", "layer_id"]
        constraints = [
            models.UniqueConstraint(fields=["demand_model", "layer"], name="demand_layer_once")
        ]
        verbose_name = _("layer of a demand model")
        verbose_name_plural = _("layers of demand models")

    def __str__(self) -> str:
        return f"{self.demand_model_id}: {self.layer_id}"
