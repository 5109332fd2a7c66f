"""The books: charts of accounts, entries, periods, exports."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from billing.accounting.guards import GUARDS, UNDO
from core.migrating import CreateModels
from core.tenancy import sql

FIXED = (
    "journalentry",
    "journalposting",
    "coveredsource",
    "periodchange",
    "exportreceipt",
    "exportedentry",
)

KEYS = {
    "billing_books": {
        "seller_id": "billing_seller",
    },
    "billing_chartaccount": {
        "seller_id": "billing_seller",
    },
    "billing_accountuse": {
        "seller_id": "billing_seller",
        "account_id": "billing_chartaccount",
    },
    "billing_revenuemapping": {
        "seller_id": "billing_seller",
        "account_id": "billing_chartaccount",
    },
    "billing_taxmapping": {
        "seller_id": "billing_seller",
        "account_id": "billing_chartaccount",
    },
    "billing_coveredsource": {
        "entry_id": "billing_journalentry",
    },
    "billing_period": {
        "seller_id": "billing_seller",
    },
    "billing_periodchange": {
        "period_id": "billing_period",
    },
    "billing_exportprofile": {
        "seller_id": "billing_seller",
    },
    "billing_exportreceipt": {
        "profile_id": "billing_exportprofile",
    },
    "billing_exportedentry": {
        "profile_id": "billing_exportprofile",
        "receipt_id": "billing_exportreceipt",
        "entry_id": "billing_journalentry",
    },
    "billing_entryattest": {
        "entry_id": "billing_journalentry",
    },
    "billing_sitecode": {
        "site_id": "stations_site",
    },
}


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0010_payments"),
        ("core", "0001_initial"),
        ("stations", "0001_initial"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="ChartAccount",
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
                        ("number", models.CharField(max_length=6, verbose_name="account")),
                        ("name", models.CharField(max_length=100, verbose_name="name")),
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
                                related_name="chart_accounts",
                                to="billing.seller",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "ledger account",
                        "verbose_name_plural": "ledger accounts",
                        "ordering": ["number", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("seller", "number"), name="chart_account_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("number__regex", "^[1-9][0-9]{3,5}$"),
                                    models.Q(("name", ""), _negated=True),
                                ),
                                name="chart_account_number",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AccountUse",
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
                            "use",
                            models.CharField(
                                choices=[
                                    ("receivable", "Receivables"),
                                    ("bank", "Bank account"),
                                    ("card_clearing", "Cards, until paid out"),
                                    ("swish_clearing", "Swish, until paid out"),
                                    ("unidentified", "Unidentified payments"),
                                    ("customer_credit", "Credit of customers"),
                                    ("rounding", "Rounding"),
                                    ("payment_fees", "Fees of banks and payment providers"),
                                    ("reminder_fees", "Reminder fees"),
                                    ("interest", "Late interest"),
                                    ("bad_debt", "Bad debts"),
                                    ("accrued", "Accrued income (asset)"),
                                    ("accrued_revenue", "Accrued income (revenue)"),
                                    ("host_cost", "Compensation to site hosts"),
                                    ("host_payable", "Owed to site hosts"),
                                    ("input_tax", "Input VAT"),
                                ],
                                max_length=20,
                                verbose_name="use",
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
                                related_name="account_uses",
                                to="billing.seller",
                            ),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="uses",
                                to="billing.chartaccount",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "use of an account",
                        "verbose_name_plural": "uses of accounts",
                        "ordering": ["seller_id", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("seller", "use"), name="account_use_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExportProfile",
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
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        (
                            "preset",
                            models.CharField(
                                choices=[
                                    ("fortnox", "Fortnox"),
                                    ("visma", "Visma eEkonomi"),
                                    ("visma_1518", "Visma eEkonomi, receivables on 1518"),
                                    ("other", "Another ledger"),
                                ],
                                default="fortnox",
                                max_length=12,
                                verbose_name="ledger",
                            ),
                        ),
                        (
                            "file_format",
                            models.CharField(
                                choices=[
                                    ("sie", "SIE 4I"),
                                    ("csv_swedish", "CSV, Swedish"),
                                    ("csv_international", "CSV, international"),
                                    ("xlsx", "XLSX, Swedish"),
                                    ("xlsx_international", "XLSX, international"),
                                    ("json", "JSON"),
                                ],
                                default="sie",
                                max_length=20,
                                verbose_name="format",
                            ),
                        ),
                        (
                            "voucher_size",
                            models.CharField(
                                choices=[
                                    ("suggested", "By the number of documents"),
                                    ("document", "Every document"),
                                    ("day_and_kind", "Every day and kind"),
                                ],
                                default="suggested",
                                max_length=12,
                                verbose_name="a voucher for",
                            ),
                        ),
                        (
                            "series",
                            models.CharField(
                                blank=True, max_length=5, verbose_name="voucher series"
                            ),
                        ),
                        ("starts_on", models.DateField(verbose_name="entries from")),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
                            ),
                        ),
                        ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
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
                                related_name="export_profiles",
                                to="billing.seller",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "export profile",
                        "verbose_name_plural": "export profiles",
                        "ordering": ["name", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("seller", "name"), name="export_profile_name_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("series__regex", "^[A-ZÅÄÖ0-9]{0,5}$")),
                                name="export_profile_series",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExportReceipt",
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
                        ("number", models.PositiveIntegerField(verbose_name="number")),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        ("from_on", models.DateField(verbose_name="first day")),
                        ("until_on", models.DateField(verbose_name="last day")),
                        ("entry_count", models.PositiveIntegerField(verbose_name="entries")),
                        ("voucher_count", models.PositiveIntegerField(verbose_name="vouchers")),
                        (
                            "debit",
                            models.DecimalField(
                                decimal_places=4, max_digits=18, verbose_name="debit"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="file")),
                        ("content_type", models.CharField(max_length=100)),
                        ("path", models.CharField(max_length=200)),
                        ("list_path", models.CharField(blank=True, max_length=200)),
                        ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                        ("size_bytes", models.PositiveIntegerField(verbose_name="size")),
                        ("made_by_label", models.CharField(max_length=200, verbose_name="made by")),
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
                            "profile",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="receipts",
                                to="billing.exportprofile",
                            ),
                        ),
                        ("made_for", models.CharField(blank=True, max_length=64)),
                    ],
                    options={
                        "verbose_name": "exported file",
                        "verbose_name_plural": "exported files",
                        "ordering": ["-made_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("profile", "number"), name="export_receipt_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("entry_count__gte", 1), ("until_on__gte", models.F("from_on"))
                                ),
                                name="export_receipt_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="JournalEntry",
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
                        ("number", models.PositiveIntegerField(verbose_name="number")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("invoice", "Invoice"),
                                    ("credit_note", "Credit note"),
                                    ("payment", "Payment"),
                                    ("refund", "Refund"),
                                    ("credit_used", "Credit used"),
                                    ("fee", "Payment fee"),
                                    ("reminder_fee", "Reminder fee"),
                                    ("interest", "Late interest"),
                                    ("rounding", "Rounding"),
                                    ("write_off", "Write-off"),
                                    ("settlement", "Settlement"),
                                    ("payout", "Payout"),
                                    ("accrual", "Accrued income"),
                                    ("reversal", "Reversal"),
                                ],
                                max_length=16,
                                verbose_name="kind",
                            ),
                        ),
                        ("booked_on", models.DateField(verbose_name="day")),
                        ("document", models.CharField(max_length=80, verbose_name="document")),
                        ("text", models.CharField(blank=True, max_length=200, verbose_name="text")),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        (
                            "total",
                            models.DecimalField(
                                decimal_places=4, max_digits=18, verbose_name="amount"
                            ),
                        ),
                        (
                            "posting_count",
                            models.PositiveSmallIntegerField(verbose_name="postings"),
                        ),
                        ("source_kind", models.CharField(max_length=24, verbose_name="source")),
                        ("source_id", models.BigIntegerField(verbose_name="number of the source")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="posted",
                            ),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="journal_entries",
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
                            "reverses",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reversed_by",
                                to="billing.journalentry",
                            ),
                        ),
                        (
                            "seller",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="journal_entries",
                                to="billing.seller",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "journal entry",
                        "verbose_name_plural": "journal entries",
                        "ordering": ["-booked_on", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["operator", "-booked_on", "-id"], name="journal_recent_idx"
                            ),
                            models.Index(
                                fields=["seller", "booked_on"], name="journal_seller_day_idx"
                            ),
                            models.Index(
                                fields=["operator", "document"], name="journal_document_idx"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("seller", "number"), name="journal_number_once"
                            ),
                            models.UniqueConstraint(
                                fields=("source_kind", "source_id"), name="journal_source_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("number__gte", 1), ("posting_count__gte", 2), ("total__gt", 0)
                                ),
                                name="journal_entry_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                                name="journal_currency",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExportedEntry",
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
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "profile",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="exported",
                                to="billing.exportprofile",
                            ),
                        ),
                        (
                            "receipt",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="exported",
                                to="billing.exportreceipt",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="exported",
                                to="billing.journalentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "exported entry",
                        "verbose_name_plural": "exported entries",
                        "ordering": ["receipt_id", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("profile", "entry"), name="exported_entry_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CoveredSource",
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
                        ("source_kind", models.CharField(max_length=24, verbose_name="source")),
                        ("source_id", models.BigIntegerField(verbose_name="number of the source")),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="covered",
                                to="billing.journalentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "covered source",
                        "verbose_name_plural": "covered sources",
                        "ordering": ["entry_id", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("source_kind", "source_id"), name="covered_source_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="JournalPosting",
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
                        (
                            "amount",
                            models.DecimalField(
                                decimal_places=4, max_digits=18, verbose_name="amount"
                            ),
                        ),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        ("text", models.CharField(blank=True, max_length=200, verbose_name="text")),
                        (
                            "dimensions",
                            models.JSONField(blank=True, default=list, verbose_name="dimensions"),
                        ),
                        (
                            "tax_part",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("base", "Base"),
                                    ("output", "Output VAT"),
                                    ("input", "Input VAT"),
                                ],
                                max_length=6,
                                verbose_name="part of VAT",
                            ),
                        ),
                        (
                            "tax_category",
                            models.CharField(blank=True, max_length=2, verbose_name="tax category"),
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
                            "tax_country",
                            models.CharField(blank=True, max_length=2, verbose_name="country"),
                        ),
                        (
                            "invoice_number",
                            models.CharField(blank=True, max_length=60, verbose_name="invoice"),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="postings",
                                to="billing.chartaccount",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="postings",
                                to="billing.journalentry",
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
                        "verbose_name": "posting",
                        "verbose_name_plural": "postings",
                        "ordering": ["entry_id", "position"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["account", "invoice_number"],
                                name="journal_posting_invoice_idx",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("entry", "position"), name="journal_posting_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount", 0), _negated=True),
                                name="journal_posting_amount",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("tax_category", ""),
                                        ("tax_part", ""),
                                        ("tax_rate__isnull", True),
                                    ),
                                    models.Q(
                                        models.Q(("tax_part", ""), _negated=True),
                                        models.Q(("tax_category", ""), _negated=True),
                                        models.Q(("tax_country", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="journal_posting_tax",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Period",
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
                        ("begins_on", models.DateField(verbose_name="month")),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "Open"), ("closed", "Closed")],
                                default="open",
                                max_length=6,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "closed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="closed"),
                        ),
                        (
                            "closed_by_label",
                            models.CharField(blank=True, max_length=200, verbose_name="closed by"),
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
                                related_name="periods",
                                to="billing.seller",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "month of the books",
                        "verbose_name_plural": "months of the books",
                        "ordering": ["-begins_on", "seller_id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("seller", "begins_on"), name="period_month_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("begins_on__day", 1)), name="period_first_day"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_at__isnull", True), ("state", "open")),
                                    models.Q(("closed_at__isnull", False), ("state", "closed")),
                                    _connector="OR",
                                ),
                                name="period_closed_at",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PeriodChange",
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
                                choices=[("open", "Open"), ("closed", "Closed")],
                                max_length=6,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(blank=True, max_length=500, verbose_name="why"),
                        ),
                        (
                            "checklist",
                            models.JSONField(blank=True, default=list, verbose_name="checklist"),
                        ),
                        (
                            "accrued",
                            models.JSONField(
                                blank=True, default=list, verbose_name="accrued sessions"
                            ),
                        ),
                        ("by_label", models.CharField(max_length=200, verbose_name="by")),
                        (
                            "happened_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="when",
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
                            "period",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="changes",
                                to="billing.period",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "change of a month",
                        "verbose_name_plural": "changes of months",
                        "ordering": ["-happened_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                    },
                ),
                migrations.CreateModel(
                    name="RevenueMapping",
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
                                blank=True,
                                choices=[
                                    ("energy", "Energy"),
                                    ("time", "Time"),
                                    ("idle", "Idle time"),
                                    ("session_fee", "Session fee"),
                                    ("fee", "Fee"),
                                    ("network", "Network access"),
                                    ("discount", "Discount"),
                                    ("other", "Other"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "category",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("S", "Taxed"),
                                    ("Z", "Zero rate"),
                                    ("E", "Exempt"),
                                    ("AE", "Reverse charge"),
                                    ("K", "To another EU country"),
                                    ("G", "Export"),
                                    ("O", "Outside the scope of VAT"),
                                ],
                                max_length=2,
                                verbose_name="tax category",
                            ),
                        ),
                        (
                            "rate",
                            models.DecimalField(
                                blank=True,
                                decimal_places=4,
                                max_digits=7,
                                null=True,
                                verbose_name="tax rate (%)",
                            ),
                        ),
                        (
                            "country",
                            models.CharField(blank=True, max_length=2, verbose_name="country"),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sales",
                                to="billing.chartaccount",
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
                                related_name="revenue_mappings",
                                to="billing.seller",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "account of revenue",
                        "verbose_name_plural": "accounts of revenue",
                        "ordering": ["account__number", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("seller", "kind", "category", "rate", "country"),
                                name="revenue_mapping_once",
                                nulls_distinct=False,
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TaxMapping",
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
                            "rate",
                            models.DecimalField(
                                blank=True,
                                decimal_places=4,
                                max_digits=7,
                                null=True,
                                verbose_name="tax rate (%)",
                            ),
                        ),
                        (
                            "country",
                            models.CharField(blank=True, max_length=2, verbose_name="country"),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="taxes",
                                to="billing.chartaccount",
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
                                related_name="tax_mappings",
                                to="billing.seller",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "account of VAT",
                        "verbose_name_plural": "accounts of VAT",
                        "ordering": ["account__number", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("seller", "rate", "country"),
                                name="tax_mapping_once",
                                nulls_distinct=False,
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Books",
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
                            "site_dimension",
                            models.PositiveSmallIntegerField(
                                blank=True, default=1, null=True, verbose_name="dimension of sites"
                            ),
                        ),
                        (
                            "year_first_month",
                            models.PositiveSmallIntegerField(
                                default=1, verbose_name="first month of the financial year"
                            ),
                        ),
                        (
                            "last_number",
                            models.PositiveIntegerField(default=0, verbose_name="last number"),
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
                        (
                            "seller",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="books",
                                to="billing.seller",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "books",
                        "verbose_name_plural": "books",
                        "ordering": ["seller__name", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("year_first_month__gte", 1), ("year_first_month__lte", 12)
                                ),
                                name="books_year",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("site_dimension__isnull", True),
                                    models.Q(
                                        ("site_dimension__gte", 1), ("site_dimension__lte", 9999)
                                    ),
                                    _connector="OR",
                                ),
                                name="books_dimension",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EntryAttest",
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
                        ("by_label", models.CharField(max_length=200, verbose_name="approved by")),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                        (
                            "attested_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="approved",
                            ),
                        ),
                        (
                            "entry",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attest",
                                to="billing.journalentry",
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
                        "verbose_name": "second approval",
                        "verbose_name_plural": "second approvals",
                        "ordering": ["-attested_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                    },
                ),
                migrations.CreateModel(
                    name="SiteCode",
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
                        ("code", models.CharField(max_length=20, verbose_name="code in the books")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
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
                        (
                            "site",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="book_code",
                                to="stations.site",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "site's code in the books",
                        "verbose_name_plural": "sites' codes in the books",
                        "ordering": ["code", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("operator", "code"), name="site_code_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("code__regex", "^[0-9A-Za-zÅÄÖåäö._-]{1,20}$")),
                                name="site_code_written",
                            ),
                        ],
                    },
                ),
            ]
        ),
        *sql.same_operators(KEYS),
        *(sql.append_only(f"billing_{table}") for table in FIXED),
        sql.append_only("billing_entryattest"),
        migrations.RunSQL(GUARDS, UNDO),
    ]
