"""What sessions cost: the engine, and rated sessions with their lines."""
