"""The image or PDF of a paper: what the database knows of a sealed file in the folder of files."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from services.intake.domain.base import IntakeTable
from shared.language.errors import TooManyFiles
from shared.plumbing.origin import new_id
from shared.plumbing.scope import within
from shared.plumbing.seal import PersonalColumn

MOST_FILES = 10
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf"}


class DocumentFile(IntakeTable, table=True):
    """One file of a document. The newest is shown; those before it stay, as what somebody decided upon."""

    __tablename__ = "document_files"
    __table_args__ = (Index("document_files_document", "document_id", "id"), within("cases", by="case_id"))

    id: str = Field(default_factory=new_id, primary_key=True)
    case_id: str = Field(foreign_key="cases.id")
    document_id: str = Field(foreign_key="documents.id")
    subject_id: str | None = Field(default=None, index=True)
    place: str = Field(unique=True)
    """Where it lies, under a name that says nothing."""
    key: str = Field(sa_type=PersonalColumn, sa_column_kwargs={"name": "sealed_key"})
    """What opens the file (base64), under the person's key: who destroys that has erased the file in every backup."""
    media_type: str
    """As we found it to be, whatever it was called."""
    size: int
    digest: str
    """Of the sealed file as it lies there, so that a backup can be checked without a key (SHA-256)."""
    name: str | None = Field(default=None, sa_type=PersonalColumn)
    kept_by: str
    kept_at: datetime

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")

    @property
    def plain_name(self) -> str:
        return f"document.{EXTENSIONS[self.media_type]}"


def check_room(files: int) -> None:
    """Raises `TooManyFiles`."""
    if files >= MOST_FILES:
        raise TooManyFiles(limit=MOST_FILES)
