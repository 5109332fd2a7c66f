"""Remedies: what an operator allows, its playbooks, and every step that was tried."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from stations.hardware.models import Evse, Station
from stations.incidents.choices import FaultClass, RemedyMode, RunState, StepState
from stations.incidents.models import Incident
from stations.sites.models import Site

_HOUR = [MinValueValidator(0), MaxValueValidator(23)]


class RemedySetting(TenantModel):
    """Whether and how much an operator lets stations be healed by themselves."""

    mode = models.CharField(
        _("remedies"), max_length=8, choices=RemedyMode.choices, default=RemedyMode.DRY_RUN
    )
    most_per_six_hours = models.PositiveSmallIntegerField(
        _("restarts of a station in six hours"), default=2, validators=[MaxValueValidator(10)]
    )
    most_per_day = models.PositiveSmallIntegerField(
        _("restarts of a station a day"), default=3, validators=[MaxValueValidator(20)]
    )
    cool_down_s = models.PositiveIntegerField(
        _("rest after a run (s)"), default=900, validators=[MaxValueValidator(86_400)]
    )
    from_hour = models.PositiveSmallIntegerField(
        _("only from hour"), null=True, blank=True, validators=_HOUR
    )
    until_hour = models.PositiveSmallIntegerField(
        _("only until hour"), null=True, blank=True, validators=_HOUR
    )
    makes_orders = models.BooleanField(
        _("make a work order when remedies did not help"), default=True
    )

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["operator_id"]
        constraints = [
            models.UniqueConstraint(fields=["operator"], name="remedy_setting_once"),
            models.CheckConstraint(
                condition=models.Q(from_hour=None, until_hour=None)
                | models.Q(from_hour__isnull=False, until_hour__isnull=False),
                name="remedy_setting_hours",
            ),
        ]
        verbose_name = _("setting of remedies")
        verbose_name_plural = _("settings of remedies")

    def __str__(self) -> str:
        return f"{self.operator_id}: {self.mode}"


class Playbook(TenantModel):
    """The steps for a class of faults where an operator wants others than the usual ones:
    ``[{"action", "wait_s"}]`` in their order."""

    fault_class = models.CharField(_("class"), max_length=12, choices=FaultClass.choices)
    steps = models.JSONField(_("steps"), default=list)
    is_enabled = models.BooleanField(_("in force"), default=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["fault_class", "id"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "fault_class"], name="remedy_playbook_once")
        ]
        verbose_name = _("playbook")
        verbose_name_plural = _("playbooks")

    def __str__(self) -> str:
        return self.fault_class


class RemedyRun(TenantModel):
    """One try to heal one incident, step by step. One at a time at a site, besides those that
    make safe."""

    placing = Placing("site_id")

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="runs")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="remedy_runs")
    evse = models.ForeignKey(
        Evse, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    fault_class = models.CharField(_("class"), max_length=12, choices=FaultClass.choices)
    is_dry = models.BooleanField(_("only written down"), default=False)
    steps = models.JSONField(_("steps"), default=list)
    state = models.CharField(
        _("state"), max_length=10, choices=RunState.choices, default=RunState.RUNNING
    )
    why = models.CharField(_("why it ended"), max_length=40, blank=True)
    waits_for = models.CharField(_("waits for"), max_length=40, blank=True)
    next_at = models.DateTimeField(_("next look"), default=timezone.now)
    started_at = models.DateTimeField(_("began"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    helped_by = models.CharField(_("helped by"), max_length=24, blank=True)
    saved_s = models.PositiveIntegerField(_("outage avoided (s)"), null=True, blank=True)
    usual_s = models.PositiveIntegerField(_("usual time to restore (s)"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident"],
                condition=models.Q(state="running"),
                name="remedy_one_an_incident",
            ),
            models.UniqueConstraint(
                fields=["site"],
                condition=models.Q(state="running", is_dry=False) & ~models.Q(fault_class="safety"),
                name="remedy_one_a_site",
            ),
            models.CheckConstraint(
                condition=models.Q(state="running", ended_at=None)
                | (~models.Q(state="running") & models.Q(ended_at__isnull=False)),
                name="remedy_run_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "-started_at"], name="remedy_run_recent_idx"),
            models.Index(fields=["station", "-started_at"], name="remedy_run_station_idx"),
            models.Index(
                fields=["next_at"], condition=models.Q(state="running"), name="remedy_run_due_idx"
            ),
        ]
        verbose_name = _("run of a remedy")
        verbose_name_plural = _("runs of remedies")

    def __str__(self) -> str:
        return self.public_id


class RemedyStep(TenantModel):
    """One step with its evidence: the command that carried it, and the state around it."""

    placing = Placing("run_id", "stations.RemedyRun")

    run = models.ForeignKey(RemedyRun, on_delete=models.PROTECT, related_name="tried")
    number = models.PositiveSmallIntegerField(_("step"))
    action = models.CharField(_("what"), max_length=24)
    state = models.CharField(_("state"), max_length=8, choices=StepState.choices)
    command_ref = models.CharField(_("command"), max_length=24, blank=True)
    answer = models.CharField(_("station's answer"), max_length=60, blank=True)
    before = models.JSONField(_("before"), default=dict, blank=True)
    after = models.JSONField(_("after"), default=dict, blank=True)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    verified_at = models.DateTimeField(_("looked again"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["run_id", "number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="remedy_step_once")]
        verbose_name = _("step of a remedy")
        verbose_name_plural = _("steps of remedies")

    def __str__(self) -> str:
        return f"{self.number}: {self.action}"
