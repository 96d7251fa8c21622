"""The clauses of a policy on the relationship with beneficiaries, by the ids that code, tests and reports use."""

from enum import StrEnum


class Clause(StrEnum):
    """One thing that a policy demands. A pack adopts clauses; an event makes them true."""

    CHANNEL_INTERVIEW = "channel.interview"
    CHANNEL_PHONE = "channel.phone"
    CHANNEL_SOCIAL = "channel.social"
    CHANNEL_LETTER = "channel.letter"
    CHANNEL_HELP_REQUEST = "channel.help_request"
    CHANNEL_VOLUNTEERING = "channel.volunteering"
    CHANNEL_WEBSITE = "channel.website"
    CHANNEL_DELEGATE = "channel.delegate"

    TOOL_BYLAWS = "tool.bylaws"
    TOOL_RESEARCH_GUIDE = "tool.research_guide"
    TOOL_SUPPORT_GUIDE = "tool.support_guide"
    TOOL_SUPPORT_REQUEST = "tool.support_request"
    TOOL_OUTREACH_CALL = "tool.outreach_call"
    TOOL_SOCIAL_CONTACT = "tool.social_contact"

    STEP_RECEPTION = "step.reception"
    STEP_COMPLETENESS = "step.completeness"
    STEP_CLARIFICATION = "step.clarification"
    STEP_ATTESTATION = "step.attestation"
    STEP_COMMITTEE_NOTICE = "step.committee_notice"
    STEP_REGISTRATION = "step.registration"
    STEP_DELIVERY = "step.delivery"

    ELIGIBILITY_FORM = "eligibility.form"
    ELIGIBILITY_ROUTING = "eligibility.routing"
    ELIGIBILITY_VERIFICATION = "eligibility.verification"
    ELIGIBILITY_ANSWER = "eligibility.answer"
    ELIGIBILITY_BENEFIT = "eligibility.benefit"

    GOAL_EASE = "goal.ease"
    GOAL_ELECTRONIC = "goal.electronic"
    GOAL_ANSWERS = "goal.answers"
    GOAL_FROM_WHERE_HE_IS = "goal.from_where_he_is"
    GOAL_PROACTIVE = "goal.proactive"
    GOAL_SATISFACTION = "goal.satisfaction"
    GOAL_TRUST_FACTS = "goal.trust.facts"
    GOAL_TRUST_IMPRESSION = "goal.trust.impression"
    GOAL_TRUST_EVALUATION_RIGHT = "goal.trust.evaluation_right"
    GOAL_TRUST_ALL_DEPARTMENTS = "goal.trust.all_departments"
    GOAL_TRUST_IMPROVEMENT = "goal.trust.improvement"

    POLICY_PARTIES = "policy.parties"
    POLICY_REVIEW = "policy.review"


class Channel(StrEnum):
    """How a beneficiary reaches the association (`channel.*`)."""

    INTERVIEW = "interview"
    PHONE = "phone"
    SOCIAL = "social"
    LETTER = "letter"
    HELP_REQUEST = "help_request"
    VOLUNTEERING = "volunteering"
    WEBSITE = "website"
    DELEGATE = "delegate"

    @property
    def clause(self) -> Clause:
        return Clause(f"channel.{self.value}")

    @property
    def ar(self) -> str:
        """As the glossary has it."""
        return CHANNELS[self]


CHANNELS = {
    Channel.INTERVIEW: "مقابلة",
    Channel.PHONE: "هاتف",
    Channel.SOCIAL: "وسائل التواصل",
    Channel.LETTER: "خطاب",
    Channel.HELP_REQUEST: "طلب مساعدة",
    Channel.VOLUNTEERING: "تطوع",
    Channel.WEBSITE: "الموقع الإلكتروني",
    Channel.DELEGATE: "مندوب",
}


class Tool(StrEnum):
    """What the beneficiary-relations employee has at hand beside a request (`tool.*`)."""

    BYLAWS = "bylaws"
    RESEARCH_GUIDE = "research_guide"
    SUPPORT_GUIDE = "support_guide"
    SUPPORT_REQUEST = "support_request"
    OUTREACH_CALL = "outreach_call"
    SOCIAL_CONTACT = "social_contact"

    @property
    def clause(self) -> Clause:
        return Clause(f"tool.{self.value}")

    @property
    def ar(self) -> str:
        """As the policies name it."""
        return TOOLS[self]


TOOLS = {
    Tool.BYLAWS: "اللائحة الأساسية",
    Tool.RESEARCH_GUIDE: "دليل البحث الاجتماعي",
    Tool.SUPPORT_GUIDE: "دليل الدعم",
    Tool.SUPPORT_REQUEST: "نموذج طلب الدعم",
    Tool.OUTREACH_CALL: "دليل مكالمة التواصل",
    Tool.SOCIAL_CONTACT: "التواصل عبر المنصات الاجتماعية",
}


class ReviewingBody(StrEnum):
    """Who decides: the social-research committee, or the department that owns the service."""

    COMMITTEE = "committee"
    DEPARTMENT = "department"

    @property
    def ar(self) -> str:
        return "لجنة البحث" if self is ReviewingBody.COMMITTEE else "الإدارة المختصة"
