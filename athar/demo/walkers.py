"""The cases of the walk, and what becomes of each."""

import asyncio
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from athar.demo.office import Office, Unexpected
from athar.demo.people import Person, next_person
from shared.language.clauses import Channel, ReviewingBody
from shared.language.roles import Role
from shared.policy.pack import Pack, Service

CASES, REVIEWS = "/intake/api/v1/cases", "/research/api/v1/cases"


class Fate(StrEnum):
    """What becomes of a case of the walk."""

    SERVED = "served"
    CLARIFIED = "clarified"
    REJECTED = "rejected"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    APPEALED = "appealed"


FATES = (Fate.CLARIFIED, Fate.REJECTED, Fate.RETURNED, Fate.WITHDRAWN, Fate.SERVED, Fate.APPEALED)


@dataclass
class Walker:
    """One case on its walk."""

    channel: Channel
    fate: Fate
    person: Person
    service: Service
    case_id: str = ""
    reference: str = ""

    @property
    def front(self) -> Role:
        """Who serves him: the delegate in the field, or an officer at the desk."""
        return Role.DELEGATE if self.channel is Channel.DELEGATE else Role.INTAKE_OFFICER


def walkers_of(pack: Pack) -> list[Walker]:
    """One case for each channel that the association adopted; the first of them take the rarer ways."""
    walkers = []
    for number, channel in enumerate(pack.channels):
        fate = FATES[number] if number < len(FATES) else Fate.SERVED
        if fate is Fate.APPEALED and pack.reviewing_body is ReviewingBody.DEPARTMENT:
            fate = Fate.SERVED
        service = pack.services[number % len(pack.services)]
        walkers.append(Walker(channel=channel, fate=fate, person=next_person(), service=service))
    return walkers


class Refusals:
    """What was tried and refused, as it should be."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self.sentences: list[str] = []

    def note(self, sentence: str, *, code: str, expected: str) -> None:
        """Raises `Unexpected` when the refusal was another one."""
        if code != expected:
            raise Unexpected(f"{self._office.pack.id}: {sentence}: {code}, not {expected}")
        self.sentences.append(f"{sentence}: {code}")


async def each(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Side by side, as people work."""
    async with asyncio.TaskGroup() as group:
        for coroutine in work:
            group.create_task(coroutine)
