"""Files that somebody sent for annexes, until it is settled where each belongs."""

import zlib
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Question(StrEnum):
    """What may be asked."""

    FILE = "file"
    MEETING = "meeting"
    POINT = "point"
    SERIES = "series"
    """Whether it replaces an annex of that point."""


class SentFile(BaseModel):
    """A file that Telegram keeps, and that is not downloaded yet."""

    model_config = ConfigDict(frozen=True)

    file_id: str
    name: str
    media_type: str
    size: int
    photo: bool = False
    """Telegram sends it again only as a photo."""

    @property
    def pdf(self) -> bool:
        """Whether it says of itself that it is a PDF."""
        return self.media_type == "application/pdf" or self.name.lower().endswith(".pdf")


class Filing(BaseModel):
    """What is settled so far of the first file; the others wait. None is what is not settled; 0, none."""

    model_config = ConfigDict(frozen=True)

    commission: int
    meeting: int | None = None
    point: int | None = None
    """0: it belongs to the session."""
    series: int | None = None
    """The annex that it replaces; 0: it is a new one."""
    files: tuple[SentFile, ...] = ()

    @property
    def question(self) -> Question | None:
        """What is to be asked next; None when the first file can be filed."""
        if not self.files:
            return Question.FILE
        if self.meeting is None:
            return Question.MEETING
        if self.point is None:
            return Question.POINT
        return Question.SERIES if self.series is None else None

    @property
    def stamp(self) -> int:
        """Stands on the buttons that belong to the first file: a button with another stamp is stale."""
        return zlib.crc32(self.files[0].file_id.encode()) % 10**9 if self.files else 0

    def joined(self, file: SentFile) -> "Filing":
        """Return the filing with another file behind the others."""
        return self.model_copy(update={"files": (*self.files, file)})

    def next(self) -> "Filing":
        """Return the filing without its first file; the next one belongs to the same session."""
        return self.model_copy(update={"files": self.files[1:], "point": None, "series": None})
