"""People: looked for before a file is opened."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from services.intake.domain.masks import masked
from services.intake.domain.register.search_proof import prove_search
from services.intake.domain.search import Sought
from services.intake.seats import SEEKERS
from services.intake.use_cases.find_people import Hit, find_people
from shared.plumbing.doors import Now, Session, allow, api_router
from shared.plumbing.identity import Principal
from shared.policy.adopted import pack_of

router = api_router(tag="people")


class BranchView(BaseModel):
    """A branch, by the name that the policy gives it."""

    id: str
    name: dict[str, str]


class PersonView(BaseModel):
    """A person as a list shows him: his numbers masked."""

    id: str
    name: str
    national_id: str
    mobile: str | None
    branches: list[BranchView]
    merged_into: str | None = Field(default=None, description="His other file, which is the one to go on with.")


class FoundView(BaseModel):
    """The likeliest first. `elsewhere` has a file of his: call there, what is in it is theirs."""

    sought: Sought
    people: list[PersonView]
    elsewhere: list[BranchView]
    search: str | None = Field(
        default=None, description="The proof of this search, with which his file is opened within half an hour."
    )


@router.get("/people", summary="Look for a person by name, national id, mobile or a case's reference")
async def get_people(
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(*SEEKERS)],
    q: Annotated[str, Query(min_length=2, max_length=200)],
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> FoundView:
    found = await find_people(q, scope=who.scope, limit=limit, session=session)

    def branches(ids: list[str]) -> list[BranchView]:
        pack = pack_of(who.association_id)
        return [BranchView(id=branch.id, name=branch.name.model_dump()) for branch in pack.branches if branch.id in ids]

    def view(hit: Hit) -> PersonView:
        person = hit.person
        return PersonView(
            id=person.id,
            name=person.name,
            national_id=masked(person.national_id),
            mobile=masked(person.mobile) if person.mobile else None,
            branches=branches(hit.branches),
            merged_into=person.merged_into,
        )

    people = [view(hit) for hit in found.people]
    return FoundView(
        sought=found.sought,
        people=people,
        elsewhere=branches(found.elsewhere),
        search=prove_search(q, scope=who.scope, now=now),
    )
