"""Firmware files, campaigns, and logs fetched from stations."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models

from core.migrating import CreateModels
from core.tenancy import sql


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0023_maintenance"),
        ("stations", "0027_escalation"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="FirmwareImage",
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
                        (
                            "version",
                            models.CharField(
                                help_text="Exactly as the station reports it at its start.",
                                max_length=64,
                                verbose_name="version",
                            ),
                        ),
                        (
                            "url",
                            models.CharField(
                                blank=True, max_length=400, verbose_name="address at the vendor"
                            ),
                        ),
                        ("path", models.CharField(blank=True, max_length=200)),
                        (
                            "file_name",
                            models.CharField(blank=True, max_length=120, verbose_name="file name"),
                        ),
                        (
                            "size_bytes",
                            models.PositiveBigIntegerField(
                                blank=True, null=True, verbose_name="size"
                            ),
                        ),
                        (
                            "sha256",
                            models.CharField(blank=True, max_length=64, verbose_name="SHA-256"),
                        ),
                        (
                            "signature",
                            models.TextField(blank=True, verbose_name="signature (base64)"),
                        ),
                        (
                            "signing_certificate",
                            models.TextField(
                                blank=True, verbose_name="certificate of the signature (PEM)"
                            ),
                        ),
                        (
                            "released_on",
                            models.DateField(blank=True, null=True, verbose_name="released"),
                        ),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                        ("is_wanted", models.BooleanField(default=False, verbose_name="wanted")),
                        (
                            "withdrawn_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="withdrawn"),
                        ),
                        ("added_label", models.CharField(max_length=200, verbose_name="added by")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="added",
                            ),
                        ),
                        (
                            "hardware_model",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="firmware_images",
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
                    ],
                    options={
                        "verbose_name": "firmware",
                        "verbose_name_plural": "firmware",
                        "ordering": ["-created_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("hardware_model"),
                                django.db.models.functions.text.Upper("version"),
                                condition=models.Q(("withdrawn_at", None)),
                                name="firmware_version_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("is_wanted", True)),
                                fields=("hardware_model",),
                                name="firmware_wanted_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("url", ""), ("path", ""), _connector="XOR"),
                                name="firmware_one_place",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_wanted", False), ("withdrawn_at", None), _connector="OR"
                                ),
                                name="firmware_wanted_in_use",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Campaign",
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
                            "state",
                            models.CharField(
                                choices=[
                                    ("running", "Running"),
                                    ("paused", "Paused"),
                                    ("halted", "Halted"),
                                    ("done", "Done"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="running",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("why", models.CharField(blank=True, max_length=500, verbose_name="why")),
                        ("reason", models.TextField(max_length=500, verbose_name="reason")),
                        (
                            "canary_count",
                            models.PositiveSmallIntegerField(verbose_name="stations in the canary"),
                        ),
                        (
                            "wave_size",
                            models.PositiveSmallIntegerField(verbose_name="stations in a wave"),
                        ),
                        (
                            "pause_minutes",
                            models.PositiveIntegerField(
                                verbose_name="pause between waves (minutes)"
                            ),
                        ),
                        (
                            "most_failures",
                            models.PositiveSmallIntegerField(
                                verbose_name="failures allowed in a wave"
                            ),
                        ),
                        (
                            "from_hour",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="from hour"
                            ),
                        ),
                        (
                            "until_hour",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="until hour"
                            ),
                        ),
                        (
                            "patience_minutes",
                            models.PositiveIntegerField(
                                verbose_name="time for one update (minutes)"
                            ),
                        ),
                        (
                            "wait_hours",
                            models.PositiveIntegerField(
                                verbose_name="how long a wave waits for a station (hours)"
                            ),
                        ),
                        ("wave", models.PositiveSmallIntegerField(default=0, verbose_name="wave")),
                        ("wave_began_at", models.DateTimeField(verbose_name="wave began")),
                        (
                            "next_wave_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="next wave"),
                        ),
                        ("counted_from_at", models.DateTimeField()),
                        (
                            "started_label",
                            models.CharField(max_length=200, verbose_name="started by"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="started",
                            ),
                        ),
                        (
                            "changed_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="state since"
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
                            "image",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="campaigns",
                                to="stations.firmwareimage",
                                verbose_name="firmware",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "firmware campaign",
                        "verbose_name_plural": "firmware campaigns",
                        "ordering": ["-created_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "running")),
                                fields=["state"],
                                name="campaign_running_idx",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("canary_count__gte", 1), ("wave_size__gte", 1)),
                                name="campaign_waves_filled",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("from_hour", None), ("until_hour", None)),
                                    models.Q(("from_hour__lt", 24), ("until_hour__lt", 24)),
                                    _connector="OR",
                                ),
                                name="campaign_hours",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StationLog",
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
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("diagnostics", "Diagnostics"),
                                    ("security", "Security log"),
                                ],
                                max_length=12,
                                verbose_name="log",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("asked", "Asked"),
                                    ("uploading", "Uploading"),
                                    ("received", "Received"),
                                    ("failed", "Failed"),
                                    ("deleted", "Deleted"),
                                ],
                                default="asked",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("why", models.CharField(blank=True, max_length=60, verbose_name="why")),
                        (
                            "word",
                            models.CharField(
                                blank=True, max_length=60, verbose_name="station's word"
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(blank=True, max_length=500, verbose_name="reason"),
                        ),
                        ("asked_label", models.CharField(max_length=200, verbose_name="asked by")),
                        (
                            "asked_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="asked",
                            ),
                        ),
                        (
                            "oldest_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="oldest entry"
                            ),
                        ),
                        (
                            "latest_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="latest entry"
                            ),
                        ),
                        (
                            "command_ref",
                            models.CharField(blank=True, max_length=24, verbose_name="command"),
                        ),
                        ("request_number", models.BigIntegerField(blank=True, null=True)),
                        ("token_digest", models.CharField(blank=True, max_length=64)),
                        ("expires_at", models.DateTimeField(verbose_name="can be sent until")),
                        (
                            "keep_days",
                            models.PositiveSmallIntegerField(default=30, verbose_name="days kept"),
                        ),
                        (
                            "name",
                            models.CharField(blank=True, max_length=120, verbose_name="file name"),
                        ),
                        ("path", models.CharField(blank=True, max_length=200)),
                        (
                            "size_bytes",
                            models.PositiveBigIntegerField(
                                blank=True, null=True, verbose_name="size"
                            ),
                        ),
                        (
                            "sha256",
                            models.CharField(blank=True, max_length=64, verbose_name="SHA-256"),
                        ),
                        (
                            "received_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="received"),
                        ),
                        (
                            "delete_after_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="deleted after"
                            ),
                        ),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="ended"),
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="logs",
                                to="stations.station",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "log of a station",
                        "verbose_name_plural": "logs of stations",
                        "ordering": ["-asked_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(fields=["station", "-asked_at"], name="log_station_idx"),
                            models.Index(
                                condition=models.Q(("token_digest", ""), _negated=True),
                                fields=["token_digest"],
                                name="log_token_idx",
                            ),
                            models.Index(
                                condition=models.Q(("state__in", ["asked", "uploading"])),
                                fields=["expires_at"],
                                name="log_open_idx",
                            ),
                            models.Index(
                                condition=models.Q(("state", "received")),
                                fields=["delete_after_at"],
                                name="log_delete_idx",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("keep_days__gte", 1), ("keep_days__lte", 365)),
                                name="log_keep_days",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "received"), _negated=True),
                                    models.Q(("path", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="log_has_file",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CampaignStation",
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
                        ("wave", models.PositiveSmallIntegerField(verbose_name="wave")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("sent", "Sent"),
                                    ("downloading", "Downloading"),
                                    ("installing", "Installing"),
                                    ("installed", "Installed"),
                                    ("failed", "Failed"),
                                    ("timed_out", "Timed out"),
                                    ("skipped", "Skipped"),
                                ],
                                default="waiting",
                                max_length=12,
                                verbose_name="state",
                            ),
                        ),
                        ("why", models.CharField(blank=True, max_length=60, verbose_name="why")),
                        (
                            "word",
                            models.CharField(
                                blank=True, max_length=60, verbose_name="station's word"
                            ),
                        ),
                        (
                            "from_version",
                            models.CharField(
                                blank=True, max_length=64, verbose_name="from version"
                            ),
                        ),
                        (
                            "seen_version",
                            models.CharField(
                                blank=True, max_length=64, verbose_name="version seen"
                            ),
                        ),
                        (
                            "attempts",
                            models.PositiveSmallIntegerField(default=0, verbose_name="attempts"),
                        ),
                        (
                            "command_ref",
                            models.CharField(blank=True, max_length=24, verbose_name="command"),
                        ),
                        ("request_number", models.BigIntegerField(blank=True, null=True)),
                        ("seen_event", models.BigIntegerField(default=0)),
                        (
                            "sent_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="sent"),
                        ),
                        (
                            "told_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="last told"),
                        ),
                        (
                            "due_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="until"),
                        ),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="ended"),
                        ),
                        ("token_digest", models.CharField(blank=True, max_length=64)),
                        (
                            "downloads",
                            models.PositiveSmallIntegerField(default=0, verbose_name="downloads"),
                        ),
                        (
                            "campaign",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="targets",
                                to="stations.campaign",
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="firmware_targets",
                                to="stations.station",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "station of a campaign",
                        "verbose_name_plural": "stations of campaigns",
                        "ordering": ["campaign_id", "wave", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                condition=models.Q(
                                    ("state__in", ["downloading", "installing", "sent"])
                                ),
                                fields=["due_at"],
                                name="campaign_active_idx",
                            ),
                            models.Index(
                                condition=models.Q(("token_digest", ""), _negated=True),
                                fields=["token_digest"],
                                name="campaign_token_idx",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("campaign", "station"), name="campaign_station_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("state__in", ["downloading", "installing", "sent"])
                                ),
                                fields=("station",),
                                name="campaign_one_update_a_station",
                            ),
                        ],
                    },
                ),
            ]
        ),
        *sql.same_operators(
            {
                "stations_firmwareimage": {"hardware_model_id": "stations_hardwaremodel"},
                "stations_campaign": {"image_id": "stations_firmwareimage"},
                "stations_campaignstation": {
                    "campaign_id": "stations_campaign",
                    "station_id": "stations_station",
                },
                "stations_stationlog": {"station_id": "stations_station"},
            }
        ),
    ]
