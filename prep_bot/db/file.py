"""Files that belong to the records: annexes, signed convocations. Each content is kept once, whatever it is called."""

from sqlalchemy import LargeBinary
from sqlmodel import Column, Field, SQLModel


class StoredFile(SQLModel, table=True):
    """A content, named by its SHA-256."""

    __tablename__ = "stored_file"

    sha256: str = Field(primary_key=True)
    size: int
    """Bytes."""
    media_type: str
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    file_id: str | None = None
    """Under which Telegram keeps it for this bot: sending it again needs no upload, and losing it loses nothing."""
