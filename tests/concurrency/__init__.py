"""Real processes and servers that are killed and restarted."""
