"""What stands between the street and the doors: headers, pace, size and time."""
