"""Working time, calendars of people on site, public status pages."""

import datetime

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import stations.maintenance.status_models
from core.migrating import CreateModels
from core.tenancy import sql


def key(to: str, on_delete=django.db.models.deletion.CASCADE, related_name="+", **more):  # type: ignore[no-untyped-def]  # a migration
    return models.ForeignKey(on_delete=on_delete, related_name=related_name, to=to, **more)


def pk():  # type: ignore[no-untyped-def]  # a migration
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


PROTECT = django.db.models.deletion.PROTECT
OPTIONS = {"abstract": False, "base_manager_name": "objects"}
FEED = migrations.CreateModel(
    name="CalendarFeed",
    fields=[
        ("id", pk()),
        ("digest", models.CharField(max_length=64, unique=True)),
        (
            "created_at",
            models.DateTimeField(
                default=django.utils.timezone.now, editable=False, verbose_name="made"
            ),
        ),
        ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="last read")),
        ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
        ("membership", key("core.membership")),
        ("operator", key("core.operator", PROTECT)),
    ],
    options={
        **OPTIONS,
        "verbose_name": "calendar feed",
        "verbose_name_plural": "calendar feeds",
        "ordering": ["-created_at", "-id"],
        "constraints": [
            models.UniqueConstraint(
                condition=models.Q(("revoked_at", None)),
                fields=("membership",),
                name="calendar_feed_live_once",
            )
        ],
    },
)
TIME = migrations.CreateModel(
    name="WorkTime",
    fields=[
        ("id", pk()),
        (
            "kind",
            models.CharField(
                choices=[("work", "Work"), ("travel", "Travel")],
                default="work",
                max_length=8,
                verbose_name="kind",
            ),
        ),
        ("worked_on", models.DateField(verbose_name="day")),
        (
            "minutes",
            models.PositiveSmallIntegerField(
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(1440),
                ],
                verbose_name="minutes",
            ),
        ),
        ("person_label", models.CharField(max_length=200, verbose_name="person")),
        ("once", models.CharField(blank=True, max_length=40)),
        (
            "added_at",
            models.DateTimeField(
                default=django.utils.timezone.now, editable=False, verbose_name="added"
            ),
        ),
        ("operator", key("core.operator", PROTECT)),
        ("order", key("stations.workorder", related_name="times")),
        (
            "person",
            key(
                settings.AUTH_USER_MODEL,
                django.db.models.deletion.SET_NULL,
                blank=True,
                null=True,
            ),
        ),
    ],
    options={
        **OPTIONS,
        "verbose_name": "working time",
        "verbose_name_plural": "working times",
        "ordering": ["worked_on", "id"],
        "constraints": [
            models.UniqueConstraint(
                condition=models.Q(("once", ""), _negated=True),
                fields=("order", "once"),
                name="work_time_once",
            ),
            models.CheckConstraint(
                condition=models.Q(("minutes__gte", 1), ("minutes__lte", 1440)),
                name="work_time_minutes",
            ),
            models.CheckConstraint(
                condition=models.Q(("worked_on__gte", datetime.date(2000, 1, 1))),
                name="work_time_day",
            ),
        ],
    },
)

STATUS_PAGE = migrations.CreateModel(
    name="SiteStatusPage",
    fields=[
        ("id", pk()),
        (
            "code",
            models.CharField(
                default=stations.maintenance.status_models.new_code, max_length=24, unique=True
            ),
        ),
        (
            "is_public",
            models.BooleanField(default=False, verbose_name="anybody may see it"),
        ),
        (
            "notice",
            models.CharField(
                blank=True,
                help_text="Stands above the states, also on the pages of drivers and guests.",
                max_length=300,
                verbose_name="notice for drivers",
            ),
        ),
        (
            "notice_until_at",
            models.DateTimeField(blank=True, null=True, verbose_name="notice until"),
        ),
        ("operator", key("core.operator", PROTECT)),
        (
            "site",
            models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="status_page",
                to="stations.site",
            ),
        ),
    ],
    options={
        **OPTIONS,
        "verbose_name": "status page",
        "verbose_name_plural": "status pages",
        "ordering": ["site_id"],
    },
)


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0023_maintenance"),
        ("stations", "0028_firmware"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels([FEED, TIME, STATUS_PAGE]),
        migrations.AddField(
            model_name="partused",
            name="once",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.AddConstraint(
            model_name="partused",
            constraint=models.UniqueConstraint(
                condition=models.Q(("once", ""), _negated=True),
                fields=("order", "once"),
                name="part_used_once",
            ),
        ),
        migrations.AddField(
            model_name="workorder",
            name="expected_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Drivers are told this time.",
                null=True,
                verbose_name="expected to work again",
            ),
        ),
        *sql.same_operators(
            {
                "stations_worktime": {"order_id": "stations_workorder"},
                "stations_sitestatuspage": {"site_id": "stations_site"},
                "stations_calendarfeed": {"membership_id": "core_membership"},
            }
        ),
    ]
