"""Claims about Athar in its field's own words."""

import sys

# httpx asks for it at each call of an app and, where it is not there, looks through every folder of the path again.
sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]
