"""Layers with their points, files on the way in, and demand models over them."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from core.tenancy.sql import same_operator

# What a study has read stays as it was; who wants other data imports a newer layer.
STAYS = """
CREATE TRIGGER planning_layerpoint_stays BEFORE UPDATE ON planning_layerpoint
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER planning_layer_stays BEFORE UPDATE OF kind, origin, file_sha256, content_sha256,
  mapping, row_count, left_out_count, weight_total, created_at ON planning_layer
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
AWAY = """
DROP TRIGGER planning_layerpoint_stays ON planning_layerpoint;
DROP TRIGGER planning_layer_stays ON planning_layer;
"""
# One statement brings all points of a layer.
SAME = """
CREATE FUNCTION planning_layerpoint_same_operator() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM fresh n JOIN planning_layer t ON t.id = n.layer_id
    WHERE n.operator_id <> t.operator_id LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'planning_layerpoint.layer_id points at a row of another operator'
      USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER planning_layerpoint_same_operator AFTER INSERT ON planning_layerpoint
  REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION planning_layerpoint_same_operator();
"""
SAME_AWAY = """
DROP TRIGGER planning_layerpoint_same_operator ON planning_layerpoint;
DROP FUNCTION planning_layerpoint_same_operator();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0021_letters"),
    ]

    operations = [
        migrations.CreateModel(
            name="DemandModel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.CharField(max_length=24, unique=True, verbose_name="public id"),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("assumptions", models.JSONField(blank=True, default=dict)),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="added"
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="changed"
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.operator",
                    ),
                ),
            ],
            options={
                "verbose_name": "demand model",
                "verbose_name_plural": "demand models",
                "ordering": ["name", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("operator", "name"), name="demand_model_name_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Layer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.CharField(max_length=24, unique=True, verbose_name="public id"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("traffic", "Traffic"),
                            ("vehicles", "Vehicles"),
                            ("population", "Population"),
                            ("places_of_interest", "Workplaces and points of interest"),
                            ("existing_stations", "Existing stations"),
                            ("grid", "Grid capacity"),
                            ("candidates", "Candidate sites"),
                            ("roads", "Roads between towns"),
                            ("areas", "Areas"),
                        ],
                        max_length=24,
                        verbose_name="kind",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("file", "Imported"),
                            ("generated", "Generated"),
                            ("demo", "Bundled"),
                        ],
                        max_length=12,
                        verbose_name="origin",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "source",
                    models.CharField(
                        help_text="Who publishes the data, and what it is called.",
                        max_length=200,
                        verbose_name="source",
                    ),
                ),
                (
                    "source_on",
                    models.DateField(
                        blank=True,
                        help_text="The day the data tell of.",
                        null=True,
                        verbose_name="date of the data",
                    ),
                ),
                ("licence", models.CharField(blank=True, max_length=120, verbose_name="licence")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("file_name", models.CharField(blank=True, max_length=200, verbose_name="file")),
                ("file", models.CharField(blank=True, max_length=200)),
                ("size_bytes", models.PositiveBigIntegerField(default=0, verbose_name="size")),
                ("file_sha256", models.CharField(blank=True, max_length=64)),
                (
                    "content_sha256",
                    models.CharField(max_length=64, verbose_name="hash of the content"),
                ),
                ("read_as", models.CharField(blank=True, max_length=120, verbose_name="read as")),
                ("mapping", models.JSONField(blank=True, default=dict)),
                ("row_count", models.PositiveIntegerField(verbose_name="rows")),
                ("left_out_count", models.PositiveIntegerField(default=0, verbose_name="left out")),
                ("weight_total", models.FloatField(default=0, verbose_name="total")),
                ("warnings", models.JSONField(blank=True, default=list)),
                ("is_archived", models.BooleanField(default=False, verbose_name="put away")),
                ("created_by", models.CharField(max_length=200, verbose_name="added by")),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="added"
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.operator",
                    ),
                ),
            ],
            options={
                "verbose_name": "layer",
                "verbose_name_plural": "layers",
                "ordering": ["-created_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["operator", "kind"], name="layer_kind_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("row_count__gt", 0)), name="layer_not_empty"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DemandLayer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.operator",
                    ),
                ),
                (
                    "demand_model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chosen",
                        to="planning.demandmodel",
                    ),
                ),
                (
                    "layer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="demand_models",
                        to="planning.layer",
                    ),
                ),
            ],
            options={
                "verbose_name": "layer of a demand model",
                "verbose_name_plural": "layers of demand models",
                "ordering": ["demand_model_id", "layer_id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("demand_model", "layer"), name="demand_layer_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LayerDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.CharField(max_length=24, unique=True, verbose_name="public id"),
                ),
                ("file_name", models.CharField(max_length=200, verbose_name="file")),
                ("file", models.CharField(max_length=200)),
                ("size_bytes", models.PositiveBigIntegerField(verbose_name="size")),
                ("file_sha256", models.CharField(max_length=64)),
                ("read_as", models.CharField(max_length=120, verbose_name="read as")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("traffic", "Traffic"),
                            ("vehicles", "Vehicles"),
                            ("population", "Population"),
                            ("places_of_interest", "Workplaces and points of interest"),
                            ("existing_stations", "Existing stations"),
                            ("grid", "Grid capacity"),
                            ("candidates", "Candidate sites"),
                            ("roads", "Roads between towns"),
                            ("areas", "Areas"),
                        ],
                        max_length=24,
                        verbose_name="kind",
                    ),
                ),
                ("table", models.CharField(blank=True, max_length=120, verbose_name="table")),
                ("mapping", models.JSONField(blank=True, default=dict)),
                ("details", models.JSONField(blank=True, default=dict)),
                ("created_by", models.CharField(max_length=200, verbose_name="uploaded by")),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="uploaded"
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.operator",
                    ),
                ),
            ],
            options={
                "verbose_name": "file to import",
                "verbose_name_plural": "files to import",
                "ordering": ["-created_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="LayerPoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="row")),
                ("label", models.CharField(blank=True, max_length=200, verbose_name="name")),
                ("longitude", models.FloatField(verbose_name="longitude")),
                ("latitude", models.FloatField(verbose_name="latitude")),
                ("weight", models.FloatField(default=1, verbose_name="weight")),
                ("values", models.JSONField(blank=True, default=dict)),
                ("geometry", models.JSONField(blank=True, null=True)),
                (
                    "layer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="points",
                        to="planning.layer",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.operator",
                    ),
                ),
            ],
            options={
                "verbose_name": "point of a layer",
                "verbose_name_plural": "points of layers",
                "ordering": ["layer_id", "number"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("layer", "number"), name="layer_point_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))
                        ),
                        name="layer_point_on_earth",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weight__gte", 0), ("weight__lt", 1000000000000000.0)),
                        name="layer_point_weight",
                    ),
                ],
            },
        ),
        migrations.RunSQL(STAYS, AWAY),
        migrations.RunSQL(SAME, SAME_AWAY),
        same_operator("planning_demandlayer", "demand_model_id", "planning_demandmodel"),
        same_operator("planning_demandlayer", "layer_id", "planning_layer"),
    ]
