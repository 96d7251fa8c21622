"""What intake does when its time comes."""

from datetime import UTC, date

from pydantic import AwareDatetime

from shared.language.events import ProposalKind
from shared.plumbing.timers import Timer


class IncompleteTooLong(Timer):
    """The day on which a request that stayed incomplete ends."""

    type = "case.incomplete_too_long"

    case_id: str
    incomplete_since: AwareDatetime

    @property
    def key(self) -> str:
        return self.case_id

    @property
    def name(self) -> str:
        return f"{self.type}:{self.case_id}:{self.incomplete_since.isoformat()}"


class BenefitUnknown(Timer):
    """The day on which to ask what the service did for him (`goal.proactive`, `eligibility.benefit`)."""

    type = "benefit.unknown"

    case_id: str

    @property
    def key(self) -> str:
        return self.case_id


class FollowAsked(Timer):
    """Somebody asked to follow a request. Whether what he knows fits is found out where he cannot time it.

    The second fact is a keyed hash.
    """

    type = "follow.asked"

    association_id: str
    code_id: str
    reference: str
    fact: str

    @property
    def key(self) -> str:
        return self.code_id


class ApplicantCodeOver(Timer):
    """The time to take a code's row away: it is worth nothing, and no longer counts for the pace."""

    type = "applicant_code.over"

    association_id: str
    code_id: str

    @property
    def key(self) -> str:
        return self.code_id


class RightsNearlyDue(Timer):
    """The time for a request about personal data is nearly over (regulation art. 3)."""

    type = "rights.nearly_due"

    request_id: str
    due_at: AwareDatetime

    @property
    def key(self) -> str:
        return self.request_id

    @property
    def name(self) -> str:
        return f"{self.type}:{self.request_id}:{self.due_at.isoformat()}"


class BranchToMove(Timer):
    """The next page of the cases of a branch that closes."""

    type = "branch.to_move"

    closing_id: str
    page: int

    @property
    def key(self) -> str:
        return self.closing_id

    @property
    def name(self) -> str:
        return f"{self.type}:{self.closing_id}:{self.page}"


class BranchesToTell(Timer):
    """The next page of the cases whose branch is told again, after the case `after`."""

    type = "branches.to_tell"

    after: str = ""

    @property
    def key(self) -> str:
        return "cases"

    @property
    def name(self) -> str:
        return f"{self.type}:{self.after}"


class BenefitDueAgain(Timer):
    """A further day on which the service is asked after, as many days after it was delivered."""

    type = "benefit.due_again"

    case_id: str
    days: int

    @property
    def key(self) -> str:
        return self.case_id

    @property
    def name(self) -> str:
        return f"{self.type}:{self.case_id}:{self.days}"


class LookAhead(Timer):
    """The next page of what a branch has, looked through on a day for whom to reach first."""

    type = "branch.look_ahead"

    association_id: str
    branch: str
    kind: ProposalKind
    day: date
    after: str = ""

    @property
    def key(self) -> str:
        return f"{self.association_id}/{self.branch}"

    @property
    def name(self) -> str:
        return f"{self.type}:{self.key}:{self.kind.value}:{self.day.isoformat()}:{self.after}"


class ImportPage(Timer):
    """The next page of an import is due: after `rows_done` rows of its `turn`-th start."""

    type = "import.page"

    import_id: str
    turn: int
    rows_done: int

    @property
    def key(self) -> str:
        return self.import_id

    @property
    def name(self) -> str:
        return f"{self.type}:{self.import_id}:{self.turn}:{self.rows_done}"


class ImportFileGoes(Timer):
    """The import has ended: its file is taken away."""

    type = "import.file_goes"

    import_id: str

    @property
    def key(self) -> str:
        return self.import_id


class ImportNameGoes(Timer):
    """The import ended long ago: its file's name, which may be a person's, is forgotten."""

    type = "import.name_goes"

    import_id: str

    @property
    def key(self) -> str:
        return self.import_id


class PaperRunsOut(Timer):
    """A paper of an open request will soon be valid no more."""

    type = "paper.runs_out"

    case_id: str
    document_id: str

    @property
    def key(self) -> str:
        return self.document_id


class ClarificationWaits(Timer):
    """A question waits for the social researcher: the day before its time is over, and when it is."""

    type = "clarification.waits"

    clarification_id: str
    due_at: AwareDatetime
    overdue: bool

    @property
    def key(self) -> str:
        return self.clarification_id

    @property
    def name(self) -> str:
        # An envelope's id has at most a hundred letters, and an instant of a real clock has microseconds.
        at = f"{self.due_at.astimezone(UTC):%Y%m%d%H%M%S%f}"
        return f"{self.type}:{self.clarification_id}:{at}:{'over' if self.overdue else 'near'}"
