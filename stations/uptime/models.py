"""What people decide and state about outages, and what is derived from the journals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from stations.hardware.models import Evse, Station
from stations.sites.models import Site
from stations.uptime.conventions import Conventions


class OfflineFrom(models.TextChoices):
    """When an outage by silence begins."""

    LAST_SEEN = "last_seen", _("The last sign of life")
    THRESHOLD = "threshold", _("The end of the threshold")


class ConnectorRule(models.TextChoices):
    """When an EVSE with several connectors is down."""

    ALL = "all", _("When all its connectors are down")
    MANDATORY = "mandatory", _("Also when a CCS connector is down")


class OwnOutages(models.TextChoices):
    """How outages of our own count."""

    UNKNOWN = "unknown", _("Neither up nor down")
    DOWN = "down", _("Down")


class UptimeSetting(TenantModel):
    """How outages are counted: by the whole operator, or by one site that differs."""

    placing = Placing("site_id")

    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    offline_after_s = models.PositiveIntegerField(
        _("silence that is an outage (s)"),
        default=600,
        validators=[MinValueValidator(60), MaxValueValidator(86_400)],
    )
    offline_from = models.CharField(
        _("silence counts from"),
        max_length=12,
        choices=OfflineFrom.choices,
        default=OfflineFrom.LAST_SEEN,
    )
    connectors = models.CharField(
        _("several connectors"),
        max_length=12,
        choices=ConnectorRule.choices,
        default=ConnectorRule.ALL,
    )
    own_outages = models.CharField(
        _("outages of our own"),
        max_length=12,
        choices=OwnOutages.choices,
        default=OwnOutages.UNKNOWN,
    )
    silent_attempts = models.PositiveSmallIntegerField(
        _("attempts without energy that mean an outage"),
        default=3,
        validators=[MaxValueValidator(20)],
        help_text=_("In a row and by at least two drivers; 0: never."),
    )

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["operator_id", "site_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator"],
                condition=models.Q(site=None),
                name="uptime_setting_operator_once",
            ),
            models.UniqueConstraint(fields=["site"], name="uptime_setting_site_once"),
            models.CheckConstraint(
                condition=models.Q(offline_after_s__gte=60, offline_after_s__lte=86_400),
                name="uptime_setting_offline_range",
            ),
        ]
        verbose_name = _("convention of uptime")
        verbose_name_plural = _("conventions of uptime")

    def __str__(self) -> str:
        return f"{self.site_id or '*'}: {self.offline_after_s}"

    @property
    def conventions(self) -> Conventions:
        """As the pure rules take them."""
        return Conventions(
            offline_after_s=self.offline_after_s,
            offline_from=self.offline_from,
            connectors=self.connectors,
            own_outages=self.own_outages,
            silent_attempts=self.silent_attempts,
        )


class Cause(models.TextChoices):
    """Why an EVSE was out of service. The first six are excluded by 23 CFR 680.116(b)(3)."""

    UTILITY = "utility", _("Interruption of the grid")
    VEHICLE = "vehicle", _("Failure of the vehicle")
    MAINTENANCE = "maintenance", _("Scheduled maintenance")
    VANDALISM = "vandalism", _("Vandalism")
    DISASTER = "disaster", _("Natural disaster, force majeure")
    CLOSED = "closed", _("Site closed")
    HARDWARE = "hardware", _("Fault of the station")
    NETWORK = "network", _("Lost connection")
    NO_DELIVERY = "no_delivery", _("Available but does not deliver")
    TAKEN_OUT = "taken_out", _("Taken out of service")
    PAYMENT = "payment", _("Payment does not work")
    OWN_SYSTEMS = "own_systems", _("Our own systems")
    OTHER = "other", _("Other")


class StatementState(models.TextChoices):
    """Whether a stated cause counts."""

    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class CauseStatement(TenantModel):
    """What a person states about an interval at a site, station or EVSE: why it was, or will be,
    out of service. Approved statements with a cause that rules exclude are exclusions; those of
    scheduled maintenance are maintenance windows. The journals stay as they are."""

    placing = Placing("site_id")

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="cause_statements")
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    evse = models.ForeignKey(
        Evse, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cause = models.CharField(_("cause"), max_length=16, choices=Cause.choices)
    began_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=500)
    evidence = models.CharField(
        _("document"),
        max_length=300,
        blank=True,
        help_text=_("What proves it: a case number, a report, an address."),
    )
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=StatementState.choices,
        default=StatementState.PROPOSED,
    )
    stated_by = models.CharField(_("stated by"), max_length=200)
    approved_by = models.CharField(_("approved by"), max_length=200, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-began_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at__gt=models.F("began_at")), name="cause_statement_order"
            ),
            models.CheckConstraint(
                condition=models.Q(evse=None) | models.Q(station__isnull=False),
                name="cause_statement_evse_of_station",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="approved")
                | (models.Q(approved_at__isnull=False) & ~models.Q(approved_by="")),
                name="cause_statement_approved_by",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="cause_statement_reason"),
        ]
        indexes = [models.Index(fields=["site", "began_at"], name="cause_statement_site_idx")]
        verbose_name = _("stated cause")
        verbose_name_plural = _("stated causes")

    def __str__(self) -> str:
        return self.public_id


class OutageKind(models.TextChoices):
    """What tells of an outage."""

    FAULTED = "faulted", _("Reported a fault")
    UNAVAILABLE = "unavailable", _("Reported unavailable")
    SILENT = "silent", _("Available but does not deliver")
    OFFLINE = "offline", _("No contact")
    OWN = "own", _("Our own outage")


class Outage(TenantModel):
    """An interval in which an EVSE could not be used, derived from the journals and made anew when
    they tell more. ``ended_at`` empty: still. ``ref`` names the row that tells of it."""

    placing = Placing("site_id")

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+", db_index=False)
    station = models.ForeignKey(
        Station, on_delete=models.CASCADE, related_name="outages", db_index=False
    )
    evse = models.ForeignKey(Evse, on_delete=models.CASCADE, related_name="outages")
    kind = models.CharField(_("kind"), max_length=12, choices=OutageKind.choices)
    cause = models.CharField(_("cause"), max_length=16, choices=Cause.choices)
    began_at = models.DateTimeField(_("began"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    error_code = models.CharField(_("error code"), max_length=50, blank=True)
    ref = models.CharField(max_length=60, blank=True)
    is_counted = models.BooleanField(_("counts as down"), default=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-began_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["evse", "kind", "began_at"], name="outage_once"),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gt=models.F("began_at")),
                name="outage_order",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "-began_at"], name="outage_recent_idx"),
            models.Index(fields=["station", "began_at"], name="outage_station_idx"),
            models.Index(fields=["site", "began_at"], name="outage_site_idx"),
        ]
        verbose_name = _("outage")
        verbose_name_plural = _("outages")

    def __str__(self) -> str:
        return f"{self.evse_id}: {self.kind} {self.began_at}"

    @property
    def public_id(self) -> str:
        """Its EVSE, kind and beginning, which stay when it is derived anew."""
        began = (self.began_at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        return f"out_{self.evse_id}-{self.kind}-{began}"


class UptimeDay(TenantModel):
    """One day of the site's zone of one EVSE in milliseconds, derived (``day.DayFigures``)."""

    placing = Placing("site_id")

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+", db_index=False)
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="+", db_index=False)
    evse = models.ForeignKey(Evse, on_delete=models.CASCADE, related_name="uptime_days")
    day_on = models.DateField(_("day"))
    service_ms = models.BigIntegerField(_("in service"))
    unknown_ms = models.BigIntegerField(_("unknown"))
    down_ms = models.BigIntegerField(_("down"))
    excluded_ms = models.BigIntegerField(_("excluded"))
    closed_ms = models.BigIntegerField(_("closed"))
    open_unreliable_ms = models.BigIntegerField()
    open_unmeasured_ms = models.BigIntegerField()
    starts = models.PositiveIntegerField(_("outages"))
    by_kind = models.JSONField(default=dict)
    by_cause = models.JSONField(default=dict)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["evse_id", "day_on"]
        constraints = [
            models.UniqueConstraint(fields=["evse", "day_on"], name="uptime_day_once"),
            models.CheckConstraint(
                condition=models.Q(
                    excluded_ms__gte=0,
                    down_ms__gte=models.F("excluded_ms"),
                    service_ms__gte=models.F("down_ms"),
                ),
                name="uptime_day_parts",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "day_on"], name="uptime_day_recent_idx"),
            models.Index(fields=["station", "day_on"], name="uptime_day_station_idx"),
            models.Index(fields=["site", "day_on"], name="uptime_day_site_idx"),
        ]
        verbose_name = _("day of uptime")
        verbose_name_plural = _("days of uptime")

    def __str__(self) -> str:
        return f"{self.evse_id}: {self.day_on}"


class UptimeState(TenantModel):
    """How far the days of a station are made. ``dirty_from_at``: days from then on must be made
    anew; ``stamp``: what they were made by besides the journals."""

    placing = Placing("station_id", "stations.Station")

    station = models.OneToOneField(
        Station, on_delete=models.CASCADE, primary_key=True, related_name="uptime_state"
    )
    read_until_at = models.DateTimeField(null=True)
    dirty_from_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(default=timezone.now)
    stamp = models.CharField(max_length=64, blank=True)
    rebuilt_at = models.DateTimeField(_("made"), null=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["station_id"]
        indexes = [models.Index(fields=["next_at"], name="uptime_state_due_idx")]
        verbose_name = _("state of uptime")
        verbose_name_plural = _("states of uptime")

    def __str__(self) -> str:
        return f"{self.station_id}: {self.rebuilt_at}"
