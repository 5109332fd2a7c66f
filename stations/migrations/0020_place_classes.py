"""Sites have a place class that sessions keep as it was; sessions are found by vehicle."""

import django.db.models.fields.json
from django.db import migrations, models

CLASSES = [
    ("", "Not stated"),
    ("home", "Home"),
    ("workplace", "Workplace"),
    ("depot", "Depot"),
    ("public", "Public"),
]
# Here and not in the writer of the bridge, so that whoever writes a session gets it right.
KEPT = """
CREATE FUNCTION stations_session_place_class() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT s.place_class INTO NEW.place_class FROM stations_station t
    JOIN stations_site s ON s.id = t.site_id WHERE t.id = NEW.station_id;
  NEW.place_class := coalesce(NEW.place_class, '');
  RETURN NEW;
END $$;
CREATE TRIGGER stations_session_place_class BEFORE INSERT ON stations_session
  FOR EACH ROW WHEN (NEW.place_class = '') EXECUTE FUNCTION stations_session_place_class();
"""
UNKEPT = """
DROP TRIGGER stations_session_place_class ON stations_session;
DROP FUNCTION stations_session_place_class();
"""


class Migration(migrations.Migration):
    dependencies = [("stations", "0019_uptime")]

    operations = [
        migrations.AddField(
            model_name="site",
            name="place_class",
            field=models.CharField(
                blank=True,
                choices=CLASSES,
                db_default="",
                default="",
                help_text="What charging here is to who drives. "
                "Sessions keep it as it was when they began.",
                max_length=20,
                verbose_name="place class",
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="place_class",
            field=models.CharField(
                blank=True,
                choices=CLASSES,
                db_default="",
                default="",
                max_length=20,
                verbose_name="place class",
            ),
        ),
        migrations.RunSQL(KEPT, UNKEPT),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(
                django.db.models.fields.json.KeyTextTransform("vehicle", "token_snapshot"),
                models.F("first_received_at"),
                condition=models.Q(("token_snapshot__has_key", "vehicle")),
                name="session_vehicle_idx",
            ),
        ),
    ]
