"""Rated sessions, those under review, notices of idle fees."""

from decimal import Decimal

import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from billing.rating import guards
from core.migrating import CreateModels
from core.tenancy import sql

KEYS = {
    "billing_sessionbilling": {
        "session_id": "stations_session",
        "account_id": "billing_billingaccount",
        "price_group_id": "billing_pricegroup",
        "tariff_version_id": "billing_tariffversion",
    },
    "billing_ratedsession": {
        "session_id": "stations_session",
        "site_id": "stations_site",
        "station_id": "stations_station",
        "account_id": "billing_billingaccount",
        "tariff_version_id": "billing_tariffversion",
    },
    "billing_priceline": {
        "rated_session_id": "billing_ratedsession",
    },
    "billing_priceperiod": {
        "rated_session_id": "billing_ratedsession",
    },
    "billing_billableitem": {
        "session_id": "stations_session",
        "rated_session_id": "billing_ratedsession",
        "replaces_id": "billing_ratedsession",
        "account_id": "billing_billingaccount",
    },
    "billing_hold": {
        "billing_id": "billing_sessionbilling",
    },
    "billing_decision": {
        "billing_id": "billing_sessionbilling",
    },
    "billing_idlenotice": {
        "session_id": "stations_session",
    },
}


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0003_accounts"),
        ("core", "0001_initial"),
        ("stations", "0002_journals"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="RatedSession",
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
                        ("revision", models.PositiveIntegerField(verbose_name="revision")),
                        ("is_current", models.BooleanField(default=True, verbose_name="current")),
                        (
                            "tariff_hash",
                            models.CharField(max_length=64, verbose_name="hash of the tariff"),
                        ),
                        ("engine_version", models.CharField(max_length=20, verbose_name="engine")),
                        ("started_at", models.DateTimeField(verbose_name="started")),
                        ("stopped_at", models.DateTimeField(verbose_name="stopped")),
                        ("delivered_on", models.DateField(verbose_name="day")),
                        (
                            "energy_wh",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="energy (Wh)"
                            ),
                        ),
                        (
                            "exported_wh",
                            models.DecimalField(
                                decimal_places=4,
                                default=0,
                                max_digits=16,
                                verbose_name="exported energy (Wh)",
                            ),
                        ),
                        (
                            "charging_s",
                            models.PositiveIntegerField(verbose_name="charging time (s)"),
                        ),
                        ("parking_s", models.PositiveIntegerField(verbose_name="parking time (s)")),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        (
                            "net",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="net"
                            ),
                        ),
                        (
                            "tax",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="tax"
                            ),
                        ),
                        (
                            "gross",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="gross"
                            ),
                        ),
                        (
                            "taxes",
                            models.JSONField(default=list, verbose_name="totals by tax rate"),
                        ),
                        (
                            "findings",
                            models.JSONField(blank=True, default=list, verbose_name="findings"),
                        ),
                        (
                            "is_interpolated",
                            models.BooleanField(default=False, verbose_name="partly interpolated"),
                        ),
                        (
                            "correction",
                            models.JSONField(blank=True, default=dict, verbose_name="correction"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="rated",
                            ),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rated_sessions",
                                to="billing.billingaccount",
                                verbose_name="billing account",
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
                            "session",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rated",
                                to="stations.session",
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="stations.site",
                            ),
                        ),
                        (
                            "station",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="stations.station",
                            ),
                        ),
                        (
                            "tariff_version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rated_sessions",
                                to="billing.tariffversion",
                                verbose_name="tariff",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "rated session",
                        "verbose_name_plural": "rated sessions",
                        "ordering": ["-stopped_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("is_current", True)),
                                fields=["operator", "delivered_on"],
                                name="rated_day_idx",
                            ),
                            models.Index(
                                condition=models.Q(("is_current", True)),
                                fields=["operator", "-stopped_at"],
                                name="rated_recent_idx",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("session", "revision"), name="rated_revision_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("is_current", True)),
                                fields=("session",),
                                name="rated_one_current",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "gross",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("net"), "+", models.F("tax")
                                        ),
                                    )
                                ),
                                name="rated_sums",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("energy_wh__gte", 0),
                                    ("stopped_at__gte", models.F("started_at")),
                                ),
                                name="rated_range",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PricePeriod",
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
                        ("position", models.PositiveIntegerField(verbose_name="position")),
                        ("started_at", models.DateTimeField(verbose_name="from")),
                        ("stopped_at", models.DateTimeField(verbose_name="to")),
                        (
                            "energy_wh",
                            models.DecimalField(
                                decimal_places=6, max_digits=20, verbose_name="energy (Wh)"
                            ),
                        ),
                        ("kind", models.CharField(blank=True, max_length=16, verbose_name="kind")),
                        (
                            "prices",
                            models.JSONField(blank=True, default=list, verbose_name="priced by"),
                        ),
                        (
                            "is_idle_free",
                            models.BooleanField(default=False, verbose_name="free idle time"),
                        ),
                        (
                            "is_interpolated",
                            models.BooleanField(default=False, verbose_name="interpolated"),
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
                            "rated_session",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="periods",
                                to="billing.ratedsession",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "price period",
                        "verbose_name_plural": "price periods",
                        "ordering": ["rated_session_id", "position"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("rated_session", "position"), name="period_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("stopped_at__gte", models.F("started_at"))),
                                name="period_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PriceLine",
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
                        ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                        ("kind", models.CharField(max_length=20, verbose_name="kind")),
                        ("reason", models.CharField(max_length=20, verbose_name="reason")),
                        (
                            "element",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="element"
                            ),
                        ),
                        ("started_at", models.DateTimeField(verbose_name="from")),
                        ("stopped_at", models.DateTimeField(verbose_name="to")),
                        (
                            "quantity",
                            models.DecimalField(
                                decimal_places=6, max_digits=20, verbose_name="quantity"
                            ),
                        ),
                        (
                            "billed_quantity",
                            models.DecimalField(
                                decimal_places=6, max_digits=20, verbose_name="billed quantity"
                            ),
                        ),
                        ("unit", models.CharField(max_length=8, verbose_name="unit")),
                        (
                            "unit_price",
                            models.DecimalField(
                                decimal_places=10, max_digits=24, verbose_name="price"
                            ),
                        ),
                        (
                            "tax_rate",
                            models.DecimalField(
                                blank=True,
                                decimal_places=4,
                                max_digits=7,
                                null=True,
                                verbose_name="tax rate (%)",
                            ),
                        ),
                        (
                            "exact_net",
                            models.DecimalField(
                                decimal_places=10, max_digits=24, verbose_name="unrounded net"
                            ),
                        ),
                        (
                            "is_interpolated",
                            models.BooleanField(default=False, verbose_name="partly interpolated"),
                        ),
                        (
                            "net",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="net"
                            ),
                        ),
                        (
                            "tax",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="tax"
                            ),
                        ),
                        (
                            "gross",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="gross"
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
                            "rated_session",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="billing.ratedsession",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "price line",
                        "verbose_name_plural": "price lines",
                        "ordering": ["rated_session_id", "position"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("rated_session", "position"), name="line_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "gross",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("net"), "+", models.F("tax")
                                        ),
                                    )
                                ),
                                name="line_sums",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BillableItem",
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
                            "kind",
                            models.CharField(
                                choices=[("session", "Session"), ("adjustment", "Adjustment")],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("delivered_on", models.DateField(verbose_name="day")),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        (
                            "net",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="net"
                            ),
                        ),
                        (
                            "tax",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="tax"
                            ),
                        ),
                        (
                            "gross",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="gross"
                            ),
                        ),
                        (
                            "taken_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="taken by a bill"
                            ),
                        ),
                        (
                            "taken_by",
                            models.CharField(blank=True, max_length=64, verbose_name="bill"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="billable_items",
                                to="billing.billingaccount",
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
                            "session",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="billable_items",
                                to="stations.session",
                            ),
                        ),
                        (
                            "rated_session",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="billable_items",
                                to="billing.ratedsession",
                            ),
                        ),
                        (
                            "replaces",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="billing.ratedsession",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "billable item",
                        "verbose_name_plural": "billable items",
                        "ordering": ["delivered_on", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("taken_at__isnull", True)),
                                fields=["operator", "account", "delivered_on"],
                                name="billable_open_idx",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("taken_at__isnull", True)),
                                fields=("session",),
                                name="billable_one_open",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "session")),
                                fields=("session",),
                                name="billable_session_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "gross",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("net"), "+", models.F("tax")
                                        ),
                                    )
                                ),
                                name="billable_sums",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("gross__gte", 0),
                                        ("kind", "session"),
                                        ("replaces__isnull", True),
                                    ),
                                    models.Q(("kind", "adjustment"), ("replaces__isnull", False)),
                                    _connector="OR",
                                ),
                                name="billable_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("taken_at__isnull", True), ("taken_by", "")),
                                    models.Q(
                                        ("taken_at__isnull", False),
                                        models.Q(("taken_by", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="billable_taken_by",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReviewRules",
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
                            "max_energy_wh",
                            models.PositiveIntegerField(
                                default=200000,
                                help_text="Of one session.",
                                verbose_name="most energy (Wh)",
                            ),
                        ),
                        (
                            "max_duration_h",
                            models.PositiveIntegerField(
                                default=72,
                                help_text="From plug in to the end.",
                                verbose_name="longest session (hours)",
                            ),
                        ),
                        (
                            "max_gross",
                            models.DecimalField(
                                decimal_places=2,
                                default=Decimal(2000),
                                max_digits=12,
                                verbose_name="highest total",
                            ),
                        ),
                        (
                            "max_price_per_kwh",
                            models.DecimalField(
                                decimal_places=2,
                                default=Decimal(25),
                                max_digits=12,
                                verbose_name="highest total per kWh",
                            ),
                        ),
                        (
                            "max_idle_fee",
                            models.DecimalField(
                                decimal_places=2,
                                default=Decimal(500),
                                max_digits=12,
                                verbose_name="highest idle fee",
                            ),
                        ),
                        (
                            "zero_cost_above_wh",
                            models.PositiveIntegerField(
                                default=1000,
                                verbose_name="look at sessions that cost nothing above (Wh)",
                            ),
                        ),
                        (
                            "needs_account",
                            models.BooleanField(
                                default=True,
                                help_text="The token belongs to no billing account, and is not for service or tests.",
                                verbose_name="hold sessions that nobody pays for",
                            ),
                        ),
                        (
                            "trusted_codes",
                            models.JSONField(
                                blank=True,
                                default=list,
                                help_text="Findings of readings and prices that need no person here.",
                                verbose_name="findings that hold nothing",
                            ),
                        ),
                        (
                            "four_eyes_above",
                            models.DecimalField(
                                decimal_places=2,
                                default=Decimal(1000),
                                help_text="A decision about more than this waits for another person's consent.",
                                max_digits=12,
                                verbose_name="second person above",
                            ),
                        ),
                        ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
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
                        "verbose_name": "rules of review",
                        "verbose_name_plural": "rules of review",
                        "ordering": ["operator_id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(fields=("operator",), name="review_rules_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("four_eyes_above__gte", 0),
                                    ("max_gross__gte", 0),
                                    ("max_idle_fee__gte", 0),
                                    ("max_price_per_kwh__gte", 0),
                                ),
                                name="review_rules_not_negative",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SessionBilling",
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
                        ("tariff_hash", models.CharField(blank=True, max_length=64)),
                        (
                            "is_free",
                            models.BooleanField(default=False, verbose_name="free of charge"),
                        ),
                        ("why", models.JSONField(blank=True, default=list, verbose_name="why")),
                        (
                            "pinned_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="tariff pinned"
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Not rated yet"),
                                    ("rated", "Rated"),
                                    ("held", "Held for review"),
                                    ("awaiting_price", "Awaiting price"),
                                    ("free", "Free of charge"),
                                    ("waived", "Waived"),
                                    ("dropped", "Dropped"),
                                ],
                                default="waiting",
                                max_length=16,
                                verbose_name="state",
                            ),
                        ),
                        ("is_due", models.BooleanField(default=False)),
                        (
                            "correction",
                            models.JSONField(
                                blank=True,
                                default=dict,
                                help_text="What a person put in place of what was measured",
                                verbose_name="correction",
                            ),
                        ),
                        (
                            "revision",
                            models.PositiveIntegerField(default=0, verbose_name="revision"),
                        ),
                        (
                            "rated_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="rated"),
                        ),
                        (
                            "stop_requested_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="stop requested"
                            ),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="session_billings",
                                to="billing.billingaccount",
                                verbose_name="billing account",
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
                            "price_group",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="billing.pricegroup",
                                verbose_name="price group",
                            ),
                        ),
                        (
                            "session",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="billing",
                                to="stations.session",
                            ),
                        ),
                        (
                            "tariff_version",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="session_billings",
                                to="billing.tariffversion",
                                verbose_name="tariff",
                            ),
                        ),
                        ("running_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "running_currency",
                            models.CharField(blank=True, db_default="", default="", max_length=3),
                        ),
                        (
                            "running_gross",
                            models.DecimalField(
                                blank=True,
                                decimal_places=4,
                                max_digits=16,
                                null=True,
                                verbose_name="cost so far",
                            ),
                        ),
                        (
                            "told_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="cost told to the station"
                            ),
                        ),
                        (
                            "told_gross",
                            models.DecimalField(
                                blank=True, decimal_places=4, max_digits=16, null=True
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "billing of a session",
                        "verbose_name_plural": "billing of sessions",
                        "ordering": ["id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("is_due", True)),
                                fields=["id"],
                                name="billing_due_idx",
                            ),
                            models.Index(fields=["operator", "state"], name="billing_state_idx"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Hold",
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
                        ("code", models.CharField(max_length=48, verbose_name="reason")),
                        (
                            "group",
                            models.CharField(
                                choices=[
                                    ("configuration", "Set-up"),
                                    ("feasibility", "Feasibility"),
                                    ("rule", "Billing rule"),
                                    ("final", "Final cost"),
                                ],
                                max_length=16,
                                verbose_name="group",
                            ),
                        ),
                        ("params", models.JSONField(blank=True, default=dict)),
                        (
                            "opened_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="held since"
                            ),
                        ),
                        (
                            "closed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="closed"),
                        ),
                        (
                            "end",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Open"),
                                    ("cleared", "No longer so"),
                                    ("accepted", "Accepted"),
                                    ("corrected", "Corrected"),
                                    ("waived", "Waived"),
                                    ("dropped", "Dropped"),
                                ],
                                default="",
                                max_length=10,
                                verbose_name="outcome",
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
                            "billing",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="holds",
                                to="billing.sessionbilling",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "hold",
                        "verbose_name_plural": "holds",
                        "ordering": ["-opened_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("closed_at", None)),
                                fields=["operator", "code"],
                                name="hold_open_idx",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at", None)),
                                fields=("billing", "code"),
                                name="hold_open_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_at", None), ("end", "")),
                                    models.Q(
                                        ("closed_at__isnull", False),
                                        models.Q(("end", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="hold_end",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Decision",
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
                            "kind",
                            models.CharField(
                                choices=[
                                    ("accept", "Accept"),
                                    ("correct", "Correct"),
                                    ("waive", "Waive"),
                                    ("drop", "Drop"),
                                ],
                                max_length=8,
                                verbose_name="decision",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("proposed", "Waits for a second person"),
                                    ("done", "Done"),
                                    ("refused", "Refused"),
                                    ("lapsed", "No longer needed"),
                                ],
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("reason", models.CharField(max_length=500, verbose_name="why")),
                        (
                            "correction",
                            models.JSONField(blank=True, default=dict, verbose_name="correction"),
                        ),
                        (
                            "gross",
                            models.DecimalField(
                                decimal_places=4, default=0, max_digits=16, verbose_name="at stake"
                            ),
                        ),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        (
                            "needs_second",
                            models.BooleanField(
                                default=False, verbose_name="needs a second person"
                            ),
                        ),
                        (
                            "proposed_label",
                            models.CharField(max_length=200, verbose_name="decided by"),
                        ),
                        (
                            "proposed_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="decided"
                            ),
                        ),
                        (
                            "answered_label",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="second person"
                            ),
                        ),
                        (
                            "answered_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="answered"),
                        ),
                        (
                            "answer",
                            models.CharField(blank=True, max_length=500, verbose_name="answer"),
                        ),
                        (
                            "answered_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                            "proposed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "billing",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="billing.sessionbilling",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "decision",
                        "verbose_name_plural": "decisions",
                        "ordering": ["-proposed_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "proposed")),
                                fields=("billing",),
                                name="decision_one_proposed",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="decision_has_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("needs_second", True), ("state", "done"), _negated=True
                                    ),
                                    models.Q(
                                        ("answered_by__isnull", False),
                                        ("proposed_by__isnull", False),
                                        models.Q(
                                            ("answered_by", models.F("proposed_by")), _negated=True
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="decision_four_eyes",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IdleNotice",
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
                        ("address", models.EmailField(max_length=254, verbose_name="e-mail")),
                        ("language", models.CharField(max_length=10, verbose_name="language")),
                        ("idle_since_at", models.DateTimeField(verbose_name="idle since")),
                        ("fee_from_at", models.DateTimeField(verbose_name="idle fee from")),
                        ("warn_by_at", models.DateTimeField(verbose_name="to be warned by")),
                        (
                            "told_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="told that charging ended"
                            ),
                        ),
                        (
                            "warned_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="warned"),
                        ),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="idle until"),
                        ),
                        (
                            "error",
                            models.CharField(blank=True, max_length=500, verbose_name="error"),
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
                            "session",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="idle_notices",
                                to="stations.session",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "idle notice",
                        "verbose_name_plural": "idle notices",
                        "ordering": ["idle_since_at", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=["id"],
                                name="idle_notice_open_idx",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("session",),
                                name="idle_notice_one_open",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("fee_from_at__gte", models.F("idle_since_at"))),
                                name="idle_notice_order",
                            ),
                        ],
                    },
                ),
            ]
        ),
        *sql.same_operators(KEYS),
        sql.append_only("billing_priceline"),
        sql.append_only("billing_priceperiod"),
        guards.revisions_stay(),
        guards.only_clear_sessions_are_billable(),
        guards.sessions_become_due(),
    ]
