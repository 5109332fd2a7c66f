"""Preventive plans and the visits that came of them."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from core.migrating import CreateModels
from core.tenancy import sql


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0023_maintenance"),
        ("stations", "0029_field"),
    ]

    operations = [
        migrations.AlterField(
            model_name="workorder",
            name="source",
            field=models.CharField(
                choices=[
                    ("incident", "Incident"),
                    ("report", "Driver's report"),
                    ("plan", "Maintenance plan"),
                    ("hand", "By hand"),
                ],
                default="hand",
                max_length=10,
                verbose_name="source",
            ),
        ),
        CreateModels(
            [
                migrations.CreateModel(
                    name="MaintenancePlan",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "public_id",
                            models.CharField(max_length=24, unique=True, verbose_name="public id"),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("repair", "Repair"),
                                    ("preventive", "Preventive maintenance"),
                                    ("installation", "Installation"),
                                    ("inspection", "Inspection"),
                                    ("other", "Other"),
                                ],
                                default="preventive",
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "priority",
                            models.CharField(
                                choices=[
                                    ("P1", "P1: danger, or a whole site is down"),
                                    ("P2", "P2: cannot be used"),
                                    ("P3", "P3: works in part"),
                                    ("P4", "P4: planned"),
                                ],
                                default="P4",
                                max_length=2,
                                verbose_name="priority",
                            ),
                        ),
                        (
                            "every_months",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(120),
                                ],
                                verbose_name="every (months)",
                            ),
                        ),
                        (
                            "every_kwh",
                            models.PositiveIntegerField(
                                blank=True,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="every (kWh)",
                            ),
                        ),
                        (
                            "every_cycles",
                            models.PositiveIntegerField(
                                blank=True,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="every (plug cycles)",
                            ),
                        ),
                        (
                            "lead_days",
                            models.PositiveSmallIntegerField(
                                default=14,
                                validators=[django.core.validators.MaxValueValidator(365)],
                                verbose_name="order this many days ahead",
                            ),
                        ),
                        (
                            "group_km",
                            models.PositiveSmallIntegerField(
                                default=30,
                                help_text="0: each site is a trip of its own.",
                                validators=[django.core.validators.MaxValueValidator(500)],
                                verbose_name="one trip for sites within (km)",
                            ),
                        ),
                        (
                            "starts_on",
                            models.DateField(
                                help_text="For stations that were put up later, from then on.",
                                verbose_name="counts from",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "looked_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="last looked at"
                            ),
                        ),
                        (
                            "checklist",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="stations.checklist",
                                verbose_name="checklist",
                            ),
                        ),
                        (
                            "hardware_model",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="stations.hardwaremodel",
                                verbose_name="station model",
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
                            "partner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="stations.partner",
                                verbose_name="partner",
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="stations.site",
                                verbose_name="site",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "maintenance plan",
                        "verbose_name_plural": "maintenance plans",
                        "ordering": ["name", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("operator", "name"), name="maintenance_plan_name_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("every_months__gte", 1),
                                    ("every_kwh__gte", 1),
                                    ("every_cycles__gte", 1),
                                    _connector="OR",
                                ),
                                name="maintenance_plan_interval",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlanVisit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("turn", models.PositiveIntegerField()),
                        ("due_on", models.DateField(verbose_name="due")),
                        ("reason", models.CharField(max_length=10, verbose_name="why")),
                        ("trip", models.CharField(max_length=24, verbose_name="trip")),
                        (
                            "made_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="made",
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
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="plan_visits",
                                to="stations.workorder",
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visits",
                                to="stations.maintenanceplan",
                            ),
                        ),
                        (
                            "station",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="plan_visits",
                                to="stations.station",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "visit of a plan",
                        "verbose_name_plural": "visits of plans",
                        "ordering": ["-due_on", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("plan", "station", "turn"), name="plan_visit_once"
                            )
                        ],
                    },
                ),
            ]
        ),
        *sql.same_operators(
            {
                "stations_maintenanceplan": {
                    "site_id": "stations_site",
                    "hardware_model_id": "stations_hardwaremodel",
                    "partner_id": "stations_partner",
                    "checklist_id": "stations_checklist",
                },
                "stations_planvisit": {
                    "plan_id": "stations_maintenanceplan",
                    "station_id": "stations_station",
                    "order_id": "stations_workorder",
                },
            }
        ),
    ]
