"""Payment terminals behind a gateway that is spoken with over HTTP."""
