"""What the desk says of a signature that it took."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from services.intake.api.views import Body, Code, Line, Text, shown
from services.intake.domain.attesting import Manner


class Signature(Body):
    """The applicant's attestation: the text that he was read, all its statements accepted, and his name."""

    model_config = shown({"text_version": "1", "accepted_statements": 3, "signed_name": "نورة بنت سالم الحربي"})

    text_version: Code
    accepted_statements: Annotated[int, Field(ge=0, le=50)]
    signed_name: Line
    manner: Manner = Manner.TYPED
    witness: Line | None = None
    guardian: Line | None = None
    kinship: Line | None = None
    reason: Text | None = None

    @model_validator(mode="after")
    def is_drawn_by_himself_alone(self) -> Self:
        if self.manner is Manner.DRAWN:
            raise ValueError("a signature is drawn on the applicant's own page")
        return self
