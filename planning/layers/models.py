"""Layers and their points: facts about places, kept as they were when a study read them."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from planning.layers.kinds import LayerKind, LayerOrigin


class Layer(TenantModel):
    """One set of facts about places from one source. What it holds never changes: a newer file
    makes a newer layer, so that a study can be made again from the same data."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    kind = models.CharField(_("kind"), max_length=24, choices=LayerKind.choices)
    origin = models.CharField(_("origin"), max_length=12, choices=LayerOrigin.choices)
    name = models.CharField(_("name"), max_length=120)
    source = models.CharField(
        _("source"), max_length=200, help_text=_("Who publishes the data, and what it is called.")
    )
    source_on = models.DateField(
        _("date of the data"), null=True, blank=True, help_text=_("The day the data tell of.")
    )
    licence = models.CharField(_("licence"), max_length=120, blank=True)
    note = models.TextField(_("note"), blank=True)
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    file = models.CharField(max_length=200, blank=True)
    size_bytes = models.PositiveBigIntegerField(_("size"), default=0)
    file_sha256 = models.CharField(max_length=64, blank=True)
    content_sha256 = models.CharField(_("hash of the content"), max_length=64)
    read_as = models.CharField(_("read as"), max_length=120, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    row_count = models.PositiveIntegerField(_("rows"))
    left_out_count = models.PositiveIntegerField(_("left out"), default=0)
    weight_total = models.FloatField(_("total"), default=0)
    warnings = models.JSONField(default=list, blank=True)
    is_archived = models.BooleanField(_("put away"), default=False)
    created_by = models.CharField(_("added by"), max_length=200)
    created_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(row_count__gt=0), name="layer_not_empty"),
        ]
        indexes = [models.Index(fields=["operator", "kind"], name="layer_kind_idx")]
        verbose_name = _("layer")
        verbose_name_plural = _("layers")

    def __str__(self) -> str:
        return self.name


class LayerPoint(TenantModel):
    """One place of a layer in WGS 84. ``weight`` is the number that its kind counts; ``values``
    holds what else the file told. A line or an area has its ``geometry`` (GeoJSON, WGS 84) and
    stands at its middle."""

    layer = models.ForeignKey(Layer, on_delete=models.CASCADE, related_name="points")
    number = models.PositiveIntegerField(_("row"))
    label = models.CharField(_("name"), max_length=200, blank=True)
    longitude = models.FloatField(_("longitude"))
    latitude = models.FloatField(_("latitude"))
    weight = models.FloatField(_("weight"), default=1)
    values = models.JSONField(default=dict, blank=True)
    geometry = models.JSONField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["layer_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["layer", "number"], name="layer_point_number_once"),
            models.CheckConstraint(
                condition=models.Q(longitude__range=(-180, 180), latitude__range=(-90, 90)),
                name="layer_point_on_earth",
            ),
            models.CheckConstraint(
                condition=models.Q(weight__gte=0, weight__lt=1e15), name="layer_point_weight"
            ),
        ]
        verbose_name = _("point of a layer")
        verbose_name_plural = _("points of layers")

    def __str__(self) -> str:
        return self.label or f"{self.latitude:.5f}, {self.longitude:.5f}"


class LayerDraft(TenantModel):
    """A file that was uploaded and not yet imported: what it is taken for, and how its columns
    are read. Gone when it is imported or discarded."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    file_name = models.CharField(_("file"), max_length=200)
    file = models.CharField(max_length=200)
    size_bytes = models.PositiveBigIntegerField(_("size"))
    file_sha256 = models.CharField(max_length=64)
    read_as = models.CharField(_("read as"), max_length=120)
    kind = models.CharField(_("kind"), max_length=24, choices=LayerKind.choices)
    table = models.CharField(_("table"), max_length=120, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    created_by = models.CharField(_("uploaded by"), max_length=200)
    created_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        verbose_name = _("file to import")
        verbose_name_plural = _("files to import")

    def __str__(self) -> str:
        return self.file_name
