"""What intake does when its time comes."""

from pydantic import AwareDatetime

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
