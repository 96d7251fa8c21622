"""What has happened, in the past tense. The services know each other by these facts alone.

An event states one fact and carries what its readers need. It never changes shape: a new optional field, or a new
version. Its JSON Schema is pinned under `tests/contracts/`. Personal data travel sealed (`Sealed`), staff as ids.
"""

from shared.language.events.accounts import SessionEnded, SignInCodeMade
from shared.language.events.applicant_code import ApplicantCodeMade, CodePurpose
from shared.language.events.base import CaseEvent, Ending, Event, Outcome, Party, Rating, Sealed, SealedText, Source
from shared.language.events.feedback import (
    ComplaintReceived,
    ComplaintResolved,
    ContactShown,
    DepartmentEvaluated,
    ImprovementCompleted,
    ImprovementEvent,
    ImprovementOpened,
    RelationEvent,
    SuggestionReceived,
    SurveyAnswered,
    SurveyInvited,
)
from shared.language.events.hearing import HEARS, listeners_of
from shared.language.events.intake import (
    FROM_WHERE_HE_IS,
    BenefitDocumented,
    BenefitFollowUpDue,
    CaseAppealed,
    CaseAttested,
    CaseClosed,
    CaseCompleted,
    CaseDelivered,
    CaseDrafted,
    CaseExpired,
    CaseFoundIncomplete,
    CaseMadeConfidential,
    CaseMadeOpen,
    CaseReceived,
    CaseReferred,
    CaseRegistered,
    CaseWithdrawn,
    ClarificationAnswered,
    ClarificationAsked,
    PolicyAcknowledged,
    PolicyCirculated,
    Reception,
    Referral,
    ToolConsulted,
)
from shared.language.events.notifications import TEMPLATE_CLAUSES, Medium, MessageEvent, MessageFailed, MessageSent
from shared.language.events.papers import ClarificationDue, ContactConverted, ContactTaken, PapersRunningOut
from shared.language.events.personal import (
    ApplicantShown,
    PersonCorrected,
    PersonErased,
    Right,
    RightsAnswered,
    RightsDue,
    RightsEvent,
    RightsExtended,
    RightsRequested,
    SubjectEvent,
)
from shared.language.events.research import CaseAnswered, CaseDecided, CaseReturned, CaseStudied


def _told(base: type[Event]) -> list[type[Event]]:
    return [event for child in base.__subclasses__() for event in ([child] if "type" in vars(child) else _told(child))]


EVENTS: dict[tuple[str, int], type[Event]] = {(event.type, event.version): event for event in _told(Event)}
"""Every event that may be told, by type and version."""

__all__ = [
    "EVENTS",
    "FROM_WHERE_HE_IS",
    "HEARS",
    "TEMPLATE_CLAUSES",
    "ApplicantCodeMade",
    "ApplicantShown",
    "BenefitDocumented",
    "BenefitFollowUpDue",
    "CaseAnswered",
    "CaseAppealed",
    "CaseAttested",
    "CaseClosed",
    "CaseCompleted",
    "CaseDecided",
    "CaseDelivered",
    "CaseDrafted",
    "CaseEvent",
    "CaseExpired",
    "CaseFoundIncomplete",
    "CaseMadeConfidential",
    "CaseMadeOpen",
    "CaseReceived",
    "CaseReferred",
    "CaseRegistered",
    "CaseReturned",
    "CaseStudied",
    "CaseWithdrawn",
    "ClarificationAnswered",
    "ClarificationAsked",
    "ClarificationDue",
    "CodePurpose",
    "ComplaintReceived",
    "ComplaintResolved",
    "ContactConverted",
    "ContactShown",
    "ContactTaken",
    "DepartmentEvaluated",
    "Ending",
    "Event",
    "ImprovementCompleted",
    "ImprovementEvent",
    "ImprovementOpened",
    "Medium",
    "MessageEvent",
    "MessageFailed",
    "MessageSent",
    "Outcome",
    "PapersRunningOut",
    "Party",
    "PersonCorrected",
    "PersonErased",
    "PolicyAcknowledged",
    "PolicyCirculated",
    "Rating",
    "Reception",
    "Referral",
    "RelationEvent",
    "Right",
    "RightsAnswered",
    "RightsDue",
    "RightsEvent",
    "RightsExtended",
    "RightsRequested",
    "Sealed",
    "SealedText",
    "SessionEnded",
    "SignInCodeMade",
    "Source",
    "SubjectEvent",
    "SuggestionReceived",
    "SurveyAnswered",
    "SurveyInvited",
    "ToolConsulted",
    "listeners_of",
]
