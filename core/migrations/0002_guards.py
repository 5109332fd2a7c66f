"""Database guards: tenancy and append-only functions, the audit trail's protection."""

from django.db import migrations

from core.tenancy import sql


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [sql.functions(), sql.append_only("core_auditentry")]
