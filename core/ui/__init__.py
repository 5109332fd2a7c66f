"""Building blocks of pages: words, colours and icons of states, times, units, JSON."""
