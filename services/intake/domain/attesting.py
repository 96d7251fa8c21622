"""How somebody signs for the truth of his data, and to what exactly (`step.attestation`)."""

import hashlib
import json
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from shared.language.case_lifecycle import CaseStatus
from shared.language.clauses import Clause
from shared.language.errors import SignatureIncomplete
from shared.plumbing.seal import RING
from shared.policy.parts import AttestationText


class Manner(StrEnum):
    """How he signed."""

    TYPED = "typed"
    DRAWN = "drawn"
    WITNESS = "witness"
    """He cannot sign: the text was read to him, and he said yes before a witness."""
    THUMB = "thumb"
    """His thumb on the paper, before a witness."""
    GUARDIAN = "guardian"
    """Somebody signs who may act for him."""


class Signing(BaseModel):
    """Who signs, how, and where another stands beside him or for him, who and why."""

    model_config = ConfigDict(frozen=True)

    manner: Manner = Manner.TYPED
    signed_name: str
    witness: str | None = None
    guardian: str | None = None
    kinship: str | None = None
    reason: str | None = None

    def check(self) -> None:
        """Raises `SignatureIncomplete` for the first thing that this manner needs and that is not said."""
        needs = {
            Manner.WITNESS: ("witness", "reason"),
            Manner.THUMB: ("witness", "reason"),
            Manner.GUARDIAN: ("guardian", "kinship", "reason"),
        }.get(self.manner, ())
        for name in needs:
            if not (getattr(self, name) or "").strip():
                raise SignatureIncomplete(field=name, clause=Clause.STEP_ATTESTATION)


def waits_for_signature(status: CaseStatus, *, attested_digest: str | None, digest: str) -> bool:
    """Whether he is to sign: it is complete, or changed after he signed and did not go up yet."""
    return status is CaseStatus.COMPLETE or (status is CaseStatus.ATTESTED and attested_digest != digest)


def digest_of_text(text: AttestationText) -> str:
    """A digest of the very words, in both languages: a text that changed under its version is another text."""
    words = [text.version, text.text.model_dump(), [statement.model_dump() for statement in text.statements]]
    return hashlib.sha256(json.dumps(words, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def bound_to(text: AttestationText, *, data_digest: str, signing: Signing, drawing: bytes | None) -> str:
    """To what a code by SMS is bound: the text, the data, and the signature under them. Any change makes another."""
    signed = [
        digest_of_text(text),
        data_digest,
        signing.model_dump(mode="json"),
        hashlib.sha256(drawing).hexdigest() if drawing else None,
    ]
    # Keyed: it is kept, and a name in it could else be tried until it fits.
    return RING.index("attestation\n" + json.dumps(signed, ensure_ascii=False, sort_keys=True))
