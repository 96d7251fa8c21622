"""The four services under faults: stopped anywhere, cut off, wiped, fed with rubbish; then held to what was promised."""
