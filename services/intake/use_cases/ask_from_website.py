"""A person asks for help from where he is (`channel.website`, `goal.from_where_he_is`)."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.case import FormValue, check_form
from services.intake.domain.people import Applicant, check_national_id
from services.intake.domain.register.checked import name_of
from services.intake.store.website import take_page
from services.intake.use_cases.draft_case import DraftCase, draft_case
from services.intake.use_cases.receive_case import ReceiveCase, receive_case
from services.intake.use_cases.register.take_stated import Said
from shared.language.clauses import Channel
from shared.language.roles import APPLICANT
from shared.plumbing import audit
from shared.plumbing.identity import Scope
from shared.plumbing.scoped_session import set_scope
from shared.plumbing.seal import RING
from shared.policy.adopted import pack_of, service_of


class AskFromWebsite(BaseModel):
    """Send the form of a service from a page of the association's website; `nonce` is the page's own number."""

    model_config = ConfigDict(frozen=True)

    nonce: str
    association_id: str
    service_id: str
    applicant: Applicant
    form: dict[str, FormValue]


def check_asked(command: AskFromWebsite) -> None:
    """What can be wrong with what he typed, before anything is written.

    Raises `AssociationUnknown`, `ServiceUnknown`, `NameUnwritable`, `NameTooLong`, `NationalIdWrong` or
    `FormIncomplete`.
    """
    service = service_of(pack_of(command.association_id), command.service_id)
    name_of(command.applicant.name, field="applicant.name")
    check_national_id(command.applicant.national_id)
    check_form(command.form, service=service)


async def ask_from_website(command: AskFromWebsite, *, session: AsyncSession, now: datetime) -> str:
    """The reference of the request; of the same request, where the page was sent before. Raises as `check_asked`."""
    scope = Scope(association_id=pack_of(command.association_id).id)
    await set_scope(session, scope)
    # The same page with other words is another request: a parent asks for one child after the other.
    said = RING.index(command.model_dump_json(exclude={"nonce"}))
    page = await take_page(session, f"{command.nonce}.{said}", association_id=scope.association_id, now=now)
    if page.case_id:
        return (await store.see_case(session, page.case_id, scope=scope)).reference
    draft = DraftCase(
        channel=Channel.WEBSITE,
        service_id=command.service_id,
        applicant=command.applicant,
        form=command.form,
        scope=scope,
        by=APPLICANT.person_id,
        said=Said.UNSEEN,
    )
    case = await draft_case(draft, session=session, now=now)
    await session.flush()
    await receive_case(ReceiveCase(case_id=case.id, reception=None, scope=scope), session=session, now=now)
    page.case_id = case.id
    audit.about(session, association_id=scope.association_id, case_id=case.id)
    return case.reference
