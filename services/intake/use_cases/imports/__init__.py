"""Lists of people and requests come in: sent, checked, taken in a page at a time, and gone again."""
