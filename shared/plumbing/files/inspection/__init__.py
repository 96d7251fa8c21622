"""What a file really is, and that it is nothing besides: asked in a process of its own, with bounds.

A decoder fed with what strangers made may hang, eat the memory or be taken over; this process holds no key, no database
and no secret, and ends with the file.
"""
