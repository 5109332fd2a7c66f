"""Templates, overrides, and what each station should be set to."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from stations.commands.models import Command
from stations.hardware.models import Station
from stations.sites.models import Site

KEY_LENGTH = 320


class TemplateVersion(models.TextChoices):
    """OCPP versions that templates are written for: they spell keys differently."""

    V16 = "1.6", "1.6"
    V201 = "2.0.1", "2.0.1"


class ValueOrigin(models.TextChoices):
    """Where a desired value comes from."""

    BUILT_IN = "built_in", _("Built-in default")
    TEMPLATE = "template", _("Template")
    OVERRIDE = "override", _("This station's own")


class DriftState(models.TextChoices):
    """How a desired value and what the station last told compare."""

    IN_STEP = "in_step", _("As desired")
    DRIFT = "drift", _("Differs")
    UNKNOWN = "unknown", _("Never told")
    REFUSED = "refused", _("Refused by the station")
    READ_ONLY = "read_only", _("Read-only")
    REBOOT = "reboot", _("Waits for a restart")


class ConfigurationTemplate(TenantModel):
    """Values that all stations of a kind should have. Patterns may hold ``*`` and ``?``; empty
    means any. With targets it applies to those sites and stations alone. Of several templates
    the one of higher priority wins, then the one whose name comes first."""

    name = models.CharField(_("name"), max_length=100)
    ocpp_version = models.CharField(
        _("OCPP version"), max_length=10, choices=TemplateVersion.choices
    )
    vendor = models.CharField(_("vendor"), max_length=64, blank=True)
    model = models.CharField(_("model"), max_length=64, blank=True)
    firmware = models.CharField(_("firmware"), max_length=64, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"), default=50)
    is_active = models.BooleanField(_("in use"), default=True)
    reapplies = models.BooleanField(
        _("apply by itself after a restart"),
        default=False,
        help_text=_("Never to stations marked hands-off."),
    )
    note = models.TextField(_("note"), blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-priority", "name", "id"]
        constraints = [
            models.UniqueConstraint("operator", Upper("name"), name="template_name_ci_once"),
            models.CheckConstraint(
                condition=models.Q(priority__lte=1000), name="template_priority_range"
            ),
        ]
        verbose_name = _("configuration template")
        verbose_name_plural = _("configuration templates")

    def __str__(self) -> str:
        return self.name


class TemplateValue(TenantModel):
    """One value of a template. ``key`` is written as ``stations.hardware.keys`` says."""

    template = models.ForeignKey(
        ConfigurationTemplate, on_delete=models.CASCADE, related_name="values"
    )
    key = models.CharField(_("key"), max_length=KEY_LENGTH)
    value = models.CharField(_("value"), max_length=2500, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["template_id", "key", "id"]
        constraints = [
            models.UniqueConstraint("template", Upper("key"), name="template_value_key_once")
        ]
        verbose_name = _("value of a template")
        verbose_name_plural = _("values of templates")

    def __str__(self) -> str:
        return self.key


class TemplateTarget(TenantModel):
    """A site or a station that a template is confined to; hidden from members who are
    limited to sites, as templates are."""

    placing = Placing("site_id")

    template = models.ForeignKey(
        ConfigurationTemplate, on_delete=models.CASCADE, related_name="targets"
    )
    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    station = models.ForeignKey(
        Station, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["template_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(site__isnull=True) ^ models.Q(station__isnull=True),
                name="template_target_one_kind",
            ),
            models.UniqueConstraint(fields=["template", "site"], name="template_site_once"),
            models.UniqueConstraint(fields=["template", "station"], name="template_station_once"),
        ]
        verbose_name = _("target of a template")
        verbose_name_plural = _("targets of templates")

    def __str__(self) -> str:
        return f"{self.template_id}: {self.site_id or self.station_id}"


class ValueOverride(TenantModel):
    """A value that one station should have whatever the templates say."""

    placing = Placing("station_id", "stations.Station")

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="overrides")
    key = models.CharField(_("key"), max_length=KEY_LENGTH)
    value = models.CharField(_("value"), max_length=2500, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["station_id", "key", "id"]
        constraints = [models.UniqueConstraint("station", Upper("key"), name="override_key_once")]
        verbose_name = _("value of a station's own")
        verbose_name_plural = _("values of stations' own")

    def __str__(self) -> str:
        return self.key


class DesiredValue(TenantModel):
    """What one station should have at one key, worked out from templates and overrides, beside
    what it last told and what came of the last attempt to set it.

    Made anew by ``refresh``; only the attempt is news of its own.
    """

    placing = Placing("station_id", "stations.Station")

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="desired_values")
    key = models.CharField(_("key"), max_length=KEY_LENGTH)
    value = models.CharField(_("desired"), max_length=2500, blank=True)
    origin = models.CharField(_("origin"), max_length=10, choices=ValueOrigin.choices)
    template = models.ForeignKey(
        ConfigurationTemplate,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="desired_values",
    )
    layers = models.JSONField(
        default=list, help_text="All that name the key, the winner first: origin, name, value"
    )
    actual = models.TextField(_("actual"), null=True, blank=True)  # noqa: DJ001 - null: not told
    told_at = models.DateTimeField(_("last told"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=DriftState.choices)
    since_at = models.DateTimeField(_("since"), default=timezone.now)
    command = models.ForeignKey(
        Command, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_pending = models.BooleanField(_("being set"), default=False)
    attempted_at = models.DateTimeField(_("last attempt"), null=True, blank=True)
    attempted_value = models.CharField(max_length=2500, blank=True)
    answer = models.CharField(_("last answer"), max_length=40, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["station_id", "key", "id"]
        constraints = [models.UniqueConstraint("station", Upper("key"), name="desired_key_once")]
        indexes = [
            models.Index(
                fields=["operator", "-since_at"],
                condition=~models.Q(state="in_step"),
                name="desired_drift_idx",
            ),
            models.Index(
                fields=["station"], condition=models.Q(is_pending=True), name="desired_pending_idx"
            ),
        ]
        verbose_name = _("desired value")
        verbose_name_plural = _("desired values")

    def __str__(self) -> str:
        return self.key


class ConfigurationState(TenantModel):
    """What the desired values of a station were last worked out from, so that changes are
    found by pulling; and for which start of the station they were read and applied."""

    placing = Placing("station_id", "stations.Station")

    station = models.OneToOneField(
        Station, on_delete=models.CASCADE, primary_key=True, related_name="configuration_state"
    )
    is_due = models.BooleanField(default=True)
    matched_site = models.BigIntegerField(default=0)
    matched_version = models.CharField(max_length=10, blank=True)
    matched_vendor = models.CharField(max_length=64, blank=True)
    matched_model = models.CharField(max_length=64, blank=True)
    matched_firmware = models.CharField(max_length=64, blank=True)
    matched_hands_off = models.BooleanField(default=False)
    seen_change = models.BigIntegerField(default=0)
    computed_at = models.DateTimeField(null=True, blank=True)
    read_asked_at = models.DateTimeField(null=True, blank=True)
    applied_boot_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["station_id"]
        verbose_name = _("state of a configuration")
        verbose_name_plural = _("states of configurations")

    def __str__(self) -> str:
        return str(self.station_id)
