"""What a household has, owes and lives in, stated whole: lines as on the paper form, and as many as it takes."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from services.intake.domain.register.household import (
    Debt,
    Dwelling,
    Housing,
    Income,
    IncomeLine,
    Means,
    Obligation,
    ObligationLine,
    Repair,
    Tenure,
)
from services.intake.pages.desk.fields import Fields
from services.intake.pages.desk.register.act import FileAct, SentForFile
from services.intake.pages.desk.register.acts.members import LONGEST_NOTE, STATERS
from services.intake.pages.desk.register.acts.particulars import seen_in
from services.intake.pages.desk.register.on_file import OnFile
from services.intake.pages.desk.register.words import DWELLINGS, INCOMES, OBLIGATIONS, REPAIRS, TENURES
from services.intake.use_cases.register.keep_household import Home, StateMeans, see_homes, state_means
from shared.language import errors
from shared.ui import Form
from shared.ui.forms import western
from shared.ui.language import mark

NO_AMOUNT = mark("Write an amount in riyals, for example 1250.50.")
ROWS, SPARE, MOST_ROWS = 3, 2, 30
MOST_RIYALS = Decimal(100_000_000)
DECIMALS = 2
"""Digits behind the point."""
MARKS = re.compile("[,٬ ]")
THOUSANDS = re.compile(rf"[1-9]\d{{0,2}}({MARKS.pattern})\d{{3}}(\1\d{{3}})*(\.\d+)?")
"""A mark before three digits each time. Elsewhere it may stand for the point, as in «1250,50»: that is asked again."""
MOST_ROOMS = 50
YES = "yes"
LISTS = ("incomes", "obligations", "debts")
HOUSING = "housing"


def amount_in(fields: Fields, name: str) -> Decimal | None:
    """Riyals in any digits, with any mark for thousands; `None` where nothing was typed."""
    typed = fields.optional(name)
    if typed is None:
        return None
    plain = " ".join(western(typed).replace("٫", ".").split())
    if THOUSANDS.fullmatch(plain):
        plain = MARKS.sub("", plain)
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        amount = Decimal(-1)
    # What is no number compares with none. «1.250» is 1250 to some and 1.25 to others.
    if not amount.is_finite() or not 0 <= amount <= MOST_RIYALS or -int(amount.as_tuple().exponent) > DECIMALS:
        fields.say(name, NO_AMOUNT)
        return None
    return amount


def _amount(fields: Fields, name: str) -> Decimal:
    """The amount; where there is none, nothing, for `check` refuses the form."""
    amount = amount_in(fields, name)
    if amount is None and name not in fields.errors:
        fields.needed(name)
    return amount or Decimal(0)


def _typed_rows(form: Form, name: str) -> list[int]:
    """The lines of a list of which something was typed, by their places on the page."""
    return [
        row
        for row in range(MOST_ROWS)
        if any(form.value(field).strip() for field in form.values if field.startswith(f"{name}.{row}."))
    ]


def _note(fields: Fields, line: str) -> str | None:
    return fields.optional(f"{line}.note", longest=LONGEST_NOTE)


def _incomes(fields: Fields) -> list[IncomeLine]:
    lines = []
    for row in _typed_rows(Form(fields.values), "incomes"):
        line = f"incomes.{row}"
        kind, monthly, note = fields.choice(f"{line}.kind", list(Income)), _amount(fields, f"{line}.monthly"), None
        note = _note(fields, line)
        if not fields.errors:
            lines.append(IncomeLine(kind=Income(kind), monthly=monthly, note=note))
    return lines


def _obligations(fields: Fields) -> list[ObligationLine]:
    lines = []
    for row in _typed_rows(Form(fields.values), "obligations"):
        line = f"obligations.{row}"
        kind, monthly = fields.choice(f"{line}.kind", list(Obligation)), _amount(fields, f"{line}.monthly")
        note = _note(fields, line)
        if not fields.errors:
            lines.append(ObligationLine(kind=Obligation(kind), monthly=monthly, note=note))
    return lines


def _debts(fields: Fields) -> list[Debt]:
    lines = []
    for row in _typed_rows(Form(fields.values), "debts"):
        line = f"debts.{row}"
        creditor, left = fields.text(f"{line}.creditor"), _amount(fields, f"{line}.left")
        instalment, overdue = amount_in(fields, f"{line}.instalment"), amount_in(fields, f"{line}.overdue")
        note = _note(fields, line)
        if not fields.errors:
            lines.append(
                Debt(
                    creditor=creditor,
                    left=left,
                    instalment=instalment or Decimal(0),
                    overdue=overdue or Decimal(0),
                    has_paper=YES in fields.chosen(f"{line}.has_paper"),
                    note=note,
                )
            )
    return lines


def _housing(fields: Fields) -> Housing | None:
    form = Form(fields.values)
    if not any(form.value(field).strip() for field in form.values if field.startswith(f"{HOUSING}.")):
        return None
    dwelling = fields.choice(f"{HOUSING}.dwelling", list(Dwelling))
    tenure, repair = fields.choice(f"{HOUSING}.tenure", list(Tenure)), fields.choice(f"{HOUSING}.repair", list(Repair))
    rooms = fields.whole(f"{HOUSING}.rooms", most=MOST_ROOMS)
    if not rooms and f"{HOUSING}.rooms" not in fields.errors:
        fields.needed(f"{HOUSING}.rooms")
    rent, note = amount_in(fields, f"{HOUSING}.yearly_rent"), _note(fields, HOUSING)
    if fields.errors or not rooms:
        return None
    return Housing(
        dwelling=Dwelling(dwelling),
        tenure=Tenure(tenure),
        repair=Repair(repair),
        rooms=rooms,
        yearly_rent=rent,
        note=note,
    )


async def _state(sent: SentForFile) -> None:
    fields = sent.fields
    incomes, obligations, debts = _incomes(fields), _obligations(fields), _debts(fields)
    housing, seen = _housing(fields), seen_in(fields)
    fields.check()
    means = Means(incomes=tuple(incomes), obligations=tuple(obligations), debts=tuple(debts), housing=housing)
    command = StateMeans(head_id=sent.person_id, means=means, seen=seen, by=sent.who)
    await state_means(command, session=sent.session, now=sent.now)


async def own_home(file: OnFile) -> Home | None:
    """The household that he heads; none where he heads none."""
    homes = await see_homes(file.id, scope=file.who.scope, session=file.session, now=file.now)
    return next((home for home in homes if home.head is not None and home.head.id == file.id), None)


async def _fill(file: OnFile) -> Mapping[str, str]:
    """As it was stated last: a statement is made anew by changing what has changed."""
    home = await own_home(file)
    if home is None or home.statement is None:
        return {"seen": "0"}
    filled = {"seen": str(home.statement.number)}
    said = home.statement.means.model_dump(mode="json", exclude_none=True)
    for name in LISTS:
        for row, line in enumerate(said.get(name, ())):
            filled |= {f"{name}.{row}.{field}": _typed(value) for field, value in line.items()}
    return filled | {f"{HOUSING}.{field}": _typed(value) for field, value in said.get(HOUSING, {}).items()}


def _typed(value: object) -> str:
    if isinstance(value, bool):
        return YES if value else ""
    return str(value)


async def _facts(file: OnFile, form: Form) -> Mapping[str, Any]:
    rows = {}
    for name in LISTS:
        last = max(_typed_rows(form, name), default=-1)
        rows[name] = range(min(MOST_ROWS, max(ROWS, last + 1 + SPARE)))
    home = await own_home(file)
    statement = home.statement if home is not None else None
    return {
        "lines": rows,
        "statement": statement.number if statement is not None else 0,
        "figures": home.figures if home is not None else None,
        "kinds": {"incomes": file.said(INCOMES), "obligations": file.said(OBLIGATIONS)},
        "dwellings": file.said(DWELLINGS),
        "tenures": file.said(TENURES),
        "repairs": file.said(REPAIRS),
    }


MEANS = FileAct(
    path="means",
    words=mark("State the means of the household"),
    done=mark("The means are stated; the older statement stays beside them."),
    summary="State on a page what a household has, owes and lives in",
    leads_to="/household",
    do=_state,
    fill=_fill,
    facts=_facts,
    roles=STATERS,
    refusals=(errors.ChangedMeanwhile,),
    more=True,
)
