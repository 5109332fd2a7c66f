"""Open data of public places: DATEX II and OCPI, read by anyone (AFIR art. 20)."""
