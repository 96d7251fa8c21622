"""What intake tells of whose a case is: it moves to another branch, another person keeps it, a branch closes."""

from shared.language.events.base import CaseEvent, Event, Source


class TransferEvent(CaseEvent):
    """Something about one asking for a case to move; within one branch it is to another person."""

    transfer_id: str
    from_branch: str
    to_branch: str


class TransferAsked(TransferEvent):
    """Somebody asked that another branch, or another person, take the case."""

    type = "transfer.asked"
    source = Source.INTAKE


class TransferRefused(TransferEvent):
    """They do not take it; it stays where it is."""

    type = "transfer.refused"
    source = Source.INTAKE


class TransferRevoked(TransferEvent):
    """Who asked took it back before it was answered."""

    type = "transfer.revoked"
    source = Source.INTAKE


class CaseTransferred(CaseEvent):
    """From now on the case is another branch's: by an asking that was accepted, or with all of a branch that closes."""

    type = "case.transferred"
    source = Source.INTAKE

    from_branch: str
    to_branch: str
    transfer_id: str | None = None
    closing_id: str | None = None


class CaseLocated(Event):
    """The branch that has the case, told again for a listener that did not keep it; in order with its moves.

    Nothing happened to the case, so it is not of its file.
    """

    type = "case.located"
    source = Source.INTAKE

    case_id: str
    branch_id: str

    @property
    def key(self) -> str:
        return self.case_id


class CaseAssigned(CaseEvent):
    """From now on this member of the staff keeps the case."""

    type = "case.assigned"
    source = Source.INTAKE

    branch_id: str
    person_id: str


class BranchEvent(Event):
    """Something about a branch that closes."""

    closing_id: str
    from_branch: str
    to_branch: str
    cases: int

    @property
    def key(self) -> str:
        return self.closing_id


class BranchClosingBegun(BranchEvent):
    """The branch takes no new request, and its `cases` begin to move."""

    type = "branch.closing_begun"
    source = Source.INTAKE


class BranchClosed(BranchEvent):
    """All of its cases have moved: so many."""

    type = "branch.closed"
    source = Source.INTAKE
