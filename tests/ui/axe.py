"""What axe says against a page, asked for as little as a verdict needs."""

import json

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page

# Without what passed, and as one text: handing over all that axe looked at took longer than its look.
_LOOK = "axe.run({resultTypes: ['violations']}).then(({violations}) => JSON.stringify({violations}))"


def violations_of(page: Page) -> str:
    """A report of what bars somebody from the page as it stands; empty where nothing does."""
    # A document that axe was brought into keeps it.
    if not page.evaluate("'axe' in window"):
        page.evaluate(f"{AXE_SCRIPT}; true")
    found = AxeResults(json.loads(page.evaluate(_LOOK)))
    return str(found.generate_report()) if found.violations_count else ""
