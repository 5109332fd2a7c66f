"""Local authorisation lists kept in step with who may charge."""
