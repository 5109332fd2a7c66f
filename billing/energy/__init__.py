"""What a site's electricity cost, month by month, against what its stations delivered."""
