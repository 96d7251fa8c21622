"""What he says today of account, address and birthday; and what was typed otherwise, taken into the file."""

from collections.abc import Mapping
from typing import Any

from services.intake.pages.desk.fields import NOT_OFFERED, Fields
from services.intake.pages.desk.register.act import FileAct, SentForFile
from services.intake.pages.desk.register.new import UNFIT
from services.intake.pages.desk.register.on_file import OnFile
from services.intake.pages.desk.register.said import particulars_in
from services.intake.pages.desk.register.shown import rows_of_file, typed_otherwise_of
from services.intake.pages.desk.register.words import MARITAL
from services.intake.use_cases.register.show_person import ChangeParticulars, change_particulars
from services.intake.use_cases.register.take_typed import LeaveTyped, TakeTyped, leave_typed, take_typed
from shared.language import errors
from shared.ui import Form
from shared.ui.language import mark

MOST_CHANGES = 1_000_000
FILE_IS_RIGHT = {"file"}
TWO_OF_ONE = mark("Choose one value of each field.")
NOTHING_SAID = mark("Write what has changed.")


def seen_in(fields: Fields) -> int:
    """The number of what stood before him when he began to write."""
    return fields.whole("seen", most=MOST_CHANGES) or 0


def _version(file: OnFile) -> int:
    own = file.found.particulars
    return own.version if own is not None else 0


async def _fill(file: OnFile) -> Mapping[str, str]:
    return {"seen": str(_version(file))}


async def _facts(file: OnFile, _: Form) -> Mapping[str, Any]:
    # Who was overtaken sees what stands now beside what he typed; sending it again is his decision.
    return {"version": _version(file), "rows": rows_of_file(file), "marital": file.said(MARITAL)}


async def _change(sent: SentForFile) -> None:
    fields = sent.fields
    particulars, seen = particulars_in(fields), seen_in(fields)
    if not fields.errors and not particulars.model_dump(exclude_none=True):
        fields.say("", NOTHING_SAID)
    fields.check()
    command = ChangeParticulars(person_id=sent.person_id, particulars=particulars, seen=seen, by=sent.who)
    await change_particulars(command, session=sent.session, now=sent.now)


PARTICULARS = FileAct(
    path="particulars",
    words=mark("Change account, address or birthday"),
    done=mark("The change is kept."),
    summary="Keep on a page what he says today of account, address and birthday",
    do=_change,
    fill=_fill,
    facts=_facts,
    refusals=(errors.ChangedMeanwhile, errors.IbanWrong, errors.ShortAddressWrong, errors.BirthdayWrong),
)


async def _typed_facts(file: OnFile, _: Form) -> Mapping[str, Any]:
    return {"options": await typed_otherwise_of(file)}


async def _decide(sent: SentForFile) -> None:
    fields = sent.fields
    chosen, reason = fields.chosen("fields"), fields.reason()
    leaves = fields.chosen("answer") == FILE_IS_RIGHT
    those_of = [one.partition("/")[2] for one in chosen]
    if not chosen:
        fields.needed("fields")
    elif "" in those_of:
        fields.say("fields", NOT_OFFERED)
    elif not leaves and len(set(those_of)) < len(those_of):
        fields.say("fields", TWO_OF_ONE)
    fields.check()
    taken: dict[str, list[str]] = {}
    for one in sorted(chosen):
        registration, _, field = one.partition("/")
        taken.setdefault(registration, []).append(field)
    for registration, those in taken.items():
        said = {"person_id": sent.person_id, "registration_id": registration, "reason": reason, "by": sent.who}
        if leaves:
            await leave_typed(LeaveTyped(fields=tuple(those), **said), session=sent.session)
        else:
            await take_typed(TakeTyped(fields=tuple(those), **said), session=sent.session, now=sent.now)


TYPED = FileAct(
    path="typed",
    words=mark("Take over what was typed otherwise"),
    done=mark("What was typed otherwise is decided."),
    summary="Take what was typed otherwise into the file, from its page",
    do=_decide,
    facts=_typed_facts,
    refusals=(errors.RegistrationNotFound, errors.ChangedMeanwhile, *UNFIT),
)
