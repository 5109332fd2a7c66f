"""What is sent out: schedules, webhooks, notifications."""

import datetime

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from core.migrating import CreateModels
from core.tenancy import sql

KEYS = {
    "core_schedule": {
        "owner_id": "core_membership",
    },
    "core_schedulerecipient": {
        "schedule_id": "core_schedule",
        "membership_id": "core_membership",
    },
    "core_delivery": {
        "schedule_id": "core_schedule",
    },
    "core_webhookdelivery": {
        "endpoint_id": "core_webhookendpoint",
        "event_id": "core_webhookevent",
    },
}


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0006_lists"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Schedule",
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
                        ("name", models.CharField(max_length=100, verbose_name="name")),
                        ("source", models.CharField(max_length=20)),
                        ("item", models.CharField(max_length=60, verbose_name="what")),
                        ("query", models.TextField(blank=True)),
                        (
                            "extension",
                            models.CharField(
                                choices=[
                                    ("csv", "CSV"),
                                    ("xlsx", "XLSX"),
                                    ("pdf", "PDF"),
                                    ("zip", "ZIP"),
                                ],
                                default="xlsx",
                                max_length=5,
                                verbose_name="format",
                            ),
                        ),
                        (
                            "frequency",
                            models.CharField(
                                choices=[
                                    ("daily", "Every day"),
                                    ("weekly", "Every week"),
                                    ("monthly", "Every month"),
                                ],
                                default="weekly",
                                max_length=10,
                                verbose_name="how often",
                            ),
                        ),
                        (
                            "weekday",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (0, "Monday"),
                                    (1, "Tuesday"),
                                    (2, "Wednesday"),
                                    (3, "Thursday"),
                                    (4, "Friday"),
                                    (5, "Saturday"),
                                    (6, "Sunday"),
                                ],
                                default=0,
                                verbose_name="weekday",
                            ),
                        ),
                        (
                            "month_day",
                            models.PositiveSmallIntegerField(
                                default=1, verbose_name="day of the month"
                            ),
                        ),
                        ("hour", models.PositiveSmallIntegerField(default=7, verbose_name="hour")),
                        (
                            "time_zone",
                            models.CharField(
                                default="Europe/Stockholm", max_length=64, verbose_name="time zone"
                            ),
                        ),
                        (
                            "sends_empty",
                            models.BooleanField(
                                default=True, verbose_name="also when there are no rows"
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("active", "Active"),
                                    ("paused", "Paused"),
                                    ("stopped", "Stopped"),
                                ],
                                default="active",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("stopped_reason", models.TextField(blank=True)),
                        ("next_due_at", models.DateTimeField(verbose_name="next")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
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
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="core.membership",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "schedule",
                        "verbose_name_plural": "schedules",
                        "ordering": ["name", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "active")),
                                fields=["next_due_at"],
                                name="schedule_due_idx",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("hour__lte", 23)), name="schedule_hour_range"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("weekday__lte", 6)),
                                name="schedule_weekday_range",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("month_day__gte", 1), ("month_day__lte", 31)),
                                name="schedule_month_day_range",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Delivery",
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
                        ("due_at", models.DateTimeField(verbose_name="due")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("running", "Running"),
                                    ("sent", "Sent"),
                                    ("empty", "Nothing to send"),
                                    ("failed", "Failed"),
                                ],
                                default="waiting",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("started_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "finished_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="finished"),
                        ),
                        (
                            "file_name",
                            models.CharField(blank=True, max_length=200, verbose_name="file"),
                        ),
                        (
                            "row_count",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="rows"),
                        ),
                        (
                            "size_bytes",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="size"),
                        ),
                        ("sent_to", models.JSONField(default=list, verbose_name="sent to")),
                        ("left_out", models.JSONField(default=list)),
                        ("error", models.TextField(blank=True, verbose_name="error")),
                        ("content", models.BinaryField(blank=True, null=True)),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "schedule",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deliveries",
                                to="core.schedule",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "delivery",
                        "verbose_name_plural": "deliveries",
                        "ordering": ["-due_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ["waiting", "running"])),
                                fields=["id"],
                                name="delivery_open_idx",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("schedule", "due_at"), name="delivery_due_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ScheduleRecipient",
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
                            "membership",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="core.membership",
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
                            "schedule",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="recipients",
                                to="core.schedule",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "recipient",
                        "verbose_name_plural": "recipients",
                        "ordering": ["schedule_id", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("schedule", "membership"), name="schedule_recipient_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WebhookCursor",
                    fields=[
                        (
                            "source",
                            models.CharField(max_length=40, primary_key=True, serialize=False),
                        ),
                        ("position_at", models.DateTimeField()),
                        ("swept_at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "webhook cursor",
                        "verbose_name_plural": "webhook cursors",
                        "ordering": ["source"],
                    },
                ),
                migrations.CreateModel(
                    name="WebhookEndpoint",
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
                        ("name", models.CharField(max_length=100, verbose_name="name")),
                        ("url", models.CharField(max_length=500, verbose_name="address")),
                        ("events", models.JSONField(default=list, verbose_name="events")),
                        ("sealed_secret", models.BinaryField()),
                        ("sealed_previous_secret", models.BinaryField(blank=True, default=bytes)),
                        ("previous_secret_until_at", models.DateTimeField(blank=True, null=True)),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "inactive_reason",
                            models.CharField(
                                blank=True, max_length=500, verbose_name="why it is off"
                            ),
                        ),
                        (
                            "listening_since_at",
                            models.DateTimeField(default=django.utils.timezone.now),
                        ),
                        (
                            "failing_since_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="failing since"
                            ),
                        ),
                        (
                            "failures",
                            models.PositiveIntegerField(
                                default=0, verbose_name="failures in a row"
                            ),
                        ),
                        (
                            "last_success_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="last success"
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
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
                        "verbose_name": "webhook",
                        "verbose_name_plural": "webhooks",
                        "ordering": ["name", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                    },
                ),
                migrations.CreateModel(
                    name="WebhookEvent",
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
                        ("public_id", models.CharField(max_length=32, verbose_name="event id")),
                        ("key", models.CharField(max_length=200)),
                        ("kind", models.CharField(max_length=60, verbose_name="event")),
                        ("happened_at", models.DateTimeField(verbose_name="happened")),
                        ("body", models.TextField(verbose_name="body")),
                        (
                            "created_at",
                            models.DateTimeField(
                                db_index=True,
                                default=django.utils.timezone.now,
                                verbose_name="created",
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
                        "verbose_name": "webhook event",
                        "verbose_name_plural": "webhook events",
                        "ordering": ["-created_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("operator", "key"), name="webhook_event_key_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WebhookDelivery",
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
                            "state",
                            models.CharField(
                                choices=[
                                    ("pending", "Waiting"),
                                    ("delivered", "Delivered"),
                                    ("failed", "Given up"),
                                ],
                                default="pending",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "attempts",
                            models.PositiveSmallIntegerField(default=0, verbose_name="tries"),
                        ),
                        (
                            "next_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="next try"
                            ),
                        ),
                        (
                            "attempted_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="last try"),
                        ),
                        (
                            "duration_ms",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="took (ms)"
                            ),
                        ),
                        (
                            "response_status",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="answer"
                            ),
                        ),
                        (
                            "response_body",
                            models.TextField(blank=True, verbose_name="answer's body"),
                        ),
                        (
                            "error",
                            models.CharField(blank=True, max_length=300, verbose_name="error"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="created"
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
                            "endpoint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deliveries",
                                to="core.webhookendpoint",
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deliveries",
                                to="core.webhookevent",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "webhook delivery",
                        "verbose_name_plural": "webhook deliveries",
                        "ordering": ["-created_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["operator", "-created_at"],
                                name="webhook_delivery_recent_idx",
                            ),
                            models.Index(
                                condition=models.Q(("state", "pending")),
                                fields=["next_at"],
                                name="webhook_delivery_due_idx",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("endpoint", "event"), name="webhook_delivery_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Notification",
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
                        ("event", models.CharField(max_length=40, verbose_name="event")),
                        ("key", models.CharField(max_length=120)),
                        ("params", models.JSONField(default=dict)),
                        ("url", models.CharField(blank=True, max_length=300)),
                        ("is_on_page", models.BooleanField(default=True)),
                        ("happened_at", models.DateTimeField(verbose_name="time")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="found"
                            ),
                        ),
                        (
                            "read_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="read"),
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
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "notification",
                        "verbose_name_plural": "notifications",
                        "ordering": ["-created_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["user", "operator", "-created_at"],
                                name="notification_own_idx",
                            ),
                            models.Index(
                                condition=models.Q(("is_on_page", True), ("read_at", None)),
                                fields=["user", "operator"],
                                name="notification_unread_idx",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("operator", "user", "event", "key"),
                                name="notification_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NotificationChoice",
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
                            "role",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("owner", "Owner"),
                                    ("control_room", "Control room"),
                                    ("support", "Support"),
                                    ("technician", "Technician"),
                                    ("accountant", "Accountant"),
                                    ("viewer", "Viewer"),
                                    ("host", "Host or board"),
                                ],
                                max_length=20,
                                verbose_name="role",
                            ),
                        ),
                        ("event", models.CharField(max_length=40, verbose_name="event")),
                        ("way", models.CharField(max_length=20, verbose_name="way")),
                        ("is_chosen", models.BooleanField(default=True)),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "choice of notifications",
                        "verbose_name_plural": "choices of notifications",
                        "ordering": ["event", "way", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("user", None), ("role", ""), _connector="XOR"),
                                name="notification_choice_person_or_role",
                            ),
                            models.UniqueConstraint(
                                fields=("operator", "user", "role", "event", "way"),
                                name="notification_choice_once",
                                nulls_distinct=False,
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NotificationDelivery",
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
                        ("way", models.CharField(max_length=20, verbose_name="way")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("pending", "Waiting"),
                                    ("sent", "Sent"),
                                    ("failed", "Failed"),
                                    ("dropped", "No longer wanted"),
                                ],
                                default="pending",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("due_at", models.DateTimeField(verbose_name="due")),
                        (
                            "attempts",
                            models.PositiveSmallIntegerField(default=0, verbose_name="attempts"),
                        ),
                        (
                            "sent_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="sent"),
                        ),
                        (
                            "error",
                            models.CharField(blank=True, max_length=500, verbose_name="error"),
                        ),
                        (
                            "notification",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deliveries",
                                to="core.notification",
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
                        "verbose_name": "delivery",
                        "verbose_name_plural": "deliveries",
                        "ordering": ["due_at", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "pending")),
                                fields=["due_at"],
                                name="delivery_due_idx",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("notification", "way"), name="delivery_once_a_way"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NotificationSettings",
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
                            "quiet_from",
                            models.TimeField(blank=True, null=True, verbose_name="quiet from"),
                        ),
                        (
                            "quiet_to",
                            models.TimeField(blank=True, null=True, verbose_name="quiet to"),
                        ),
                        (
                            "is_digest",
                            models.BooleanField(default=False, verbose_name="one mail a day"),
                        ),
                        (
                            "digest_time",
                            models.TimeField(
                                default=datetime.time(7, 0), verbose_name="time of the daily mail"
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
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "times of notifications",
                        "verbose_name_plural": "times of notifications",
                        "ordering": ["user_id", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("operator", "user"), name="notification_settings_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("quiet_from", None), ("quiet_to", None)),
                                    models.Q(
                                        ("quiet_from__isnull", False), ("quiet_to__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="notification_quiet_both_or_none",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NotificationWatch",
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
                        ("event", models.CharField(max_length=40, verbose_name="event")),
                        ("cursor_at", models.DateTimeField()),
                        (
                            "delay_minutes",
                            models.PositiveIntegerField(default=0, verbose_name="minutes"),
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
                        "verbose_name": "watch of an event",
                        "verbose_name_plural": "watches of events",
                        "ordering": ["event", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("operator", "event"), name="notification_watch_once"
                            )
                        ],
                    },
                ),
            ]
        ),
        *sql.same_operators(KEYS),
    ]
