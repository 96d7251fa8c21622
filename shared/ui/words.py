"""The words and colours of what every page shows alike: where a case stands, who someone is."""

from shared.ui.language import mark

STATUSES = {
    "draft": ("plain", mark("Draft")),
    "received": ("info", mark("Received")),
    "incomplete": ("bad", mark("Incomplete")),
    "complete": ("info", mark("Complete")),
    "attested": ("info", mark("Attested")),
    "referred": ("study", mark("Referred")),
    "decided": ("study", mark("Decided")),
    "answered": ("warn", mark("Answered")),
    "registered": ("good", mark("Registered")),
    "delivered": ("good", mark("Delivered")),
    "closed": ("plain", mark("Closed")),
    "withdrawn": ("plain", mark("Withdrawn")),
    "expired": ("plain", mark("Expired")),
}
"""By the code of the status: colour of its tag, and its words."""

ROLES = {
    "delegate": mark("Delegate"),
    "branch_manager": mark("Branch manager"),
    "intake_officer": mark("Intake officer"),
    "social_researcher": mark("Social researcher"),
    "committee_member": mark("Committee member"),
    "committee_chair": mark("Committee chair"),
    "department_decider": mark("Department decider"),
    "notifications_operator": mark("Notifications operator"),
    "quality_officer": mark("Quality officer"),
    "sensitive_complaints_officer": mark("Sensitive-complaints officer"),
    "association_administrator": mark("Association administrator"),
    "auditor": mark("Auditor"),
    "platform_operator": mark("Platform operator"),
}
"""By the code of the role."""
