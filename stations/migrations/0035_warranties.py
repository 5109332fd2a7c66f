"""Warranties of stations, and claims from their suppliers."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from core.tenancy import sql


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0023_maintenance"),
        ("stations", "0034_rescheduled"),
    ]

    operations = [
        migrations.CreateModel(
            name="WarrantyClaim",
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
                ("number", models.PositiveIntegerField(verbose_name="number")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("sent", "Sent to the supplier"),
                            ("accepted", "Accepted"),
                            ("refused", "Refused"),
                            ("settled", "Settled with the supplier"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("vendor", models.CharField(blank=True, max_length=64, verbose_name="vendor")),
                ("model", models.CharField(blank=True, max_length=64, verbose_name="model")),
                (
                    "serial_number",
                    models.CharField(blank=True, max_length=64, verbose_name="serial number"),
                ),
                (
                    "firmware_version",
                    models.CharField(blank=True, max_length=64, verbose_name="firmware"),
                ),
                ("failed_on", models.DateField(verbose_name="failed on")),
                ("warranty_ends_on", models.DateField(verbose_name="warranty until")),
                (
                    "fault_codes",
                    models.CharField(blank=True, max_length=200, verbose_name="fault codes"),
                ),
                (
                    "description",
                    models.TextField(blank=True, max_length=4000, verbose_name="description"),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True, max_length=80, verbose_name="the supplier's case number"
                    ),
                ),
                (
                    "claimed_amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="claimed",
                    ),
                ),
                (
                    "recovered_amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="recovered",
                    ),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "answer",
                    models.CharField(
                        blank=True, max_length=1000, verbose_name="the supplier's answer"
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="made"),
                ),
                ("made_by", models.CharField(max_length=200, verbose_name="made by")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="answered"),
                ),
                (
                    "settled_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="settled with the supplier"
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="claims",
                        to="stations.incident",
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
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="stations.station",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="stations.partner",
                        verbose_name="supplier",
                    ),
                ),
            ],
            options={
                "verbose_name": "warranty claim",
                "verbose_name_plural": "warranty claims",
                "ordering": ["-number", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ClaimOrder",
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
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claim_links",
                        to="stations.workorder",
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="order_links",
                        to="stations.warrantyclaim",
                    ),
                ),
            ],
            options={
                "verbose_name": "work order of a claim",
                "verbose_name_plural": "work orders of claims",
                "ordering": ["claim_id", "order_id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="StationWarranty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("bought_on", models.DateField(blank=True, null=True, verbose_name="bought")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="warranty until")),
                (
                    "reference",
                    models.CharField(
                        blank=True, max_length=80, verbose_name="purchase order or invoice"
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="terms")),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.operator",
                    ),
                ),
                (
                    "station",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="warranty",
                        to="stations.station",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stations.partner",
                        verbose_name="supplier",
                    ),
                ),
            ],
            options={
                "verbose_name": "warranty of a station",
                "verbose_name_plural": "warranties of stations",
                "ordering": ["ends_on", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["operator", "ends_on"], name="station_warranty_end_idx")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("bought_on", None),
                            ("ends_on", None),
                            ("ends_on__gte", models.F("bought_on")),
                            _connector="OR",
                        ),
                        name="station_warranty_order",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="warrantyclaim",
            index=models.Index(fields=["operator", "state"], name="warranty_claim_state_idx"),
        ),
        migrations.AddConstraint(
            model_name="warrantyclaim",
            constraint=models.UniqueConstraint(
                fields=("operator", "number"), name="warranty_claim_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="warrantyclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(("failed_on__lte", models.F("warranty_ends_on"))),
                name="warranty_claim_in_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="warrantyclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("claimed_amount", None), ("claimed_amount__gte", 0), _connector="OR"),
                    models.Q(("currency", ""), _negated=True),
                ),
                name="warranty_claim_amount",
            ),
        ),
        migrations.AddConstraint(
            model_name="warrantyclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("recovered_amount__gte", 0),
                        ("settled_at__isnull", False),
                        ("state", "settled"),
                    ),
                    models.Q(
                        models.Q(("state", "settled"), _negated=True),
                        ("recovered_amount", None),
                        ("settled_at", None),
                    ),
                    _connector="OR",
                ),
                name="warranty_claim_settled",
            ),
        ),
        migrations.AddConstraint(
            model_name="warrantyclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at", None), ("state", "draft")),
                    models.Q(
                        models.Q(("state", "draft"), _negated=True), ("sent_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="warranty_claim_sent",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimorder",
            constraint=models.UniqueConstraint(fields=("claim", "order"), name="claim_order_once"),
        ),
        *sql.same_operators(
            {
                "stations_stationwarranty": {
                    "station_id": "stations_station",
                    "supplier_id": "stations_partner",
                },
                "stations_warrantyclaim": {
                    "station_id": "stations_station",
                    "supplier_id": "stations_partner",
                    "incident_id": "stations_incident",
                },
                "stations_claimorder": {
                    "claim_id": "stations_warrantyclaim",
                    "order_id": "stations_workorder",
                },
            }
        ),
    ]
