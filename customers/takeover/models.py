"""Cohorts: what is taken over together from another operator or system."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.imports.models import ImportRun
from core.tenancy.models import TenantModel


class Cohort(TenantModel):
    """Stations, drivers and tokens that come together; closed when all of it works here."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=120)
    previous = models.CharField(
        _("taken over from"), max_length=120, blank=True,
        help_text=_("The operator or system that it ran under before."),
    )  # fmt: skip
    moves_on = models.DateField(
        _("moves"), null=True, blank=True, help_text=_("The day the stations are to switch over.")
    )
    created_by = models.CharField(_("created by"), max_length=200)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "name"], name="cohort_name_once")
        ]
        verbose_name = _("takeover")
        verbose_name_plural = _("takeovers")

    def __str__(self) -> str:
        return self.name


class CohortImport(TenantModel):
    """An import that belongs to a cohort; an import belongs to one at most."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="imports")
    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("added"), default=timezone.now)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["cohort_id", "id"]
        constraints = [models.UniqueConstraint(fields=["run"], name="cohort_import_run_once")]
        verbose_name = _("import of a takeover")
        verbose_name_plural = _("imports of takeovers")

    def __str__(self) -> str:
        return f"{self.cohort_id}: {self.run_id}"
