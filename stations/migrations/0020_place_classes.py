"""Sessions keep the class of their place."""

from django.db import migrations

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
    dependencies = [
        ("stations", "0019_uptime"),
    ]

    operations = [
        migrations.RunSQL(KEPT, UNKEPT),
    ]
