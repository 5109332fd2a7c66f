"""People, operators and their members, what operators state about themselves, the audit trail."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.members.models
from core.migrating import CreateModels
from core.tenancy import sql

LAST_OWNER = """
CREATE FUNCTION core_membership_keep_an_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('portal.maintenance', true) = 'on' THEN
    RETURN COALESCE(NEW, OLD);
  END IF;
  PERFORM 1 FROM core_operator WHERE id = OLD.operator_id FOR UPDATE;
  IF NOT EXISTS (SELECT 1 FROM core_membership WHERE operator_id = OLD.operator_id
                 AND id <> OLD.id AND role = 'owner' AND is_active) THEN
    RAISE EXCEPTION 'The last owner of an operator cannot be removed or demoted'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER core_membership_last_owner_changed BEFORE UPDATE ON core_membership
  FOR EACH ROW WHEN (OLD.role = 'owner' AND OLD.is_active
                     AND (NEW.role <> 'owner' OR NOT NEW.is_active))
  EXECUTE FUNCTION core_membership_keep_an_owner();
CREATE TRIGGER core_membership_last_owner_deleted BEFORE DELETE ON core_membership
  FOR EACH ROW WHEN (OLD.role = 'owner' AND OLD.is_active)
  EXECUTE FUNCTION core_membership_keep_an_owner();
"""

NO_LAST_OWNER = """
DROP TRIGGER core_membership_last_owner_changed ON core_membership;
DROP TRIGGER core_membership_last_owner_deleted ON core_membership;
DROP FUNCTION core_membership_keep_an_owner();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Operator",
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
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("slug", models.SlugField(unique=True, verbose_name="short name")),
                        (
                            "country_code",
                            models.CharField(
                                default="SE", max_length=2, verbose_name="country code"
                            ),
                        ),
                        (
                            "party_id",
                            models.CharField(
                                help_text="As in SE*ABC*E1", max_length=3, verbose_name="party id"
                            ),
                        ),
                        (
                            "time_zone",
                            models.CharField(
                                default="Europe/Stockholm", max_length=64, verbose_name="time zone"
                            ),
                        ),
                        (
                            "currency",
                            models.CharField(default="SEK", max_length=3, verbose_name="currency"),
                        ),
                        (
                            "language",
                            models.CharField(default="sv", max_length=10, verbose_name="language"),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
                            ),
                        ),
                        (
                            "second_factor_roles",
                            models.JSONField(
                                blank=True,
                                help_text="Empty: as the installation says",
                                null=True,
                                verbose_name="roles that need a second factor",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "operator",
                        "verbose_name_plural": "operators",
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="User",
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
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        (
                            "last_login",
                            models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                        ),
                        (
                            "is_superuser",
                            models.BooleanField(
                                default=False,
                                help_text="Designates that this user has all permissions without explicitly assigning them.",
                                verbose_name="superuser status",
                            ),
                        ),
                        (
                            "email",
                            models.EmailField(
                                max_length=254, unique=True, verbose_name="e-mail address"
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=150, verbose_name="name")),
                        (
                            "language",
                            models.CharField(default="en", max_length=10, verbose_name="language"),
                        ),
                        (
                            "time_zone",
                            models.CharField(blank=True, max_length=64, verbose_name="time zone"),
                        ),
                        (
                            "theme",
                            models.CharField(
                                choices=[
                                    ("system", "System"),
                                    ("light", "Light"),
                                    ("dark", "Dark"),
                                ],
                                default="system",
                                max_length=10,
                                verbose_name="theme",
                            ),
                        ),
                        (
                            "is_staff",
                            models.BooleanField(default=False, verbose_name="may use the admin"),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "date_joined",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="joined"
                            ),
                        ),
                        (
                            "groups",
                            models.ManyToManyField(
                                blank=True,
                                help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.group",
                                verbose_name="groups",
                            ),
                        ),
                        (
                            "user_permissions",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Specific permissions for this user.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.permission",
                                verbose_name="user permissions",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "user",
                        "verbose_name_plural": "users",
                        "ordering": ["email"],
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("email"),
                                name="user_email_ci_unique",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Membership",
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
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="memberships",
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
                            "is_limited",
                            models.BooleanField(
                                default=False, verbose_name="limited to chosen sites"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "membership",
                        "verbose_name_plural": "memberships",
                        "ordering": ["operator_id", "user_id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("operator", "user"), name="membership_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_limited", True), ("role", "owner"), _negated=True
                                ),
                                name="membership_owner_has_no_limit",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_limited", False), ("role", "host"), _negated=True
                                ),
                                name="membership_host_is_limited",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AuditEntry",
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
                            "at",
                            models.DateTimeField(
                                db_index=True,
                                default=django.utils.timezone.now,
                                verbose_name="time",
                            ),
                        ),
                        (
                            "actor_kind",
                            models.CharField(
                                choices=[
                                    ("person", "Person"),
                                    ("api_token", "API token"),
                                    ("system", "System"),
                                ],
                                max_length=10,
                                verbose_name="actor kind",
                            ),
                        ),
                        ("actor_id", models.BigIntegerField(blank=True, null=True)),
                        ("actor_label", models.CharField(max_length=200, verbose_name="who")),
                        ("verb", models.CharField(max_length=60, verbose_name="what")),
                        (
                            "object_type",
                            models.CharField(max_length=60, verbose_name="object type"),
                        ),
                        ("object_id", models.CharField(max_length=64)),
                        ("object_label", models.CharField(max_length=200, verbose_name="object")),
                        ("before", models.JSONField(default=dict, verbose_name="before")),
                        ("after", models.JSONField(default=dict, verbose_name="after")),
                        ("reason", models.TextField(blank=True, verbose_name="reason")),
                        (
                            "request_id",
                            models.CharField(blank=True, max_length=64, verbose_name="request id"),
                        ),
                        (
                            "source_ip",
                            models.GenericIPAddressField(
                                blank=True, null=True, verbose_name="from"
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
                        "verbose_name": "audit entry",
                        "verbose_name_plural": "audit trail",
                        "ordering": ["-at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["operator", "object_type", "object_id", "-at"],
                                name="audit_object_idx",
                            ),
                            models.Index(fields=["operator", "-at"], name="audit_recent_idx"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ApiToken",
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
                        ("name", models.CharField(max_length=100, verbose_name="name")),
                        (
                            "prefix",
                            models.CharField(max_length=12, unique=True, verbose_name="prefix"),
                        ),
                        ("digest", models.CharField(max_length=64, unique=True)),
                        ("permissions", models.JSONField(default=list, verbose_name="permissions")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
                            ),
                        ),
                        (
                            "expires_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="expires"),
                        ),
                        (
                            "last_used_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="last used"),
                        ),
                        (
                            "revoked_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="revoked"),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
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
                            "is_limited",
                            models.BooleanField(
                                default=False, verbose_name="limited to chosen sites"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "API token",
                        "verbose_name_plural": "API tokens",
                        "ordering": ["-created_at"],
                        "abstract": False,
                        "base_manager_name": "objects",
                    },
                ),
                migrations.CreateModel(
                    name="Invitation",
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
                        ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                        ("name", models.CharField(blank=True, max_length=150, verbose_name="name")),
                        (
                            "role",
                            models.CharField(
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
                        (
                            "is_limited",
                            models.BooleanField(
                                default=False, verbose_name="limited to chosen sites"
                            ),
                        ),
                        (
                            "places",
                            models.JSONField(blank=True, default=list, verbose_name="sites"),
                        ),
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
                                default=core.members.models.new_nonce, max_length=32, unique=True
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
                            "invited_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
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
                    ],
                    options={
                        "verbose_name": "invitation",
                        "verbose_name_plural": "invitations",
                        "ordering": ["-created_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                condition=models.Q(
                                    ("accepted_at", None), ("sent_at", None), ("withdrawn_at", None)
                                ),
                                fields=["id"],
                                name="invitation_unsent_idx",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("operator"),
                                django.db.models.functions.text.Lower("email"),
                                condition=models.Q(("accepted_at", None), ("withdrawn_at", None)),
                                name="invitation_open_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_limited", True), ("role", "owner"), _negated=True
                                ),
                                name="invitation_owner_has_no_limit",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("accepted_at", None), ("withdrawn_at", None), _connector="OR"
                                ),
                                name="invitation_one_end",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_limited", False), ("role", "host"), _negated=True
                                ),
                                name="invitation_host_is_limited",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LegalText",
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
                                choices=[("terms", "Terms"), ("privacy", "Privacy text")],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("language", models.CharField(max_length=10, verbose_name="language")),
                        ("version", models.PositiveIntegerField(verbose_name="version")),
                        ("text", models.TextField(verbose_name="text")),
                        (
                            "published_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="published"
                            ),
                        ),
                        (
                            "published_label",
                            models.CharField(max_length=200, verbose_name="published by"),
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
                        "verbose_name": "published text",
                        "verbose_name_plural": "published texts",
                        "ordering": ["kind", "language", "-version"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("operator", "kind", "language", "version"),
                                name="legal_text_version_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OperatorSetup",
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
                            "legal_name",
                            models.CharField(blank=True, max_length=200, verbose_name="legal name"),
                        ),
                        (
                            "organisation_number",
                            models.CharField(
                                blank=True, max_length=32, verbose_name="organisation number"
                            ),
                        ),
                        (
                            "vat_number",
                            models.CharField(blank=True, max_length=32, verbose_name="VAT number"),
                        ),
                        (
                            "address",
                            models.CharField(blank=True, max_length=200, verbose_name="address"),
                        ),
                        (
                            "postal_code",
                            models.CharField(blank=True, max_length=16, verbose_name="postal code"),
                        ),
                        ("city", models.CharField(blank=True, max_length=100, verbose_name="town")),
                        (
                            "bankgiro",
                            models.CharField(blank=True, max_length=16, verbose_name="bankgiro"),
                        ),
                        ("iban", models.CharField(blank=True, max_length=42, verbose_name="IBAN")),
                        ("bic", models.CharField(blank=True, max_length=11, verbose_name="BIC")),
                        (
                            "sender_name",
                            models.CharField(
                                blank=True, max_length=100, verbose_name="sender name"
                            ),
                        ),
                        (
                            "sender_email",
                            models.EmailField(
                                blank=True, max_length=254, verbose_name="sender address"
                            ),
                        ),
                        (
                            "reply_to",
                            models.EmailField(
                                blank=True, max_length=254, verbose_name="replies to"
                            ),
                        ),
                        (
                            "languages",
                            models.JSONField(blank=True, default=list, verbose_name="languages"),
                        ),
                        ("logo_path", models.CharField(blank=True, max_length=200)),
                        (
                            "mail_tested_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="mail tested"),
                        ),
                        ("mail_test_error", models.CharField(blank=True, max_length=500)),
                        (
                            "updated_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="changed"
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
                        "verbose_name": "operator's setup",
                        "verbose_name_plural": "operators' setups",
                        "ordering": ["operator_id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("operator",), name="operator_setup_once"
                            )
                        ],
                    },
                ),
            ]
        ),
        sql.functions(),
        sql.append_only("core_auditentry"),
        sql.append_only("core_legaltext"),
        migrations.RunSQL(LAST_OWNER, NO_LAST_OWNER),
    ]
