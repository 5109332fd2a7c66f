"""The model catalogue of an operator, and the quirks of its models by firmware."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel


class HardwareModel(TenantModel):
    """A model of station: how it names itself, what a new one starts with, where its papers are.

    ``evses`` is a list of ``{"max_power_w", "current_type", "phases", "connectors":
    [{"connector_type", "is_tethered"}]}``, one an EVSE.
    """

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    vendor = models.CharField(_("vendor"), max_length=64)
    model = models.CharField(
        _("model"), max_length=64, help_text=_("As the station reports it; * stands for any text.")
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    ocpp_version = models.CharField(_("OCPP"), max_length=10, blank=True)
    security_profile = models.PositiveSmallIntegerField(_("security profile"), default=1)
    evses = models.JSONField(_("EVSEs"), default=list, blank=True)
    documentation_url = models.URLField(_("documentation"), blank=True)
    newest_firmware = models.CharField(_("newest firmware"), max_length=64, blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    retired_on = models.DateField(_("retired"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["vendor", "model", "id"]
        constraints = [
            models.UniqueConstraint(
                "operator", Upper("vendor"), Upper("model"), name="hardware_model_once"
            )
        ]
        verbose_name = _("station model")
        verbose_name_plural = _("station models")

    def __str__(self) -> str:
        return self.name or f"{self.vendor} {self.model}"


class ModelQuirk(TenantModel):
    """One thing that a model gets wrong with some firmware (see hardware.quirks)."""

    hardware_model = models.ForeignKey(
        HardwareModel, on_delete=models.CASCADE, related_name="quirks"
    )
    name = models.CharField(_("quirk"), max_length=40)
    value = models.JSONField(_("value"))
    firmware = models.CharField(
        _("firmware"),
        max_length=100,
        blank=True,
        help_text=_("Nothing: any. Otherwise 1.2.*, or >=1.2 <1.5"),
    )
    note = models.CharField(_("how it was seen"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["hardware_model_id", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["hardware_model", "name", "firmware"], name="model_quirk_once"
            )
        ]
        verbose_name = _("quirk of a model")
        verbose_name_plural = _("quirks of models")

    def __str__(self) -> str:
        return self.name
