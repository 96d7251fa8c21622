"""Which cases are confidential, and for whom: the same two tables in every service, kept from intake's facts."""

from sqlalchemy import Column, ForeignKey, Index, String, Table
from sqlmodel import UTCDateTime

from shared.plumbing.tables import metadata

confidential_cases = Table(
    "confidential_cases",
    metadata,
    Column("case_id", String(100), primary_key=True),
    Column("association_id", String(100), nullable=False),
    Column("reference", String(100), nullable=False),
    Column("branch_id", String(100), nullable=False),
    Column("since", UTCDateTime(), nullable=False),
    # What says that a case is confidential is seen by the whole association; what is in the case is not.
    Index("confidential_cases_of_association", "association_id", "case_id"),
)

confidential_people = Table(
    "confidential_people",
    metadata,
    Column("case_id", String(100), ForeignKey("confidential_cases.case_id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", String(100), primary_key=True),
)
