"""The tools of the policy and the common answers, at hand beside the request (`tool.*`)."""

from collections.abc import Mapping
from typing import Any

from services.intake.pages.desk.on_desk import OnDesk
from services.intake.pages.desk.words import TOOLS
from shared.language.clauses import Tool


async def library(desk: OnDesk) -> Mapping[str, Any]:
    """What there is to look into; whether an edition is in force, its own page says."""
    tools = [TOOLS[tool] for tool in Tool if desk.pack.adopts(tool.clause)]
    return {"tools": tools, "at": desk.at("/library")}
