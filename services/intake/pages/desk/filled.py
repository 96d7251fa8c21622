"""The form of the service, as it was filled in."""

from collections.abc import Mapping
from typing import Any

from services.intake.pages.desk.on_desk import OnDesk
from shared.language.errors import PersonErased


async def answers(desk: OnDesk) -> Mapping[str, Any]:
    """The form of the service as it was filled in."""
    try:
        filled = desk.case.answers
    except PersonErased:
        return {"erased": True, "rows": []}
    asked = {field.id: desk.words(field.name) for field in desk.service.form} if desk.service else {}
    # What the form asks today, in its order; then what was answered to questions that it asks no more.
    order = [*asked, *(key for key in filled if key not in asked)]
    return {"erased": False, "rows": [(asked.get(key, key), filled.get(key)) for key in order]}
