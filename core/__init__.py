"""The shared kernel; knows nothing of charging."""
