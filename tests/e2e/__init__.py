"""Journeys of people through a browser, against web server, bridge and database."""
