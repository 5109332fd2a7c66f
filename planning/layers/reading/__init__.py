"""Files of layers as tables: CSV, GeoJSON, GeoPackage and lists of stations."""
