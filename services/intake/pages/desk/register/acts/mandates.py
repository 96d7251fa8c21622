"""Who may act for him, in what and how long."""

from collections.abc import Mapping
from typing import Any

from services.intake.domain.register.mandates import Capacity, Deed
from services.intake.pages.desk.again import FieldsWrong
from services.intake.pages.desk.fields import NOT_OFFERED
from services.intake.pages.desk.register.act import FileAct, SentForFile
from services.intake.pages.desk.register.acts.members import last_day
from services.intake.pages.desk.register.on_file import OnFile
from services.intake.pages.desk.register.said import digits_of
from services.intake.pages.desk.register.shown import rows_of_mandates
from services.intake.pages.desk.register.words import CAPACITIES, DEEDS
from services.intake.use_cases.register.note_mandate import (
    EndMandate,
    NoteMandate,
    end_mandate,
    list_mandates,
    note_mandate,
)
from shared.language import errors
from shared.ui import Form
from shared.ui.language import language_of, mark

MOST = 200
AGENT = "agent_national_id"


async def _choices(file: OnFile, _: Form) -> Mapping[str, Any]:
    return {"capacities": file.said(CAPACITIES), "deeds": file.said(DEEDS)}


async def _note(sent: SentForFile) -> None:
    fields = sent.fields
    agent, capacity = fields.text(AGENT), fields.choice("capacity", list(Capacity))
    deeds = fields.chosen("deeds")
    if not deeds:
        fields.needed("deeds")
    elif not deeds <= set(Deed):
        fields.say("deeds", NOT_OFFERED)
    paper = fields.optional("paper")
    begin, end = fields.optional_day("valid_from"), fields.optional_day("valid_until")
    fields.check()
    command = NoteMandate(
        person_id=sent.person_id,
        agent_national_id=digits_of(agent),
        capacity=Capacity(capacity),
        deeds=tuple(deed for deed in Deed if deed in deeds),
        paper=paper,
        valid_from=begin,
        valid_until=end,
        by=sent.who,
    )
    try:
        await note_mandate(command, session=sent.session, now=sent.now)
    except errors.ActsForHimself:
        raise errors.ActsForHimself(field=AGENT) from None
    except errors.PersonNotFound as refusal:
        if refusal.field != AGENT:
            raise
        # It is about a number on the form, and not about the page that was asked for.
        raise FieldsWrong({AGENT: refusal.sentence(language_of(fields.request).value)}) from None


MANDATE = FileAct(
    path="mandates",
    words=mark("Note who may act for him"),
    done=mark("Who may act for him is kept."),
    summary="Note on a page who may act for a person, in what and how long",
    do=_note,
    facts=_choices,
    refusals=(errors.ActsForHimself, errors.DaysOutOfOrder),
)


async def _in_force(file: OnFile, _: Form) -> Mapping[str, Any]:
    found = await list_mandates(file.id, after="", limit=MOST, scope=file.who.scope, session=file.session)
    rows = [row for row in await rows_of_mandates(file, found) if row["in_force"]]
    return {
        "options": [(row["id"], " · ".join(filter(None, [row["name"], file.say(row["capacity"])]))) for row in rows]
    }


async def _which(file: OnFile) -> Mapping[str, str]:
    return {"mandate_id": file.request.query_params.get("mandate", "")}


async def _end(sent: SentForFile) -> None:
    mandate, on, reason = last_day(sent.fields, "mandate_id")
    sent.fields.check()
    command = EndMandate(mandate_id=mandate, on=on, reason=reason, by=sent.who)
    if (await end_mandate(command, session=sent.session, now=sent.now)).subject_id != sent.person_id:
        # Another file's: the refusal takes the ending back.
        raise errors.MandateNotFound


MANDATE_ENDING = FileAct(
    path="mandate-ending",
    words=mark("Nobody acts by it any more"),
    done=mark("Its last day is kept."),
    summary="Say on a page until which day somebody may act for a person",
    do=_end,
    fill=_which,
    facts=_in_force,
    refusals=(errors.MandateNotFound, errors.DaysOutOfOrder),
)
