"""Days that a person types, checked as the pages check them."""

from services.intake.days import check_day_has_come, check_reception

__all__ = ["check_day_has_come", "check_reception"]
