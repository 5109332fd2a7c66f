"""Reminders, pauses, blocks, collection."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from billing.payments.guards import only_changes
from core.migrating import CreateModels
from core.tenancy import sql

KEYS = {
    "billing_dunningstep": {
        "invoice_id": "billing_invoice",
        "account_id": "billing_billingaccount",
        "collection_file_id": "billing_collectionfile",
    },
    "billing_dunningpause": {
        "account_id": "billing_billingaccount",
        "invoice_id": "billing_invoice",
    },
    "billing_dunningblock": {
        "account_id": "billing_billingaccount",
        "invoice_id": "billing_invoice",
    },
}


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0012_books"),
        ("core", "0001_initial"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="CollectionFile",
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
                        ("content", models.BinaryField()),
                        ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                        ("invoice_count", models.PositiveIntegerField(verbose_name="invoices")),
                        ("user_label", models.CharField(max_length=200, verbose_name="made by")),
                        (
                            "created_at",
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
                    ],
                    options={
                        "verbose_name": "collection file",
                        "verbose_name_plural": "collection files",
                        "ordering": ["-created_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                    },
                ),
                migrations.CreateModel(
                    name="DunningBlock",
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
                            "blocked_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="blocked"
                            ),
                        ),
                        (
                            "lifted_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="lifted"),
                        ),
                        (
                            "is_ours",
                            models.BooleanField(default=True, verbose_name="blocked by this"),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="dunning_blocks",
                                to="billing.billingaccount",
                            ),
                        ),
                        (
                            "invoice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="dunning_blocks",
                                to="billing.invoice",
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
                        "verbose_name": "block for late payment",
                        "verbose_name_plural": "blocks for late payment",
                        "ordering": ["-blocked_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("lifted_at", None)),
                                fields=("invoice",),
                                name="dunning_block_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DunningPause",
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
                                    ("by_hand", "Pause"),
                                    ("promise", "Promise to pay"),
                                    ("dispute", "Dispute"),
                                ],
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        ("from_on", models.DateField(verbose_name="from")),
                        ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                        ("reason", models.CharField(max_length=500, verbose_name="why")),
                        ("user_label", models.CharField(max_length=200, verbose_name="by")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
                            ),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="dunning_pauses",
                                to="billing.billingaccount",
                            ),
                        ),
                        (
                            "invoice",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="dunning_pauses",
                                to="billing.invoice",
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
                        "verbose_name": "pause",
                        "verbose_name_plural": "pauses",
                        "ordering": ["-from_on", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("until_on__isnull", True),
                                    ("until_on__gte", models.F("from_on")),
                                    _connector="OR",
                                ),
                                name="dunning_pause_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "promise"), _negated=True),
                                    ("until_on__isnull", False),
                                    _connector="OR",
                                ),
                                name="dunning_pause_promise",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="dunning_pause_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DunningPlan",
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
                            "is_active",
                            models.BooleanField(
                                default=True,
                                help_text="Off: nothing is sent, blocked or handed over.",
                                verbose_name="steps are taken by themselves",
                            ),
                        ),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        (
                            "country_code",
                            models.CharField(
                                default="SE", max_length=2, verbose_name="country of bank days"
                            ),
                        ),
                        (
                            "grace_bank_days",
                            models.PositiveSmallIntegerField(
                                default=3, verbose_name="grace (bank days)"
                            ),
                        ),
                        (
                            "least_amount",
                            models.DecimalField(
                                decimal_places=4,
                                default=0,
                                max_digits=16,
                                verbose_name="not worth a letter up to",
                            ),
                        ),
                        (
                            "business_compensation",
                            models.DecimalField(
                                decimal_places=4,
                                default=0,
                                help_text="Asked once instead of fees, 450 kronor by Swedish law; 0: not asked.",
                                max_digits=16,
                                verbose_name="compensation asked from companies",
                            ),
                        ),
                        ("rungs", models.JSONField(default=list)),
                        (
                            "asks_interest",
                            models.BooleanField(
                                default=True,
                                help_text="With the demand for payment and the hand-over, from the day after the due.",
                                verbose_name="late interest is asked for",
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
                        "verbose_name": "dunning plan",
                        "verbose_name_plural": "dunning plans",
                        "ordering": ["operator_id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(fields=("operator",), name="dunning_plan_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("business_compensation__gte", 0), ("least_amount__gte", 0)
                                ),
                                name="dunning_plan_not_negative",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DunningStep",
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
                            "step",
                            models.CharField(
                                choices=[
                                    ("reminder", "Reminder"),
                                    ("fee_reminder", "Reminder with fee"),
                                    ("demand", "Collection demand"),
                                    ("block", "Account blocked"),
                                    ("hand_over", "Handed over to collection"),
                                ],
                                max_length=12,
                                verbose_name="step",
                            ),
                        ),
                        ("done_on", models.DateField(verbose_name="done")),
                        (
                            "owed",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="open of the invoice"
                            ),
                        ),
                        (
                            "fee",
                            models.DecimalField(
                                decimal_places=4, default=0, max_digits=16, verbose_name="fee"
                            ),
                        ),
                        (
                            "interest",
                            models.DecimalField(
                                decimal_places=4, default=0, max_digits=16, verbose_name="interest"
                            ),
                        ),
                        (
                            "total",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="to pay"
                            ),
                        ),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        (
                            "pay_by_on",
                            models.DateField(blank=True, null=True, verbose_name="pay by"),
                        ),
                        ("language", models.CharField(max_length=10, verbose_name="language")),
                        (
                            "subject",
                            models.CharField(blank=True, max_length=200, verbose_name="subject"),
                        ),
                        ("letter", models.TextField(blank=True, verbose_name="letter")),
                        (
                            "letter_sha256",
                            models.CharField(blank=True, max_length=64, verbose_name="SHA-256"),
                        ),
                        (
                            "sent_to",
                            models.JSONField(blank=True, default=list, verbose_name="sent to"),
                        ),
                        (
                            "sent_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="sent"),
                        ),
                        (
                            "attempts",
                            models.PositiveSmallIntegerField(default=0, verbose_name="attempts"),
                        ),
                        (
                            "error",
                            models.CharField(blank=True, max_length=500, verbose_name="error"),
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
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="dunning_steps",
                                to="billing.billingaccount",
                            ),
                        ),
                        (
                            "collection_file",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="steps",
                                to="billing.collectionfile",
                            ),
                        ),
                        (
                            "invoice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="dunning_steps",
                                to="billing.invoice",
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
                        "verbose_name": "dunning step",
                        "verbose_name_plural": "dunning steps",
                        "ordering": ["-done_on", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("sent_at", None)),
                                fields=["created_at"],
                                name="dunning_step_unsent_idx",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("invoice", "step"), name="dunning_step_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("fee__gte", 0), ("interest__gte", 0)),
                                name="dunning_step_not_negative",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReferenceRate",
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
                        ("from_on", models.DateField(verbose_name="half-year from")),
                        (
                            "percent",
                            models.DecimalField(
                                decimal_places=2, max_digits=5, verbose_name="reference rate (%)"
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="entered",
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
                        "verbose_name": "reference rate",
                        "verbose_name_plural": "reference rates",
                        "ordering": ["-from_on", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("operator", "from_on"), name="reference_rate_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("percent__gte", -20), ("percent__lte", 100)),
                                name="reference_rate_plausible",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("from_on__day", 1), ("from_on__month__in", (1, 7))
                                ),
                                name="reference_rate_half_year",
                            ),
                        ],
                    },
                ),
            ]
        ),
        *sql.same_operators(KEYS),
        sql.append_only("billing_collectionfile"),
        only_changes(
            "billing_dunningstep", ("sent_to", "sent_at", "attempts", "error", "collection_file_id")
        ),
        only_changes("billing_dunningpause", ("until_on",)),
        only_changes("billing_dunningblock", ("lifted_at",)),
    ]
