"""Canned answers, and cases that wait for an incident to be over."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from core.tenancy import sql


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0023_maintenance"),
        ("customers", "0016_case_orders"),
        ("stations", "0031_read_by_marks"),
    ]

    operations = [
        migrations.AlterField(
            model_name="caseentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opened", "Opened"),
                    ("linked", "Looked up"),
                    ("note", "Note"),
                    ("command", "Command"),
                    ("attempt", "Authorisation"),
                    ("fault", "Reported fault"),
                    ("fixed", "Told that it works"),
                    ("closed", "Closed"),
                    ("reopened", "Opened again"),
                ],
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.CreateModel(
            name="CannedAnswer",
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
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "text_sv",
                    models.TextField(blank=True, max_length=4000, verbose_name="text in Swedish"),
                ),
                (
                    "text_en",
                    models.TextField(blank=True, max_length=4000, verbose_name="text in English"),
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
                "verbose_name": "canned answer",
                "verbose_name_plural": "canned answers",
                "ordering": ["name", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("operator", "name"), name="canned_answer_name_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text_en", ""), ("text_sv", ""), _negated=True),
                        name="canned_answer_text",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseIncident",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits for the repair"),
                            ("told", "Told by e-mail"),
                            ("no_mail", "No e-mail: in the log alone"),
                            ("failed", "The mail could not be sent"),
                            ("dropped", "Taken back"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("address", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                ("text", models.TextField(max_length=4000, verbose_name="what they are told")),
                (
                    "linked_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="linked"
                    ),
                ),
                ("linked_by_label", models.CharField(max_length=200, verbose_name="linked by")),
                (
                    "next_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="next try"
                    ),
                ),
                ("told_at", models.DateTimeField(blank=True, null=True, verbose_name="told")),
                ("error", models.CharField(blank=True, max_length=500, verbose_name="error")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incident_links",
                        to="customers.supportcase",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
            ],
            options={
                "verbose_name": "case of an incident",
                "verbose_name_plural": "cases of incidents",
                "ordering": ["-linked_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["next_at"],
                        name="case_incident_due_idx",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "dropped"), _negated=True),
                        fields=("case", "incident"),
                        name="case_incident_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["told", "no_mail"]), ("told_at__isnull", False)
                            ),
                            models.Q(
                                models.Q(("state__in", ["told", "no_mail"]), _negated=True),
                                ("told_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="case_incident_told",
                    ),
                ],
            },
        ),
        *sql.same_operators(
            {
                "customers_caseincident": {
                    "case_id": "customers_supportcase",
                    "incident_id": "stations_incident",
                }
            }
        ),
    ]
