"""Bank files, payments, what they pay, refunds."""

import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.db import migrations, models

from billing.payments.guards import only_changes, payments_within
from core.migrating import CreateModels
from core.tenancy import sql

KEYS = {
    "billing_banktransaction": {
        "bank_file_id": "billing_bankfile",
    },
    "billing_payment": {
        "seller_id": "billing_seller",
        "account_id": "billing_billingaccount",
        "transaction_id": "billing_banktransaction",
        "reverses_id": "billing_payment",
        "reversed_by_id": "billing_payment",
    },
    "billing_claim": {
        "account_id": "billing_billingaccount",
        "invoice_id": "billing_invoice",
    },
    "billing_paymentallocation": {
        "payment_id": "billing_payment",
        "credit_note_id": "billing_invoice",
        "invoice_id": "billing_invoice",
        "claim_id": "billing_claim",
        "reverses_id": "billing_paymentallocation",
    },
    "billing_payoutfile": {
        "seller_id": "billing_seller",
    },
    "billing_refund": {
        "payment_id": "billing_payment",
        "credit_note_id": "billing_invoice",
        "account_id": "billing_billingaccount",
        "payout_file_id": "billing_payoutfile",
    },
}


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0009_invoices"),
        ("core", "0001_initial"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="BankFile",
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
                            "format",
                            models.CharField(
                                choices=[
                                    ("camt.054", "camt.054"),
                                    ("camt.053", "camt.053"),
                                    ("bgmax", "BgMax"),
                                    ("swish_csv", "Swish report"),
                                ],
                                max_length=12,
                                verbose_name="format",
                            ),
                        ),
                        ("file_name", models.CharField(max_length=150, verbose_name="file name")),
                        (
                            "file_id",
                            models.CharField(
                                blank=True, max_length=140, verbose_name="sender's id"
                            ),
                        ),
                        ("key", models.CharField(max_length=500)),
                        ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                        ("raw", models.BinaryField()),
                        ("size_bytes", models.PositiveIntegerField(verbose_name="size")),
                        ("accounts", models.JSONField(default=list, verbose_name="bank accounts")),
                        (
                            "transaction_count",
                            models.PositiveIntegerField(verbose_name="transactions"),
                        ),
                        (
                            "known_count",
                            models.PositiveIntegerField(default=0, verbose_name="known before"),
                        ),
                        ("user_label", models.CharField(max_length=200, verbose_name="brought by")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="brought",
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
                        "verbose_name": "bank file",
                        "verbose_name_plural": "bank files",
                        "ordering": ["-created_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["operator", "-created_at"], name="bank_file_recent_idx"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("operator", "sha256"), name="bank_file_content_once"
                            ),
                            models.UniqueConstraint(
                                fields=("operator", "key"), name="bank_file_key_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BankTransaction",
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
                        ("position", models.PositiveIntegerField(verbose_name="position")),
                        ("key", models.CharField(max_length=300)),
                        (
                            "bank_account",
                            models.CharField(max_length=42, verbose_name="bank account"),
                        ),
                        (
                            "bank_id",
                            models.CharField(
                                blank=True, max_length=140, verbose_name="bank's reference"
                            ),
                        ),
                        (
                            "direction",
                            models.CharField(
                                choices=[
                                    ("credit", "Money in"),
                                    ("reversal", "Taken back"),
                                    ("debit", "Money out"),
                                ],
                                max_length=8,
                                verbose_name="direction",
                            ),
                        ),
                        (
                            "amount",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="amount"
                            ),
                        ),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        ("booked_on", models.DateField(verbose_name="booked")),
                        (
                            "references",
                            models.JSONField(blank=True, default=list, verbose_name="references"),
                        ),
                        ("text", models.TextField(blank=True, verbose_name="message")),
                        (
                            "payer_name",
                            models.CharField(blank=True, max_length=200, verbose_name="payer"),
                        ),
                        (
                            "payer_account",
                            models.CharField(
                                blank=True, max_length=42, verbose_name="payer's account"
                            ),
                        ),
                        (
                            "payer_number",
                            models.CharField(
                                blank=True, max_length=42, verbose_name="payer's number"
                            ),
                        ),
                        ("end_to_end_id", models.CharField(blank=True, max_length=140)),
                        (
                            "at",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="place in the file"
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("new", "New"),
                                    ("booked", "Booked"),
                                    ("work_list", "To be sorted out"),
                                    ("ignored", "Not ours"),
                                ],
                                default="new",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("proposal", models.JSONField(blank=True, default=dict)),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                        (
                            "settled_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="settled"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="read",
                            ),
                        ),
                        (
                            "bank_file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="transactions",
                                to="billing.bankfile",
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
                        "verbose_name": "bank transaction",
                        "verbose_name_plural": "bank transactions",
                        "ordering": ["-booked_on", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["operator", "-booked_on"], name="bank_transaction_day_idx"
                            ),
                            models.Index(
                                condition=models.Q(("state", "work_list")),
                                fields=["operator", "booked_on"],
                                name="bank_transaction_work_idx",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("operator", "key"), name="bank_transaction_once"
                            ),
                            models.UniqueConstraint(
                                fields=("bank_file", "position"), name="bank_transaction_position"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gte", 0)),
                                name="bank_transaction_amount",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                                name="bank_transaction_currency",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Claim",
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
                                    ("fee", "Reminder fee"),
                                    ("compensation", "Late payment compensation"),
                                    ("interest", "Late interest"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "amount",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="amount"
                            ),
                        ),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        ("made_on", models.DateField(verbose_name="made")),
                        (
                            "paid_amount",
                            models.DecimalField(
                                decimal_places=4, default=0, max_digits=16, verbose_name="paid"
                            ),
                        ),
                        (
                            "waived_amount",
                            models.DecimalField(
                                decimal_places=4, default=0, max_digits=16, verbose_name="waived"
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
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="claims",
                                to="billing.billingaccount",
                            ),
                        ),
                        (
                            "invoice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="claims",
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
                        "verbose_name": "claim",
                        "verbose_name_plural": "claims",
                        "ordering": ["made_on", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)), name="claim_amount"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "amount__gte",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("paid_amount"), "+", models.F("waived_amount")
                                        ),
                                    ),
                                    ("paid_amount__gte", 0),
                                    ("waived_amount__gte", 0),
                                ),
                                name="claim_within_amount",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Payment",
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
                            "amount",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="amount"
                            ),
                        ),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        ("booked_on", models.DateField(verbose_name="booked")),
                        (
                            "identified_on",
                            models.DateField(blank=True, null=True, verbose_name="identified"),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("bank", "Bank"),
                                    ("swish", "Swish"),
                                    ("card", "Card"),
                                    ("manual", "By hand"),
                                    ("set_off", "Set off against a payout"),
                                ],
                                max_length=8,
                                verbose_name="source",
                            ),
                        ),
                        (
                            "reference",
                            models.CharField(blank=True, max_length=140, verbose_name="reference"),
                        ),
                        (
                            "payer_name",
                            models.CharField(blank=True, max_length=200, verbose_name="payer"),
                        ),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                        ("user_label", models.CharField(max_length=200, verbose_name="booked by")),
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
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payments",
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
                            "reversed_by",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="billing.payment",
                            ),
                        ),
                        (
                            "reverses",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="billing.payment",
                            ),
                        ),
                        (
                            "seller",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payments",
                                to="billing.seller",
                            ),
                        ),
                        (
                            "transaction",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payments",
                                to="billing.banktransaction",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "payment",
                        "verbose_name_plural": "payments",
                        "ordering": ["-booked_on", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(fields=["operator", "-booked_on"], name="payment_day_idx")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("amount__gt", 0), ("reverses__isnull", True)),
                                    models.Q(("amount__lt", 0), ("reverses__isnull", False)),
                                    _connector="OR",
                                ),
                                name="payment_sign",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                                name="payment_currency",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("account__isnull", True), ("identified_on__isnull", True)
                                    ),
                                    models.Q(
                                        ("account__isnull", False), ("identified_on__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="payment_identified",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PaymentAllocation",
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
                            "amount",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="amount"
                            ),
                        ),
                        ("made_on", models.DateField(verbose_name="made")),
                        (
                            "is_from_credit",
                            models.BooleanField(default=False, verbose_name="from earlier credit"),
                        ),
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
                            "claim",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="allocations",
                                to="billing.claim",
                            ),
                        ),
                        (
                            "credit_note",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="credit_used",
                                to="billing.invoice",
                            ),
                        ),
                        (
                            "invoice",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="allocations",
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
                        (
                            "payment",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="allocations",
                                to="billing.payment",
                            ),
                        ),
                        (
                            "reverses",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reversed_by",
                                to="billing.paymentallocation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "allocation",
                        "verbose_name_plural": "allocations",
                        "ordering": ["id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("claim__isnull", True), ("invoice__isnull", False)),
                                    models.Q(("claim__isnull", False), ("invoice__isnull", True)),
                                    _connector="OR",
                                ),
                                name="payment_allocation_one_target",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("credit_note__isnull", True), ("payment__isnull", False)
                                    ),
                                    models.Q(
                                        ("credit_note__isnull", False), ("payment__isnull", True)
                                    ),
                                    _connector="OR",
                                ),
                                name="payment_allocation_one_source",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("amount__gt", 0), ("reverses__isnull", True)),
                                    models.Q(("amount__lt", 0), ("reverses__isnull", False)),
                                    _connector="OR",
                                ),
                                name="payment_allocation_sign",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PayoutFile",
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
                        ("refund_count", models.PositiveIntegerField(verbose_name="refunds")),
                        (
                            "amount",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="amount"
                            ),
                        ),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
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
                        (
                            "seller",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payout_files",
                                to="billing.seller",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "payout file",
                        "verbose_name_plural": "payout files",
                        "ordering": ["-created_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                    },
                ),
                migrations.CreateModel(
                    name="Refund",
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
                            "amount",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="amount"
                            ),
                        ),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        ("name", models.CharField(max_length=140, verbose_name="payee")),
                        ("iban", models.CharField(blank=True, max_length=42, verbose_name="IBAN")),
                        ("bic", models.CharField(blank=True, max_length=11, verbose_name="BIC")),
                        (
                            "bankgiro",
                            models.CharField(blank=True, max_length=16, verbose_name="bankgiro"),
                        ),
                        (
                            "reference",
                            models.CharField(
                                blank=True, max_length=140, verbose_name="text to the payee"
                            ),
                        ),
                        ("reason", models.CharField(max_length=500, verbose_name="why")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planned", "To be paid out"),
                                    ("ordered", "Ordered at the bank"),
                                    ("done", "Paid out"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="planned",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("pay_on", models.DateField(verbose_name="pay on")),
                        ("paid_on", models.DateField(blank=True, null=True, verbose_name="paid")),
                        ("user_label", models.CharField(max_length=200, verbose_name="decided by")),
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
                                related_name="refunds",
                                to="billing.billingaccount",
                            ),
                        ),
                        (
                            "credit_note",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="refunds",
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
                        (
                            "payment",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="refunds",
                                to="billing.payment",
                            ),
                        ),
                        (
                            "payout_file",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="refunds",
                                to="billing.payoutfile",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "refund",
                        "verbose_name_plural": "refunds",
                        "ordering": ["-created_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)), name="refund_amount"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="refund_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("credit_note__isnull", True), ("payment__isnull", False)
                                    ),
                                    models.Q(
                                        ("credit_note__isnull", False), ("payment__isnull", True)
                                    ),
                                    _connector="OR",
                                ),
                                name="refund_one_source",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("iban", ""), ("bankgiro", ""), _connector="OR"),
                                name="refund_one_target",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("paid_on__isnull", False), ("state", "done")),
                                    models.Q(
                                        models.Q(("state", "done"), _negated=True),
                                        ("paid_on__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="refund_paid_on",
                            ),
                        ],
                    },
                ),
            ]
        ),
        *sql.same_operators(KEYS),
        sql.append_only("billing_bankfile"),
        only_changes("billing_banktransaction", ("state", "proposal", "note", "settled_at")),
        sql.append_only("billing_paymentallocation"),
        sql.append_only("billing_payoutfile"),
        only_changes("billing_payment", ("account_id", "identified_on", "reversed_by_id")),
        only_changes("billing_claim", ("paid_amount", "waived_amount")),
        only_changes("billing_refund", ("state", "paid_on", "payout_file_id")),
        payments_within(),
    ]
