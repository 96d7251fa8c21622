"""Who did, who looked, when and from where: an append-only table in every service, chained by hash a case.

Not the story of a case across the services (`shared/plumbing/trail.py`): this one is evidence, and can be checked.
"""

from shared.plumbing.audit.notes import about, figures_only, record

__all__ = ["about", "figures_only", "record"]
