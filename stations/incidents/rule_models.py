"""What an operator decides about rules, codes that vendors use, and how far detection has read."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from stations.incidents.choices import FaultClass, Severity


class IncidentRule(TenantModel):
    """How one rule differs for an operator, or for a vendor, model and firmware (patterns with
    ``*``; empty: any). What is empty here is as usual."""

    code = models.CharField(_("rule"), max_length=40)
    vendor = models.CharField(_("vendor"), max_length=64, blank=True)
    model = models.CharField(_("model"), max_length=64, blank=True)
    firmware = models.CharField(_("firmware"), max_length=64, blank=True)
    is_enabled = models.BooleanField(_("in force"), default=True)
    severity = models.CharField(_("severity"), max_length=2, choices=Severity.choices, blank=True)
    settings = models.JSONField(_("figures"), default=dict, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["code", "vendor", "model", "firmware", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "code", "vendor", "model", "firmware"],
                name="incident_rule_once",
            )
        ]
        verbose_name = _("rule of incidents")
        verbose_name_plural = _("rules of incidents")

    def __str__(self) -> str:
        return " ".join(filter(None, (self.code, self.vendor, self.model, self.firmware)))


class ErrorCode(TenantModel):
    """A code that a vendor's stations report, with what it means; without a class nobody has
    translated it yet. Codes that no table knows are collected here."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    vendor = models.CharField(_("vendor"), max_length=64, blank=True)
    code = models.CharField(_("code"), max_length=80)
    fault_class = models.CharField(
        _("class"), max_length=12, choices=FaultClass.choices, blank=True
    )
    meaning = models.CharField(_("meaning"), max_length=200, blank=True)
    info = models.CharField(_("seen with"), max_length=255, blank=True)
    seen = models.PositiveIntegerField(_("times seen"), default=1)
    first_seen_at = models.DateTimeField(_("first seen"), default=timezone.now)
    last_seen_at = models.DateTimeField(_("last seen"), default=timezone.now)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["fault_class", "-last_seen_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "vendor", "code"], name="incident_error_code_once"
            )
        ]
        verbose_name = _("error code")
        verbose_name_plural = _("error codes")

    def __str__(self) -> str:
        return self.code


class DetectionCursor(models.Model):
    """How far one source has been read; its lock keeps two turns of detection apart."""

    name = models.CharField(max_length=40, primary_key=True)
    read_until_at = models.DateTimeField(null=True)
    marks = models.JSONField(default=dict, help_text="How far each journal is surely read")

    class Meta:
        ordering = ["name"]
        verbose_name = _("place in the journals")
        verbose_name_plural = _("places in the journals")

    def __str__(self) -> str:
        return self.name
