"""Studies, the layers they read, and the sites they chose."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from planning.layers.models import Layer
from planning.studies.choices import LayerRole, Objective, Phase, StudyState


class Study(TenantModel):
    """One question about where to build, with its answer. The question never changes: who wants
    another one makes the next version. ``objective_value``, ``bound`` and ``gap`` tell how far a
    running study is, and in the end how good the plan is: no plan is better than the bound."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=120)
    version = models.PositiveIntegerField(_("version"), default=1)
    follows = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="followed_by"
    )
    objective = models.CharField(_("objective"), max_length=12, choices=Objective.choices)
    parameters = models.JSONField(default=dict)
    currency = models.CharField(_("currency"), max_length=3)
    seed = models.PositiveIntegerField(_("seed"), default=1)
    input_sha256 = models.CharField(_("hash of the input"), max_length=64, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=StudyState.choices, default=StudyState.QUEUED
    )
    phase = models.CharField(_("phase"), max_length=12, choices=Phase.choices, blank=True)
    share = models.FloatField(_("done"), default=0)
    objective_value = models.FloatField(_("found so far"), null=True, blank=True)
    bound = models.FloatField(_("bound"), null=True, blank=True)
    gap = models.FloatField(_("gap"), null=True, blank=True)
    is_cancel_asked = models.BooleanField(default=False)
    attempts = models.PositiveIntegerField(default=0)
    held_until_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(default=dict, blank=True)
    failure = models.CharField(max_length=40, blank=True)
    failure_values = models.JSONField(default=dict, blank=True)
    created_by = models.CharField(_("asked by"), max_length=200)
    created_at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)
    started_at = models.DateTimeField(_("begun"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(share__gte=0, share__lte=1), name="study_share_range"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="failed") | ~models.Q(failure=""),
                name="study_failed_says_why",
            ),
        ]
        indexes = [models.Index(fields=["operator", "state"], name="study_state_idx")]
        verbose_name = _("study")
        verbose_name_plural = _("studies")

    def __str__(self) -> str:
        return self.name if self.version == 1 else f"{self.name} ({self.version})"


class StudyLayer(TenantModel):
    """A layer that a study reads, and what for."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="used_layers")
    layer = models.ForeignKey(Layer, on_delete=models.PROTECT, related_name="studies")
    role = models.CharField(_("role"), max_length=12, choices=LayerRole.choices)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["study_id", "role", "layer_id"]
        constraints = [
            models.UniqueConstraint(fields=["study", "layer", "role"], name="study_layer_once")
        ]
        verbose_name = _("layer of a study")
        verbose_name_plural = _("layers of studies")

    def __str__(self) -> str:
        return f"{self.study_id}: {self.layer_id}"


class StudySite(TenantModel):
    """A site that a study chose; ``rank`` 1 adds most. ``figures`` hold size, money and the
    neighbours that were not chosen. ``site`` is what it became in the network."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="sites")
    rank = models.PositiveIntegerField(_("rank"))
    label = models.CharField(_("name"), max_length=200)
    longitude = models.FloatField(_("longitude"))
    latitude = models.FloatField(_("latitude"))
    adds_kwh = models.FloatField(_("adds (kWh a year)"))
    only_kwh = models.FloatField(_("nobody else reaches (kWh a year)"))
    gets_kwh = models.FloatField(_("sells (kWh a year)"))
    figures = models.JSONField(default=dict)
    site = models.ForeignKey(
        "stations.Site", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["study_id", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["study", "rank"], name="study_site_rank_once")
        ]
        verbose_name = _("site of a study")
        verbose_name_plural = _("sites of studies")

    def __str__(self) -> str:
        return self.label
