"""Sites: places where stations stand."""
