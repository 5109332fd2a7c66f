"""Id tokens: what a driver presents to a station."""
