"""Files that people bring: what they are, how they are kept and handed out."""
