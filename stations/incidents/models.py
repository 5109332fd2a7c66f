"""Incidents and their timelines."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from stations.hardware.models import Evse, Station
from stations.incidents.choices import (
    EventKind,
    IncidentKind,
    IncidentState,
    Resolution,
    Severity,
)
from stations.incidents.states import LIVE
from stations.sites.models import Site

IS_LIVE = models.Q(state__in=sorted(LIVE))


class Incident(TenantModel):
    """Something is wrong at a site, station or EVSE. ``dedup_key`` names the trouble: while it
    lasts there is one incident of it. ``parent``: the incident that it is part of, such as a
    site without contact. ``facts`` hold the figures that the rule went by."""

    placing = Placing("site_id")

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="incidents")
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, null=True, blank=True, related_name="incidents"
    )
    evse = models.ForeignKey(
        Evse, on_delete=models.PROTECT, null=True, blank=True, related_name="incidents"
    )
    kind = models.CharField(_("what"), max_length=16, choices=IncidentKind.choices)
    rule = models.CharField(_("rule"), max_length=40, blank=True)
    dedup_key = models.CharField(max_length=120)
    severity = models.CharField(_("severity"), max_length=2, choices=Severity.choices)
    state = models.CharField(
        _("state"), max_length=16, choices=IncidentState.choices, default=IncidentState.OPEN
    )
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    error_code = models.CharField(_("error code"), max_length=80, blank=True)
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    first_symptom_at = models.DateTimeField(_("first symptom"))
    detected_at = models.DateTimeField(_("detected"), default=timezone.now)
    last_seen_at = models.DateTimeField(_("last seen"), default=timezone.now)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    restored_at = models.DateTimeField(_("works again"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    snoozed_until_at = models.DateTimeField(_("snoozed until"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who has it"),
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )
    resolution = models.CharField(
        _("how it ended"), max_length=12, choices=Resolution.choices, blank=True
    )
    occurrences = models.PositiveIntegerField(_("times seen"), default=1)
    reopened = models.PositiveIntegerField(_("times opened again"), default=0)
    proven_at = models.DateTimeField(_("proven by a session"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-detected_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "dedup_key"], condition=IS_LIVE, name="incident_one_live"
            ),
            models.CheckConstraint(
                condition=models.Q(evse=None) | models.Q(station__isnull=False),
                name="incident_evse_of_station",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="resolved")
                | (models.Q(resolved_at__isnull=False) & ~models.Q(resolution="")),
                name="incident_resolved_how",
            ),
            models.CheckConstraint(
                condition=models.Q(state="merged", merged_into__isnull=False)
                | (~models.Q(state="merged") & models.Q(merged_into=None)),
                name="incident_merged_into",
            ),
            models.CheckConstraint(
                condition=models.Q(parent=None) | ~models.Q(parent=models.F("id")),
                name="incident_not_its_own_parent",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "-detected_at"], name="incident_recent_idx"),
            models.Index(
                fields=["operator", "severity", "first_symptom_at"],
                condition=IS_LIVE,
                name="incident_live_idx",
            ),
            models.Index(fields=["operator", "dedup_key", "-resolved_at"], name="incident_key_idx"),
        ]
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_live(self) -> bool:
        """Whether something is still wrong."""
        return self.state in LIVE

    @property
    def is_snoozed(self) -> bool:
        """Whether nobody wants to be bothered now."""
        return self.snoozed_until_at is not None and self.snoozed_until_at > timezone.now()

    @property
    def ended_at(self) -> datetime | None:
        """When it was over, for how long it lasted; None: it is not."""
        return self.restored_at or self.resolved_at


class IncidentEvent(TenantModel):
    """One line in the timeline of an incident, kept as it was written. ``ref`` names the row
    that it is about, such as ``command:cmd_…`` or ``status:17``."""

    placing = Placing("incident_id", "stations.Incident")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(_("time"), default=timezone.now)
    kind = models.CharField(_("what"), max_length=12, choices=EventKind.choices)
    actor_label = models.CharField(_("who"), max_length=200, blank=True)
    text = models.CharField(_("details"), max_length=500, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    ref = models.CharField(max_length=60, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["incident", "at"], name="incident_event_idx"),
            models.Index(fields=["operator", "at"], name="incident_event_at_idx"),
        ]
        verbose_name = _("line of a timeline")
        verbose_name_plural = _("lines of timelines")

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.kind}"
