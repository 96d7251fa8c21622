"""add contacts, the letters' register, papers on file, threads and the library"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

from services.intake.domain.library import passages_of, words_in
from shared.plumbing.row_policies import scope_rows, scope_rows_within
from shared.plumbing.seal import PersonalColumn, SealedColumn

revision = "0015"
down_revision = "0014"


def _channel() -> sa.Enum:
    names = ["interview", "phone", "social", "letter", "help_request", "volunteering", "website", "delegate"]
    return sa.Enum(*names, name="channel", native_enum=False, length=40)


def _direction() -> sa.Enum:
    return sa.Enum("incoming", "outgoing", name="direction", native_enum=False, length=40)


def upgrade() -> None:
    _add_letters()
    _add_contacts()
    _add_papers()
    _add_threads()
    _add_library()
    _give_old_questions_their_time()
    _find_tools_that_are_in_force()


def _add_letters() -> None:
    op.create_table(
        "letters",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=True),
        sa.Column("subject_id", sa.String(), nullable=True),
        sa.Column("direction", _direction(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("their_number", PersonalColumn(), nullable=True),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("attachments", sa.Integer(), nullable=False),
        sa.Column("subject", PersonalColumn(), nullable=False),
        sa.Column("correspondent", PersonalColumn(), nullable=False),
        sa.Column("registered_by", sa.String(), nullable=False),
        sa.Column("registered_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("association_id", "direction", "year", "number"),
    )
    op.create_index("ix_letters_case_id", "letters", ["case_id"])
    op.create_index("ix_letters_subject_id", "letters", ["subject_id"])
    op.create_index("letters_of_branch", "letters", ["association_id", "branch_id", "direction", "year", "number"])
    op.create_table(
        "letter_counters",
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("direction", _direction(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("association_id", "direction", "year"),
    )
    scope_rows("letters", branch="branch_id", case="case_id")
    scope_rows("letter_counters")


def _add_contacts() -> None:
    op.create_table(
        "first_contacts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=True),
        sa.Column("subject_id", sa.String(), nullable=True),
        sa.Column("channel", _channel(), nullable=False),
        sa.Column("words", PersonalColumn(), nullable=True),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("letter_id", sa.String(), nullable=True),
        sa.Column("call_back_at", UTCDateTime(), nullable=True),
        sa.Column("called_back_at", UTCDateTime(), nullable=True),
        sa.Column("called_back_by", sa.String(), nullable=True),
        sa.Column("taken_by", sa.String(), nullable=False),
        sa.Column("taken_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_first_contacts_case_id", "first_contacts", ["case_id"])
    op.create_index("ix_first_contacts_subject_id", "first_contacts", ["subject_id"])
    op.create_index("first_contacts_of_association", "first_contacts", ["association_id", "id"])
    op.create_index("first_contacts_of_branch", "first_contacts", ["association_id", "branch_id", "id"])
    to_call = sa.text("call_back_at IS NOT NULL AND called_back_at IS NULL")
    op.create_index(
        "first_contacts_to_call",
        "first_contacts",
        ["association_id", "call_back_at", "id"],
        sqlite_where=to_call,
        postgresql_where=to_call,
    )
    op.create_table(
        "arrivals",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=True),
        sa.Column("channel", _channel(), nullable=False),
        sa.Column("words", PersonalColumn(), nullable=False),
        sa.Column("waited_seconds", sa.Integer(), nullable=True),
        sa.Column("given_seconds", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.String(), nullable=True),
        sa.Column("letter_id", sa.String(), nullable=True),
        sa.Column("taken_by", sa.String(), nullable=False),
        sa.Column("taken_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.ForeignKeyConstraint(["contact_id"], ["first_contacts.id"]),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id"),
    )
    op.create_index("ix_arrivals_subject_id", "arrivals", ["subject_id"])
    scope_rows("first_contacts", branch="branch_id", case="case_id")
    scope_rows_within("arrivals", parent="cases", by="case_id")


def _add_papers() -> None:
    op.create_table(
        "reused_papers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=True),
        sa.Column(
            "agreed",
            sa.Enum("applicant", "guardian", name="agreement", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("agreed_name", PersonalColumn(), nullable=False),
        sa.Column("noted_by", sa.String(), nullable=False),
        sa.Column("noted_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"]),
        sa.ForeignKeyConstraint(["source_id"], ["documents.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("document_id"),
    )
    for column in ("case_id", "source_id", "subject_id"):
        op.create_index(f"ix_reused_papers_{column}", "reused_papers", [column])
    op.create_table(
        "paper_warnings",
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("warned_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"]),
        sa.PrimaryKeyConstraint("document_id"),
    )
    op.create_index("ix_paper_warnings_case_id", "paper_warnings", ["case_id"])
    for table in ("reused_papers", "paper_warnings"):
        scope_rows_within(table, parent="cases", by="case_id")


def _add_threads() -> None:
    op.create_table(
        "clarification_terms",
        sa.Column("clarification_id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("reminded_at", UTCDateTime(), nullable=True),
        sa.Column("overdue_at", UTCDateTime(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("through", _channel(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.ForeignKeyConstraint(["clarification_id"], ["clarifications.id"]),
        sa.PrimaryKeyConstraint("clarification_id"),
    )
    op.create_index("ix_clarification_terms_case_id", "clarification_terms", ["case_id"])
    waits = sa.text("answered_at IS NULL")
    op.create_index(
        "clarification_terms_open",
        "clarification_terms",
        ["association_id", "due_at", "clarification_id"],
        sqlite_where=waits,
        postgresql_where=waits,
    )
    op.create_table(
        "clarification_notes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("clarification_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=True),
        sa.Column(
            "side", sa.Enum("applicant", "researcher", name="side", native_enum=False, length=40), nullable=False
        ),
        sa.Column("channel", _channel(), nullable=True),
        sa.Column("words", PersonalColumn(), nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.Column("written_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.ForeignKeyConstraint(["clarification_id"], ["clarifications.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("clarification_notes_thread", "clarification_notes", ["clarification_id", "id"])
    for column in ("case_id", "subject_id"):
        op.create_index(f"ix_clarification_notes_{column}", "clarification_notes", [column])
    for table in ("clarification_terms", "clarification_notes"):
        scope_rows_within(table, parent="cases", by="case_id")


def _add_library() -> None:
    op.create_table(
        "guide_entries",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("service_id", sa.String(), nullable=True),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.Column("written_at", UTCDateTime(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("approved_at", UTCDateTime(), nullable=True),
        sa.Column("taken_back_by", sa.String(), nullable=True),
        sa.Column("taken_back_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("guide_entries_page", "guide_entries", ["association_id", "id"])
    op.create_table(
        "tool_files",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("edition_id", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("sealed_key", SealedColumn(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("kept_by", sa.String(), nullable=False),
        sa.Column("kept_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["tool_editions.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("place"),
    )
    op.create_index("tool_files_edition", "tool_files", ["edition_id", "id"])
    op.create_table(
        "passages",
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("association_id", "source", "number"),
    )
    op.create_table(
        "passage_words",
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("association_id", "word", "source", "number"),
    )
    op.create_index("passage_words_of_source", "passage_words", ["association_id", "source"])
    for table in ("guide_entries", "tool_files", "passages", "passage_words"):
        scope_rows(table)


def _give_old_questions_their_time() -> None:
    """A question from before there were times is due since it was asked: it stands first among those that wait."""
    op.execute(
        "INSERT INTO clarification_terms (clarification_id, association_id, case_id, due_at, answered_at)"
        " SELECT clarifications.id, cases.association_id, cases.id, clarifications.asked_at, clarifications.answered_at"
        " FROM clarifications JOIN cases ON cases.id = clarifications.case_id"
    )


def _find_tools_that_are_in_force() -> None:
    """The newest edition of each tool is found by its words."""
    names = ("id", "association_id", "tool", "title", "text")
    editions = sa.table("tool_editions", *map(sa.column, names))
    bind = op.get_bind()
    newest = sa.select(sa.func.max(editions.c.id)).group_by(editions.c.association_id, editions.c.tool)
    found = sa.select(editions).where(editions.c.id.in_(newest)).order_by(editions.c.id)
    passages = sa.table("passages", *map(sa.column, ("association_id", "source", "number", "title", "text")))
    words = sa.table("passage_words", *map(sa.column, ("association_id", "source", "number", "word", "times")))
    for edition in bind.execute(found).all():
        of = {"association_id": edition.association_id, "source": f"tool:{edition.tool}"}
        for number, piece in enumerate(passages_of(edition.text)):
            place = of | {"number": number}
            bind.execute(passages.insert().values(title=edition.title, text=piece, **place))
            if rows := list(_words(place, f"{edition.title} {piece}")):
                bind.execute(words.insert(), rows)


def _words(place: dict[str, object], text: str) -> Iterator[dict[str, object]]:
    for word, times in sorted(words_in(text).items()):
        yield place | {"word": word, "times": times}
