"""A policy pack: one association's policy as data, refused when it contradicts itself or the policy's clauses."""

import json
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

from shared.language.clauses import Channel, Clause, ReviewingBody, Tool
from shared.policy.marked_yaml import MarkedData, dotted, read_marked_yaml
from shared.policy.parts import (
    Approval,
    Association,
    AttestationText,
    Branch,
    Committee,
    Contradiction,
    Days,
    Department,
    Document,
    FormField,
    Fund,
    Part,
    RequiredDocument,
    Retention,
    Service,
    Slug,
    Words,
    doubled,
    refuse_contradictions,
)
from shared.policy.refusal import PackRefused, Problem

__all__ = [
    "Approval",
    "Association",
    "AttestationText",
    "Branch",
    "Committee",
    "Department",
    "Document",
    "FormField",
    "Fund",
    "Pack",
    "PackRefused",
    "Problem",
    "RequiredDocument",
    "Retention",
    "Service",
    "Words",
    "load_pack",
    "load_packs",
]

PACKAGED_FOLDER = Path(__file__).parent / "packs"

LEAST_FLOOR_DAYS = 14
"""`step.committee_notice`: the committee answers in no less than two weeks."""


class Pack(Part):
    """One association's policy: the clauses that it adopted, and the data that they are carried out with."""

    id: Slug
    association: Association
    document: Document
    clauses: frozenset[Clause]
    reviewing_body: ReviewingBody
    reply_floor_days: int = Field(ge=0)
    reply_target_days: Days | None = None
    committee: Committee | None = None
    attestation: AttestationText | None = None
    expire_incomplete_after_days: Days | None
    retention: Retention | None = None
    departments: tuple[Department, ...]
    branches: tuple[Branch, ...]
    services: tuple[Service, ...]
    funds: tuple[Fund, ...]

    @field_validator("departments", "branches", "services", "funds")
    @classmethod
    def name_each_thing_once(cls, things: tuple[Any, ...]) -> tuple[Any, ...]:
        refuse_contradictions("Pack", doubled([thing.id for thing in things]))
        return things

    @field_validator("branches")
    @classmethod
    def have_one_head_office(cls, branches: tuple[Branch, ...]) -> tuple[Branch, ...]:
        heads = [n for n, branch in enumerate(branches) if branch.head_office]
        if not heads:
            refuse_contradictions("Pack", [((), "no branch is the head office")])
        refuse_contradictions("Pack", [((n, "head_office"), "there is a head office already") for n in heads[1:]])
        return branches

    @field_validator("clauses")
    @classmethod
    def open_a_channel(cls, clauses: frozenset[Clause]) -> frozenset[Clause]:
        if not any(channel.clause in clauses for channel in Channel):
            refuse_contradictions("Pack", [((), "without a channel.* clause no one can reach the association")])
        return clauses

    @model_validator(mode="after")
    def agree_with_itself(self) -> Self:
        refuse_contradictions("Pack", _contradictions(self))
        return self

    def adopts(self, clause: Clause) -> bool:
        return clause in self.clauses

    @property
    def channels(self) -> tuple[Channel, ...]:
        return tuple(channel for channel in Channel if self.adopts(channel.clause))

    @property
    def tools(self) -> tuple[Tool, ...]:
        return tuple(tool for tool in Tool if self.adopts(tool.clause))

    def service(self, id: str) -> Service | None:  # noqa: A002
        return next((service for service in self.services if service.id == id), None)

    def branch(self, id: str) -> Branch | None:  # noqa: A002
        return next((branch for branch in self.branches if branch.id == id), None)

    def department(self, id: str) -> Department | None:  # noqa: A002
        return next((department for department in self.departments if department.id == id), None)

    @property
    def head_office(self) -> Branch:
        return next(branch for branch in self.branches if branch.head_office)


def _contradictions(pack: Pack) -> Iterator[Contradiction]:
    notice, attestation = Clause.STEP_COMMITTEE_NOTICE, Clause.STEP_ATTESTATION
    floor, target = pack.reply_floor_days, pack.reply_target_days
    if pack.adopts(notice):
        if pack.committee is None:
            yield ("clauses", notice.value), f"{notice} promises a committee's answer, but the pack has no committee"
        if pack.reviewing_body is ReviewingBody.DEPARTMENT:
            yield ("reviewing_body",), f"a department decides, but {notice} promises a committee's answer"
        if floor < LEAST_FLOOR_DAYS:
            yield ("reply_floor_days",), f"{notice} asks for no less than {LEAST_FLOOR_DAYS} days, not {floor}"
    elif floor > 0:
        yield ("reply_floor_days",), f"an answer is held {floor} days only where {notice} is adopted"
    if pack.reviewing_body is ReviewingBody.COMMITTEE and pack.committee is None:
        yield ("reviewing_body",), "a committee decides, but the pack has no committee with seats"
    if target is not None and target < floor:
        yield ("reply_target_days",), f"the target of {target} days is before the floor of {floor}"
    if pack.adopts(attestation) and pack.attestation is None:
        yield ("clauses", attestation.value), f"{attestation} asks for a signature, but the pack has no text to sign"
    if pack.attestation is not None and not pack.adopts(attestation):
        yield ("attestation",), f"there is a text to sign, but {attestation} is not adopted"
    kept = pack.retention
    if kept is not None and kept.withdrawn_years > kept.served_years:
        yield ("retention", "withdrawn_years"), "what was taken back is kept longer than what was served"
    for n, service in enumerate(pack.services):
        if pack.department(service.department) is None:
            yield ("services", n, "department"), f"there is no department '{service.department}'"
        for m, other in enumerate(service.fits_after):
            if other == service.id or pack.service(other) is None:
                yield ("services", n, "fits_after", m), f"there is no other service '{other}'"


def load_pack(path: Path) -> Pack:
    """The pack in the file at `path`; raises PackRefused with every problem found, OSError if it can't be read."""
    return _load(path)[0]


def load_packs(folder: Path | None = None) -> dict[str, Pack]:
    """The packs of `folder` (by default the five of this product) by their ids.

    Raises PackRefused if a file is refused, if two packs share an id or an association's code, or if there is no pack.
    """
    folder = folder or PACKAGED_FOLDER
    paths = sorted(path for path in folder.iterdir() if path.suffix == ".yaml")
    if not paths:
        raise PackRefused(folder, (Problem(1, "folder", "there is no pack (*.yaml) here"),))
    packs: dict[str, Pack] = {}
    owners: dict[str, Path] = {}
    refused: list[PackRefused] = []
    for path in paths:
        try:
            pack, marked = _load(path)
            _take_names(pack, path, marked, owners=owners)
        except PackRefused as refusal:
            refused.append(refusal)
        else:
            packs[pack.id] = pack
    if refused:
        raise PackRefused(refused[0].path, refused[0].problems, also=tuple(refused[1:]))
    return packs


def _take_names(pack: Pack, path: Path, marked: MarkedData, *, owners: dict[str, Path]) -> None:
    """Note in `owners` which file holds the pack's id and code; raise PackRefused if another file does already."""
    names = {("id",): pack.id, ("association", "code"): pack.association.code}
    taken = tuple(
        Problem(marked.line_of(place), dotted(place), f"'{name}' is already in {owners[name].name}")
        for place, name in names.items()
        if name in owners
    )
    if taken:
        raise PackRefused(path, taken)
    owners.update(dict.fromkeys(names.values(), path))


def _load(path: Path) -> tuple[Pack, MarkedData]:
    pack, marked, problems = _judge(path.read_bytes())
    if pack is None or problems:
        raise PackRefused(path, problems)
    return pack, marked


# Kept by content, not by path: a pack edited in place is read anew, and an unchanged one costs no parsing.
@lru_cache(maxsize=64)
def _judge(content: bytes) -> tuple[Pack | None, MarkedData, tuple[Problem, ...]]:
    marked = read_marked_yaml(content)
    pack, problems = None, list(marked.problems)
    if marked.lines:
        try:
            # Strict JSON takes a list for a tuple and text for a date, but neither "14" nor yes for a number.
            pack = Pack.model_validate_json(json.dumps(marked.data), strict=True)
        except ValidationError as error:
            problems += [_problem(details, marked) for details in error.errors()]
    return pack, marked, tuple(problems)


def _problem(details: ErrorDetails, marked: MarkedData) -> Problem:
    place = details["loc"]
    return Problem(marked.line_of(place), dotted(place), _sentence(details))


def _sentence(details: ErrorDetails) -> str:
    if details["type"] == "missing":
        return "this is missing"
    if details["type"] == "extra_forbidden":
        return "a pack has no such key"
    if details["type"] == "enum" and details["loc"][0] == "clauses":
        near = get_close_matches(str(details["input"]), list(Clause), n=1)
        return f"there is no clause '{details['input']}'" + (f"; perhaps '{near[0]}'" if near else "")
    return details["msg"]
