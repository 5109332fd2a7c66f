"""Companies: whose drivers charge, or whose pool of cards is used."""
