"""Invitations, and an owner for every operator that has one."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.members.models

# Locks the operator, so that two owners cannot leave at the same moment.
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
    dependencies = [
        ("core", "0008_idempotent_calls"),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                (
                    "is_limited",
                    models.BooleanField(default=False, verbose_name="limited to chosen sites"),
                ),
                ("places", models.JSONField(blank=True, default=list, verbose_name="sites")),
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
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
                    ),
                ),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
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
                        condition=models.Q(("is_limited", True), ("role", "owner"), _negated=True),
                        name="invitation_owner_has_no_limit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted_at", None), ("withdrawn_at", None), _connector="OR"
                        ),
                        name="invitation_one_end",
                    ),
                ],
            },
        ),
        migrations.RunSQL(LAST_OWNER, NO_LAST_OWNER),
    ]
