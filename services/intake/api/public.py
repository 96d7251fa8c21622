"""The public's door: a request from where the person is."""

from typing import Annotated

from services.intake.api.views import Receipt, WebsiteRequest
from services.intake.use_cases.draft_case import DraftCase, draft_case
from services.intake.use_cases.receive_case import ReceiveCase, receive_case
from services.intake.use_cases.register.take_stated import Said
from shared.language import errors
from shared.language.roles import APPLICANT
from shared.plumbing.doors import ANYONE, Now, Session, api_router, refuses
from shared.plumbing.identity import Scope
from shared.plumbing.scoped_session import set_scope
from shared.policy.adopted import pack_of

router = api_router(tag="public")


@router.post("/public/requests", status_code=201, summary="Ask for help from the website")
@refuses(
    errors.AssociationUnknown,
    errors.ChannelNotAdopted,
    errors.ServiceUnknown,
    errors.BranchUnknown,
    errors.ForeignBranch,
    errors.NationalIdWrong,
    errors.NameUnwritable,
    errors.NameTooLong,
    errors.FormIncomplete,
    errors.CaseNotFound,
    errors.StepOutOfOrder,
)
async def post_request(request: WebsiteRequest, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Receipt:
    """Begun and handed in at once: the head office sees it, and a receipt goes to the applicant."""
    scope = Scope(association_id=pack_of(request.association_id).id)
    await set_scope(session, scope)
    draft = DraftCase(
        **request.model_dump(exclude={"association_id"}), scope=scope, by=APPLICANT.person_id, said=Said.UNSEEN
    )
    case = await draft_case(draft, session=session, now=now)
    await session.flush()
    case = await receive_case(ReceiveCase(case_id=case.id, reception=None, scope=scope), session=session, now=now)
    return Receipt(reference=case.reference, status=case.status)
