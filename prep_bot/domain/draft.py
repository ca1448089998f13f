"""What somebody is settling about a session, question by question, before anything is done.

A draft is all that a dialogue remembers. What it is to be asked next follows from what it lacks, so a dialogue goes on
where it stood after a restart, and a button is good for exactly the draft for which it was made.
"""

import zlib
from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict

from prep_bot.domain.meeting import Modality
from prep_bot.domain.spoken_date import Incomplete


class Purpose(StrEnum):
    """What is done when all is settled."""

    DATE = "date"
    """Give a session that is not convened its date and place."""
    ADD = "add"
    """Add an extraordinary session."""
    MOVE = "move"
    """Move a convened session."""
    AMEND = "amend"
    """Tell what changed in the agenda or the annexes of a convened session."""
    DEFER = "defer"
    CANCEL = "cancel"
    CLOSE = "close"
    """Note that a session was held."""
    CONVENE = "convene"
    """Convene a session with less notice than the term."""


class Question(StrEnum):
    """What may be asked."""

    SUBJECT = "subject"
    DATE = "date"
    MODALITY = "modality"
    PLACE = "place"
    LINK = "link"
    URGENT = "urgent"
    """Of an extraordinary session whose term has passed: whether it is urgent, or gets another date."""
    URGENCY = "urgency"
    """Why it is urgent."""
    NATURE = "nature"
    """Whether it is a correction, or the session is convened anew."""
    REASON = "reason"
    REMARK = "remark"
    """Of a session that was held; its answer closes the session."""
    CONFIRM = "confirm"


LIMITS = {
    Question.SUBJECT: 1000,
    Question.URGENCY: 300,
    Question.PLACE: 200,
    Question.LINK: 1000,
    Question.REASON: 500,
    Question.REMARK: 500,
}
"""Characters of each answer that is kept as it was written."""

_APPOINTMENT = (Question.DATE, Question.MODALITY, Question.PLACE, Question.LINK)
_COURSES = {
    Purpose.DATE: _APPOINTMENT,
    Purpose.ADD: (
        Question.SUBJECT,
        Question.DATE,
        Question.URGENT,
        Question.URGENCY,
        Question.MODALITY,
        Question.PLACE,
        Question.LINK,
        Question.CONFIRM,
    ),
    Purpose.MOVE: (*_APPOINTMENT, Question.NATURE, Question.REASON, Question.CONFIRM),
    Purpose.AMEND: (Question.NATURE, Question.REASON, Question.CONFIRM),
    Purpose.DEFER: (Question.REASON, Question.CONFIRM),
    Purpose.CANCEL: (Question.REASON, Question.CONFIRM),
    Purpose.CLOSE: (Question.REMARK,),
    Purpose.CONVENE: (Question.REASON, Question.CONFIRM),
}


class Venue(BaseModel):
    """How and where a session is attended."""

    model_config = ConfigDict(frozen=True)

    modality: Modality
    place: str = ""
    link: str = ""


class Draft(BaseModel):
    """What is settled so far; None is what is not. Instants are aware."""

    model_config = ConfigDict(frozen=True)

    commission: int
    purpose: Purpose
    meeting: int | None = None
    """The session's id; of one that is to be added, None."""
    seen: AwareDatetime | None = None
    """The session's `since` as it was shown."""
    kept: AwareDatetime | None = None
    """The date that the session has, to be kept with one tap."""
    offered: Venue | None = None
    """How and where the session is attended as it stands, or else the latest one that has a place."""
    petition: int | None = None
    """The petition by which a majority asked for the session."""
    subject: str | None = None
    """What an extraordinary session is about."""
    urgent: bool | None = None
    """Whether an extraordinary session is urgent; None: that is still to be asked."""
    urgency: str | None = None
    """Why it is urgent."""
    given: Incomplete = Incomplete()
    """A day without its hour, or an hour without its day."""
    choices: tuple[AwareDatetime, ...] = ()
    """The moments that what was written may mean: which one is asked, even of a single one."""
    starts_at: AwareDatetime | None = None
    modality: Modality | None = None
    place: str | None = None
    link: str | None = None
    agenda: int | None = None
    """The stamp of the agenda of a convened session as it was shown."""
    correction: bool | None = None
    """What was convened is only corrected; otherwise it is convened anew."""
    reason: str | None = None
    """Why; or the remark on a session that was held."""
    in_the_morning: bool = False
    """The convocation goes out when the quiet hours end."""
    confirmed: bool = False

    @property
    def question(self) -> Question | None:
        """What is to be asked next; None when all is settled."""
        return next((question for question in _COURSES[self.purpose] if not self._settled(question)), None)

    def _settled(self, question: Question) -> bool:
        match question:
            case Question.DATE:
                return self.starts_at is not None
            case Question.PLACE:
                return self.place is not None or self.modality is Modality.REMOTE
            case Question.LINK:
                return self.link is not None or self.modality is Modality.IN_PERSON
            case Question.NATURE:
                return self.correction is not None
            case Question.REMARK:
                return self.reason is not None
            case Question.URGENCY:
                return self.urgency is not None or not self.urgent
            case Question.CONFIRM:
                return self.confirmed
            case _:
                return getattr(self, question) is not None

    def answered(self, text: str) -> "Draft":
        """Return the draft with `text` as the answer to the present question, which is one of LIMITS."""
        field = Question.REASON if self.question is Question.REMARK else self.question
        return self.model_copy(update={str(field): text})

    @property
    def target(self) -> tuple[int, datetime]:
        """The session, and its state as it was shown."""
        if self.meeting is None or self.seen is None:
            raise ValueError(f"nothing is to be changed: {self.purpose}")
        return self.meeting, self.seen

    @property
    def stamp(self) -> int:
        """Stands on the buttons that belong to the draft as it is: a button with another stamp is stale."""
        return zlib.crc32(self.model_dump_json().encode()) % 10**9

    @property
    def options(self) -> tuple[datetime, ...]:
        """The moments that can be picked with a button."""
        return self.choices or ((self.kept,) if self.kept else ())

    @property
    def venue(self) -> Venue | None:
        """How and where the session will be attended, once that is settled."""
        if self.modality is None:
            return None
        return Venue(modality=self.modality, place=self.place or "", link=self.link or "")

    def keep_offered(self) -> "Draft":
        """Return the draft with the offered venue, or with as much of it as the present question is about."""
        if self.offered is None:
            return self
        match self.question:
            case Question.MODALITY:
                return self.model_copy(update=self.offered.model_dump())
            case Question.PLACE if self.offered.place:
                return self.model_copy(update={"place": self.offered.place})
            case Question.LINK if self.offered.link:
                return self.model_copy(update={"link": self.offered.link})
            case _:
                return self

    def date_again(self) -> "Draft":
        """Return the draft with its date and place open again; what they were can be kept."""
        return self.model_copy(
            update={
                "kept": self.starts_at or self.kept,
                "offered": self.venue or self.offered,
                "given": Incomplete(),
                "choices": (),
                "starts_at": None,
                "urgent": None,
                "modality": None,
                "place": None,
                "link": None,
                "confirmed": False,
            }
        )
