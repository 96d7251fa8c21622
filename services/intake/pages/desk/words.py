"""The words that the desk has for channels, facts of a file, and what a queue wants done."""

from services.intake.domain.attesting import Manner
from services.intake.domain.checklist import Agreement
from services.intake.domain.deliveries import ProofKind
from services.intake.domain.letters import Direction
from services.intake.domain.transfers import TransferStatus
from services.intake.use_cases.show_applicant import Particular
from shared.language import events as e
from shared.language.clauses import Channel, Tool
from shared.language.events import Outcome, ProposalKind
from shared.ui.language import mark

CHANNELS = {
    Channel.INTERVIEW: mark("Interview at the office"),
    Channel.PHONE: mark("Phone"),
    Channel.SOCIAL: mark("Social media"),
    Channel.LETTER: mark("Letter"),
    Channel.HELP_REQUEST: mark("Help request"),
    Channel.VOLUNTEERING: mark("Volunteering"),
    Channel.WEBSITE: mark("Website"),
    Channel.DELEGATE: mark("The branch's delegate"),
}
OUTCOMES = {Outcome.ACCEPTED: mark("Accepted"), Outcome.REJECTED: mark("Not accepted")}
MANNERS = {
    Manner.WITNESS: mark("A witness: it was read to him, and he said yes"),
    Manner.THUMB: mark("His thumb on the paper, before a witness"),
    Manner.GUARDIAN: mark("Somebody signs who may act for him"),
}
"""What stands for a signature where somebody cannot sign."""
CALLERS = {
    "applicant": mark("Who asks for help himself"),
    "relative": mark("A relative"),
    "neighbour": mark("A neighbour"),
    "other": mark("Somebody else"),
}
PLATFORMS = {
    "x": mark("X (Twitter)"),
    "whatsapp": mark("WhatsApp"),
    "instagram": mark("Instagram"),
    "snapchat": mark("Snapchat"),
    "facebook": mark("Facebook"),
    "tiktok": mark("TikTok"),
    "telegram": mark("Telegram"),
    "other": mark("Another network"),
}
TOOLS = {
    Tool.BYLAWS: mark("The bylaws"),
    Tool.RESEARCH_GUIDE: mark("The guide to social research"),
    Tool.SUPPORT_GUIDE: mark("The guide to support"),
    Tool.SUPPORT_REQUEST: mark("The form of a request for support"),
    Tool.OUTREACH_CALL: mark("The call that reaches out"),
    Tool.SOCIAL_CONTACT: mark("Contact by social media"),
}
AGREEMENTS = {Agreement.APPLICANT: mark("The applicant"), Agreement.GUARDIAN: mark("Who may act for him")}
"""Who agreed that a paper on file serves again."""
DIRECTIONS = {Direction.INCOMING: mark("Letters in"), Direction.OUTGOING: mark("Letters out")}
PROOFS = {
    ProofKind.CODE: mark("The code that he was sent"),
    ProofKind.SIGNATURE: mark("His signature"),
    ProofKind.PHOTO: mark("A photo"),
    ProofKind.PAPER: mark("A written record"),
}
TRANSFERS = {
    TransferStatus.ASKED: ("warn", mark("Waits for an answer")),
    TransferStatus.ACCEPTED: ("good", mark("Taken over")),
    TransferStatus.REFUSED: ("bad", mark("Not taken over")),
    TransferStatus.REVOKED: ("plain", mark("Taken back by who asked")),
}
PROPOSALS = {
    ProposalKind.DOCUMENT_EXPIRING: ("warn", mark("A paper runs out")),
    ProposalKind.SERVICE_FITS: ("info", mark("A service fits him")),
    ProposalKind.FOLLOW_UP_DUE: ("study", mark("Ask about the benefit")),
}
"""Why a branch may reach somebody first: colour and words."""
PARTICULARS = {
    Particular.NATIONAL_ID: mark("National id or residence number"),
    Particular.MOBILE: mark("Mobile"),
    Particular.EMAIL: mark("E-mail"),
}
"""What of an applicant is masked, and shown in clear with a reason."""
LANGUAGES = (("ar", mark("Arabic")), ("en", mark("English")))

FACTS: dict[str, str] = {
    e.CaseDrafted.type: mark("The request was begun"),
    e.ContactConverted.type: mark("A first contact became this request"),
    e.CaseReceived.type: mark("The request was handed in"),
    e.CaseFoundIncomplete.type: mark("Papers are missing"),
    e.CaseCompleted.type: mark("The papers are complete"),
    e.ClarificationAsked.type: mark("A question went to the researcher"),
    e.ClarificationAnswered.type: mark("The researcher answered"),
    e.ClarificationDue.type: mark("A question still waits for its answer"),
    e.CaseAttested.type: mark("The applicant signed the attestation"),
    e.CaseReferred.type: mark("The request went up"),
    e.CaseStudied.type: mark("The request was studied"),
    e.CaseReturned.type: mark("The request came back for more papers"),
    e.CaseDecided.type: mark("A decision was made"),
    e.CaseAnswered.type: mark("The answer was released"),
    e.CaseAppealed.type: mark("The applicant asked again"),
    e.CaseRegistered.type: mark("The registration was completed"),
    e.DeliveryPlanned.type: mark("A delivery was planned"),
    e.DeliveryCodeMade.type: mark("A code for the delivery was sent"),
    e.CasePartDelivered.type: mark("A part of the service was delivered"),
    e.CaseDelivered.type: mark("The service was delivered"),
    e.BenefitFollowUpDue.type: mark("The day came to ask about the benefit"),
    e.BenefitDocumented.type: mark("The benefit was documented"),
    e.CaseClosed.type: mark("The file was closed"),
    e.CaseWithdrawn.type: mark("The request was taken back"),
    e.CaseExpired.type: mark("The request ran out"),
    e.CaseAssigned.type: mark("A member of the staff took the file over"),
    e.TransferAsked.type: mark("A branch asked for the file to move"),
    e.TransferRefused.type: mark("The move to another branch was refused"),
    e.TransferRevoked.type: mark("The asked move was taken back"),
    e.CaseTransferred.type: mark("The file moved to another branch"),
    e.ProposalSent.type: mark("The person was told of something before he asked"),
    e.ProposalActedOn.type: mark("What was proposed was done"),
    e.ProposalDismissed.type: mark("What was proposed was put aside"),
    e.ToolConsulted.type: mark("A tool was consulted"),
    e.CaseMadeConfidential.type: mark("The case was made confidential"),
    e.CaseMadeOpen.type: mark("The case was opened again"),
    e.PapersRunningOut.type: mark("Papers run out soon"),
    e.ApplicantShown.type: mark("Somebody saw the applicant's numbers"),
    e.MessageSent.type: mark("A message was sent"),
    e.MessageWithheld.type: mark("A message was not sent: he has not agreed to it"),
    e.MessageFailed.type: mark("A message could not be sent"),
    e.SurveyInvited.type: mark("The applicant was asked how it was"),
    e.SurveyAnswered.type: mark("The applicant said how it was"),
}
"""What each fact is called in a case's file; one that is not here is shown by its code."""
