"""OCPP-J on the wire: frames, error codes and schema verdicts (pure, no I/O)."""
