"""Studies, the layers they read, and the sites they chose."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from core.tenancy.sql import same_operator

# What was asked stays as it was, so that an answer can be made again.
ASKED = """
CREATE TRIGGER planning_study_asked BEFORE UPDATE OF version, objective, parameters, currency, seed,
  created_at ON planning_study FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER planning_studylayer_stays BEFORE UPDATE ON planning_studylayer
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
UNASKED = """
DROP TRIGGER planning_study_asked ON planning_study;
DROP TRIGGER planning_studylayer_stays ON planning_studylayer;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0022_notification_webhooks"),
        ("planning", "0001_layers"),
        ("stations", "0023_fault_classes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Study",
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
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "objective",
                    models.CharField(
                        choices=[("cover", "Reach most demand"), ("travel", "Least travel")],
                        max_length=12,
                        verbose_name="objective",
                    ),
                ),
                ("parameters", models.JSONField(default=dict)),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("seed", models.PositiveIntegerField(default=1, verbose_name="seed")),
                (
                    "input_sha256",
                    models.CharField(blank=True, max_length=64, verbose_name="hash of the input"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="queued",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "phase",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reading", "Reading the data"),
                            ("first", "A first plan"),
                            ("proving", "Better plans and the proof"),
                            ("explaining", "Reasons, sizes and money"),
                            ("trying", "Other assumptions"),
                        ],
                        max_length=12,
                        verbose_name="phase",
                    ),
                ),
                ("share", models.FloatField(default=0, verbose_name="done")),
                (
                    "objective_value",
                    models.FloatField(blank=True, null=True, verbose_name="found so far"),
                ),
                ("bound", models.FloatField(blank=True, null=True, verbose_name="bound")),
                ("gap", models.FloatField(blank=True, null=True, verbose_name="gap")),
                ("is_cancel_asked", models.BooleanField(default=False)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("held_until_at", models.DateTimeField(blank=True, null=True)),
                ("result", models.JSONField(blank=True, default=dict)),
                ("failure", models.CharField(blank=True, max_length=40)),
                ("failure_values", models.JSONField(blank=True, default=dict)),
                ("created_by", models.CharField(max_length=200, verbose_name="asked by")),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="asked"
                    ),
                ),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="begun")),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="finished"),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="followed_by",
                        to="planning.study",
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
                "verbose_name": "study",
                "verbose_name_plural": "studies",
                "ordering": ["-created_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["operator", "state"], name="study_state_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("share__gte", 0), ("share__lte", 1)),
                        name="study_share_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "failed"), _negated=True),
                            models.Q(("failure", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="study_failed_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StudyLayer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("demand", "Demand"),
                            ("candidates", "Candidate sites"),
                            ("existing", "Existing stations"),
                        ],
                        max_length=12,
                        verbose_name="role",
                    ),
                ),
                (
                    "layer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="studies",
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
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="used_layers",
                        to="planning.study",
                    ),
                ),
            ],
            options={
                "verbose_name": "layer of a study",
                "verbose_name_plural": "layers of studies",
                "ordering": ["study_id", "role", "layer_id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("study", "layer", "role"), name="study_layer_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StudySite",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rank", models.PositiveIntegerField(verbose_name="rank")),
                ("label", models.CharField(max_length=200, verbose_name="name")),
                ("longitude", models.FloatField(verbose_name="longitude")),
                ("latitude", models.FloatField(verbose_name="latitude")),
                ("adds_kwh", models.FloatField(verbose_name="adds (kWh a year)")),
                ("only_kwh", models.FloatField(verbose_name="nobody else reaches (kWh a year)")),
                ("gets_kwh", models.FloatField(verbose_name="sells (kWh a year)")),
                ("figures", models.JSONField(default=dict)),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.operator",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="stations.site",
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sites",
                        to="planning.study",
                    ),
                ),
            ],
            options={
                "verbose_name": "site of a study",
                "verbose_name_plural": "sites of studies",
                "ordering": ["study_id", "rank"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("study", "rank"), name="study_site_rank_once")
                ],
            },
        ),
        same_operator("planning_study", "follows_id", "planning_study"),
        same_operator("planning_studylayer", "study_id", "planning_study"),
        same_operator("planning_studylayer", "layer_id", "planning_layer"),
        same_operator("planning_studysite", "study_id", "planning_study"),
        same_operator("planning_studysite", "site_id", "stations_site"),
        migrations.RunSQL(ASKED, UNASKED),
    ]
