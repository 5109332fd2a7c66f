"""Search over everything: texts kept as trigrams by triggers, sources plugged in by the rooms."""
