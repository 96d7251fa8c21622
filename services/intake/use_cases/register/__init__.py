"""People, households and duplicates: what may be done with them."""
