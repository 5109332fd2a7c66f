"""Management commands of the charging network and what they read."""
