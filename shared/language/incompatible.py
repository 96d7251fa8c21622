"""Who did the one may not do the other to the same case: the maker is not the checker.

One table: the domain refuses by it, `docs/access.md` shows it, and a test walks it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from shared.language.errors import AboutYourself, DecidedIt, NotImpartial, Refusal, TookTheRequest


class Act(StrEnum):
    """What a person did to a case, or is about to do."""

    TAKE = "take"
    STUDY = "study"
    REJECT = "reject"
    VOTE = "vote"
    DECIDE = "decide"
    DELIVER = "deliver"
    BE_COMPLAINED_OF = "be_complained_of"
    ANSWER_COMPLAINT = "answer_complaint"


@dataclass(frozen=True)
class Incompatible:
    """Whoever did `did` is refused `then`."""

    did: Act
    then: Act
    refusal: type[Refusal]
    ar: str
    en: str


_TOOK = ("من أخذ الطلب أو أخذ إقراره أو رفعه", "who began the request, took its attestation or sent it up")
_STUDIED = ("من درس الطلب في أي جولة", "who studied the case in any round")
_REJECTED = ("من رفضه في جولة سابقة", "who rejected it in an earlier round")

INCOMPATIBLE = (
    *(
        Incompatible(did, then, refusal, ar=f"{ar} {ar_then}", en=f"{en} {en_then}")
        for did, refusal, (ar, en) in (
            (Act.TAKE, TookTheRequest, _TOOK),
            (Act.STUDY, NotImpartial, _STUDIED),
            (Act.REJECT, NotImpartial, _REJECTED),
        )
        for then, ar_then, en_then in (
            (Act.VOTE, "لا يصوّت عليه", "does not vote on it"),
            (Act.DECIDE, "لا يبتّ فيه", "does not decide it"),
        )
    ),
    Incompatible(
        Act.DECIDE,
        Act.DELIVER,
        DecidedIt,
        ar="من بتّ في الطلب أو صوّت عليه لا يثبت تسليمه",
        en="who decided the request, or voted on it, does not confirm its delivery",
    ),
    Incompatible(
        Act.BE_COMPLAINED_OF,
        Act.ANSWER_COMPLAINT,
        AboutYourself,
        ar="من كانت الشكوى عنه لا يجيب عنها",
        en="whom a complaint is about does not answer it",
    ),
)


def check_compatible(then: Act, *, by: str, did: Mapping[Act, Collection[str]]) -> None:
    """Raises the refusal of the first pair by which `by`, for what he did, may not do `then`."""
    for pair in INCOMPATIBLE:
        if pair.then is then and by in did.get(pair.did, ()):
            raise pair.refusal
