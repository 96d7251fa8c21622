"""What the pages of a new request sent, read and held against the rules: who asks, and for what."""

from pydantic import ValidationError
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.people import Applicant, Beneficiary, check_national_id
from services.intake.pages.desk.fields import Fields
from services.intake.pages.desk.questions import of_applicant
from services.intake.store.register import root_of
from services.intake.use_cases.find_people import known_to
from shared.language import errors
from shared.plumbing.identity import Principal
from shared.plumbing.seal import readable
from shared.policy.pack import Pack
from shared.ui import language_of
from shared.ui.language import mark

DESPITE = "despite"
"""Why a second request is begun while one like it is open."""
SEARCH = 4000
GONE = mark("The file of this person is not at your desk any more. Look for the person again.")
WRONG = {
    "name": mark("Write the name, with two letters at least."),
    "mobile": mark("Write a Saudi mobile number, for example 05XXXXXXXX."),
    "email": mark("Write an e-mail address, for example name@example.org."),
    "language": mark("Choose one of these."),
    "national_id": mark("Write the ten digits of the identity card or residence permit."),
}
OF_APPLICANT = ("national_id", "name", "mobile", "email", "language")


async def known(person_id: str, *, who: Principal, session: AsyncSession) -> Beneficiary | None:
    """The file that was chosen; of one that was merged, the file it leads to, where he sees that too."""
    person = await known_to(person_id, scope=who.scope, session=session) if person_id else None
    if person is None or person.merged_into is None:
        return person
    root = await root_of(session, person)
    return await known_to(root.id, scope=who.scope, session=session) or person


async def applicant_in(fields: Fields, *, who: Principal, session: AsyncSession) -> Applicant | None:
    """Who asks: of the file that was found, or as it was typed. `None` where something of it is wrong."""
    if person_id := fields.optional("person", longest=50):
        person = await known(person_id, who=who, session=session)
        if person is None:
            fields.say("", GONE)
            return None
        typed = {
            "national_id": readable(person.national_id),
            "name": person.name,
            "mobile": fields.optional(of_applicant("mobile")) or person.mobile,
            "email": person.email,
            "language": person.language,
        }
    else:
        fields.text(of_applicant("national_id"), longest=20)
        fields.text(of_applicant("name"))
        typed = {name: fields.optional(of_applicant(name), longest=254) for name in OF_APPLICANT}
        typed["language"] = typed["language"] or "ar"
    try:
        applicant = Applicant.model_validate(typed)
    except ValidationError as wrong:
        for problem in wrong.errors():
            name = str(problem["loc"][0])
            fields.say(of_applicant(name), WRONG[name])
        return None
    try:
        check_national_id(applicant.national_id)
    except errors.NationalIdWrong as refusal:
        fields.errors.setdefault(of_applicant("national_id"), refusal.sentence(language_of(fields.request).value))
    return applicant


def request_in(fields: Fields, pack: Pack, *, who: Principal) -> tuple[str, str, str | None]:
    """By which channel, for which service, at which branch."""
    channel = fields.choice("channel", [one.value for one in pack.channels])
    service_id = fields.choice("service_id", [one.id for one in pack.services])
    branch_id = None
    if who.scope.branch_id is None and fields.optional("branch_id"):
        branch_id = fields.choice("branch_id", [one.id for one in pack.branches])
    return channel, service_id, branch_id
