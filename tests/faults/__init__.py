"""The four services under faults: stopped anywhere, cut off, wiped, fed rubbish; then held to the promises."""
