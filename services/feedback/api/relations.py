"""Complaints and suggestions: at the public's door, at the desk, and before the quality officer."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from services.feedback import store
from services.feedback.api.bodies import After, Body, Id, Limit, Line, PathId, Text
from services.feedback.domain.relations import Relation, RelationKind
from services.feedback.use_cases.receive_relation import ReceiveRelation, receive_relation
from services.feedback.use_cases.resolve_complaint import ResolveComplaint, resolve_complaint
from services.feedback.use_cases.show_contact import ShowContact, show_contact
from shared.language import errors
from shared.language.events import Party
from shared.language.roles import APPLICANT, Role
from shared.plumbing.doors import ANYONE, Now, Session, allow, api_router, refuses, shown_anew
from shared.plumbing.identity import Principal, Scope
from shared.plumbing.masks import masked
from shared.plumbing.scoped_session import set_scope
from shared.policy.adopted import pack_of

router = api_router(tag="relations")

ON_BEHALF = (Role.INTAKE_OFFICER, Role.DELEGATE, Role.BRANCH_MANAGER, Role.QUALITY_OFFICER)
"""Who takes down what a person says."""
READERS = (Role.QUALITY_OFFICER, Role.AUDITOR)
ANSWERERS = (Role.QUALITY_OFFICER, Role.SENSITIVE_COMPLAINTS_OFFICER)

SAID = {
    "party": "beneficiary",
    "subject": "تأخر الرد على الهاتف",
    "text": "اتصلت مرارًا ولم يرد أحد.",
    "contact": "0555000111",
}


class Said(Body):
    """What a party says, and how to reach it if it wants an answer."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{**SAID}]})

    party: Party
    subject: Line
    text: Text
    contact: Line | None = None


class Complained(Said):
    """A complaint: the case and the member of the staff that it is about, where known; and whether it is sensitive."""

    case_id: Id | None = None
    about_person: Id | None = None
    sensitive: bool = False


class PublicSaid(Said):
    """The same from the public, which names the association."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"association_id": "jamoum-orphans", **SAID}]}
    )

    association_id: Line


class PublicComplained(PublicSaid):
    """A complaint of the public; a sensitive one is read by the officer of such complaints alone."""

    sensitive: bool = False


class Resolution(Body):
    """What the association answers to a complaint."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"answer": "نعتذر، وقد أضفنا خطًا هاتفيًا ثانيًا."}]}
    )

    answer: Text


class Receipt(BaseModel):
    """That it was heard. The words themselves are not repeated: this answer may be kept to be given again."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    kind: RelationKind
    party: Party
    sensitive: bool
    received_at: datetime
    resolved_at: datetime | None


class Why(Body):
    """Why the contact has to be seen. It is kept."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "للاتصال به بشأن شكواه"}]})

    reason: Text


class ContactView(BaseModel):
    """How the party is reached, in clear."""

    contact: str | None


class RelationView(Receipt):
    """All that was said, and the answer; nothing but that there is one where it is sensitive and not for you.

    How the party is reached is masked.
    """

    subject_id: str | None
    subject: str | None
    text: str | None
    contact: Annotated[str | None, Field(examples=["••••11"])]
    answer: str | None

    @field_validator("contact")
    @classmethod
    def mask(cls, contact: str | None) -> str | None:
        return None if contact is None else masked(contact)


class RelationPage(BaseModel):
    """A page, oldest first; `next` is the `after` of the following page."""

    items: list[RelationView]
    next: str | None


def _command(said: Said, kind: RelationKind, *, association_id: str, by: str) -> ReceiveRelation:
    words = said.model_dump(exclude={"association_id"})
    return ReceiveRelation(association_id=association_id, kind=kind, by=by, **words)


def shown_to(relation: Relation, who: Principal) -> RelationView:
    """As this person may see it."""
    view = RelationView.model_validate(relation)
    hidden = dict.fromkeys(("subject", "text", "contact", "answer"))
    return view if relation.speaks_to(who.role) else view.model_copy(update=hidden)


def _page(relations: list[Relation], *, limit: int, who: Principal) -> RelationPage:
    items = [shown_to(relation, who) for relation in relations]
    return RelationPage(items=items, next=relations[-1].id if len(relations) == limit else None)


@router.post("/complaints", status_code=201, summary="Take down a complaint for a person")
async def post_complaint(
    said: Complained, session: Session, now: Now, who: Annotated[Principal, allow(*ON_BEHALF)]
) -> Receipt:
    command = _command(said, RelationKind.COMPLAINT, association_id=who.association_id, by=who.person_id)
    return Receipt.model_validate(await receive_relation(command, session=session, now=now))


@router.post("/suggestions", status_code=201, summary="Take down a suggestion for a person")
async def post_suggestion(
    said: Said, session: Session, now: Now, who: Annotated[Principal, allow(*ON_BEHALF)]
) -> Receipt:
    command = _command(said, RelationKind.SUGGESTION, association_id=who.association_id, by=who.person_id)
    return Receipt.model_validate(await receive_relation(command, session=session, now=now))


@router.post("/public/complaints", status_code=201, summary="Complain")
@refuses(errors.AssociationUnknown)
async def post_public_complaint(
    said: PublicComplained, session: Session, now: Now, _: Annotated[None, ANYONE]
) -> Receipt:
    await set_scope(session, Scope(association_id=pack_of(said.association_id).id))
    by = APPLICANT.person_id
    command = _command(said, RelationKind.COMPLAINT, association_id=said.association_id, by=by)
    return Receipt.model_validate(await receive_relation(command, session=session, now=now))


@router.post("/public/suggestions", status_code=201, summary="Suggest how it could be better")
@refuses(errors.AssociationUnknown)
async def post_public_suggestion(said: PublicSaid, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Receipt:
    await set_scope(session, Scope(association_id=pack_of(said.association_id).id))
    by = APPLICANT.person_id
    command = _command(said, RelationKind.SUGGESTION, association_id=said.association_id, by=by)
    return Receipt.model_validate(await receive_relation(command, session=session, now=now))


@router.get("/complaints", summary="The complaints, a page at a time")
async def list_complaints(
    session: Session,
    who: Annotated[Principal, allow(*READERS, Role.SENSITIVE_COMPLAINTS_OFFICER)],
    after: After = "",
    limit: Limit = 50,
) -> RelationPage:
    """A sensitive one is seen by all who see complaints, its words by the officer of such complaints alone."""
    alone = who.role is Role.SENSITIVE_COMPLAINTS_OFFICER
    found = await store.list_relations(
        session, RelationKind.COMPLAINT, scope=who.scope, after=after, limit=limit, sensitive_alone=alone
    )
    return _page(found, limit=limit, who=who)


@router.get("/suggestions", summary="The suggestions, a page at a time")
async def list_suggestions(
    session: Session, who: Annotated[Principal, allow(*READERS)], after: After = "", limit: Limit = 50
) -> RelationPage:
    found = await store.list_relations(session, RelationKind.SUGGESTION, scope=who.scope, after=after, limit=limit)
    return _page(found, limit=limit, who=who)


@router.post("/complaints/{complaint_id}/resolution", status_code=201, summary="Answer a complaint")
@refuses(errors.RelationNotFound, errors.AlreadyResolved, errors.SensitiveComplaint, errors.AboutYourself)
async def post_resolution(
    complaint_id: PathId,
    resolution: Resolution,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(*ANSWERERS)],
) -> Receipt:
    command = ResolveComplaint(relation_id=complaint_id, answer=resolution.answer, by=who)
    return Receipt.model_validate(await resolve_complaint(command, session=session, now=now))


@router.post("/relations/{relation_id}/reveal", summary="See how a party is reached, with a reason that is kept")
@refuses(errors.RelationNotFound, errors.SensitiveComplaint)
@shown_anew
async def post_reveal(
    relation_id: PathId, why: Why, session: Session, now: Now, who: Annotated[Principal, allow(*ANSWERERS)]
) -> ContactView:
    command = ShowContact(relation_id=relation_id, reason=why.reason, by=who)
    return ContactView(contact=await show_contact(command, session=session, now=now))
