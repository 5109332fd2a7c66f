"""The customer portal: logins, invitations, consents, choices, starts."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import customers.selfservice.models
from core.migrating import CreateModels
from core.tenancy import sql

KEYS = {
    "customers_customerlogin": {
        "driver_id": "customers_driver",
        "company_id": "customers_company",
    },
    "customers_customerinvitation": {
        "driver_id": "customers_driver",
        "company_id": "customers_company",
    },
    "customers_consent": {
        "text_id": "core_legaltext",
    },
    "customers_driverchoices": {
        "driver_id": "customers_driver",
    },
    "customers_chargestart": {
        "driver_id": "customers_driver",
        "token_id": "customers_idtoken",
        "evse_id": "stations_evse",
        "command_id": "stations_command",
    },
}


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_initial"),
        ("customers", "0008_residents"),
        ("stations", "0002_journals"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="DriverChoices",
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
                            "mails_charging_end",
                            models.BooleanField(
                                default=True, verbose_name="mail me when charging has ended"
                            ),
                        ),
                        ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                        (
                            "driver",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="choices",
                                to="customers.driver",
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
                        "verbose_name": "driver's choices",
                        "verbose_name_plural": "drivers' choices",
                        "ordering": ["driver_id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                    },
                ),
                migrations.CreateModel(
                    name="ChargeStart",
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
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
                            ),
                        ),
                        (
                            "cancelled_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="cancelled"),
                        ),
                        (
                            "command",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="charge_start",
                                to="stations.command",
                            ),
                        ),
                        (
                            "driver",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="charge_starts",
                                to="customers.driver",
                            ),
                        ),
                        (
                            "evse",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="stations.evse",
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
                            "token",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="customers.idtoken",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "wish to charge",
                        "verbose_name_plural": "wishes to charge",
                        "ordering": ["-created_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["driver", "-created_at"], name="charge_start_recent_idx"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Consent",
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
                            "accepted_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="accepted",
                            ),
                        ),
                        ("source_ip", models.GenericIPAddressField(blank=True, null=True)),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "text",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consents",
                                to="core.legaltext",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consents",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "consent",
                        "verbose_name_plural": "consents",
                        "ordering": ["-accepted_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(fields=("user", "text"), name="consent_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CustomerInvitation",
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
                                    ("driver", "Driver"),
                                    ("company_admin", "Company administrator"),
                                ],
                                max_length=14,
                                verbose_name="kind",
                            ),
                        ),
                        ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                        (
                            "language",
                            models.CharField(
                                choices=[("en", "English"), ("sv", "Swedish")],
                                max_length=10,
                                verbose_name="language",
                            ),
                        ),
                        (
                            "nonce",
                            models.CharField(
                                default=customers.selfservice.models.new_nonce,
                                max_length=32,
                                unique=True,
                            ),
                        ),
                        (
                            "invited_label",
                            models.CharField(blank=True, max_length=200, verbose_name="invited by"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
                            ),
                        ),
                        ("expires_at", models.DateTimeField(verbose_name="expires")),
                        (
                            "sent_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="sent"),
                        ),
                        (
                            "accepted_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="accepted"),
                        ),
                        (
                            "withdrawn_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="withdrawn"),
                        ),
                        (
                            "company",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="invitations",
                                to="customers.company",
                            ),
                        ),
                        (
                            "driver",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="invitations",
                                to="customers.driver",
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
                        "verbose_name": "invitation of a customer",
                        "verbose_name_plural": "invitations of customers",
                        "ordering": ["-created_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                condition=models.Q(
                                    ("accepted_at", None), ("sent_at", None), ("withdrawn_at", None)
                                ),
                                fields=["id"],
                                name="customer_invitation_unsent_idx",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("company__isnull", True),
                                        ("driver__isnull", False),
                                        ("kind", "driver"),
                                    ),
                                    models.Q(
                                        ("company__isnull", False),
                                        ("driver__isnull", True),
                                        ("kind", "company_admin"),
                                    ),
                                    _connector="OR",
                                ),
                                name="customer_invitation_subject",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("accepted_at", None), ("withdrawn_at", None)),
                                fields=("driver",),
                                name="customer_invitation_driver_once",
                            ),
                            models.UniqueConstraint(
                                models.F("company"),
                                django.db.models.functions.text.Lower("email"),
                                condition=models.Q(("accepted_at", None), ("withdrawn_at", None)),
                                name="customer_invitation_company_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("accepted_at", None), ("withdrawn_at", None), _connector="OR"
                                ),
                                name="customer_invitation_one_end",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CustomerLogin",
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
                                    ("driver", "Driver"),
                                    ("company_admin", "Company administrator"),
                                ],
                                max_length=14,
                                verbose_name="kind",
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
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="ended"),
                        ),
                        (
                            "company",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="logins",
                                to="customers.company",
                            ),
                        ),
                        (
                            "driver",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="logins",
                                to="customers.driver",
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
                                related_name="customer_logins",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "customer's log-in",
                        "verbose_name_plural": "customers' log-ins",
                        "ordering": ["operator_id", "user_id", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("company__isnull", True),
                                        ("driver__isnull", False),
                                        ("kind", "driver"),
                                    ),
                                    models.Q(
                                        ("company__isnull", False),
                                        ("driver__isnull", True),
                                        ("kind", "company_admin"),
                                    ),
                                    _connector="OR",
                                ),
                                name="customer_login_subject",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("operator", "user", "kind"),
                                name="customer_login_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("driver",),
                                name="customer_login_driver_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PortalSetup",
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
                            "allows_sign_up",
                            models.BooleanField(
                                default=False,
                                help_text="They become drivers without a card; you say who pays for them.",
                                verbose_name="people may sign up by themselves",
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
                        "verbose_name": "set-up of the customer portal",
                        "verbose_name_plural": "set-ups of the customer portal",
                        "ordering": ["operator_id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(fields=("operator",), name="portal_setup_once")
                        ],
                    },
                ),
            ]
        ),
        *sql.same_operators(KEYS),
        sql.append_only("customers_consent"),
    ]
