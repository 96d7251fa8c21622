"""What feedback's requests share: texts of a bounded length, ids, and pages."""

from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.language.events import Rating

ID_CHARACTERS = r"^[A-Za-z0-9_.:@-]*$"
"""Ids are stored and compared as they are: letters that a database would choke on stop at the door."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Remark = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Id = Annotated[str, StringConstraints(pattern=ID_CHARACTERS, min_length=1, max_length=100)]
Score = Annotated[Rating, Field(strict=True)]

PathId = Annotated[str, Path(pattern=ID_CHARACTERS, max_length=100)]
After = Annotated[str, Query(pattern=ID_CHARACTERS, max_length=50)]
Limit = Annotated[int, Query(ge=1, le=200)]


class Body(BaseModel):
    """A request body: what it does not name is refused."""

    model_config = ConfigDict(extra="forbid")
