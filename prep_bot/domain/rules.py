"""The rules of a commission: a section of its plan's file, with defaults, stored per commission.

Every time of day is wall time in the commission's own zone.
"""

from datetime import date, time
from functools import cache
from itertools import pairwise
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl, field_validator, model_validator

from prep_bot.domain.meeting import MeetingKind

DEFAULT_TIMEZONE = "America/Mexico_City"


@cache
def _known_zones() -> frozenset[str]:
    """Return the names of all zones, read from the disk once: rules are validated at every command."""
    return frozenset(available_timezones())


def _descending(steps: tuple[int, ...]) -> tuple[int, ...]:
    if any(later >= earlier for earlier, later in pairwise(steps)):
        raise ValueError("write the longest time first, each only once, such as [24, 1]")
    return steps


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NoticeTerm(_Section):
    """The least notice with which a session may be convened, in hours or in days, and the article that says so."""

    hours: int | None = Field(default=None, ge=0, le=24 * 60)
    """Hours that elapse."""
    days: int | None = Field(default=None, ge=0, le=60)
    """Days by the calendar: the same time of day, that many days before."""
    working: bool = True
    """Outside an electoral process only working days count; when false, all of them do even then."""
    article: str = Field(default="", max_length=120)

    @model_validator(mode="after")
    def _in_one_unit(self) -> "NoticeTerm":
        if (self.hours is None) == (self.days is None):
            raise ValueError("give the term either in hours, such as `hours = 72`, or in days, such as `days = 3`")
        return self


class NoticeTerms(_Section):
    """One term for each kind of session. Defaults of this program, not of a law: cite the article in the file."""

    ordinary: NoticeTerm = NoticeTerm(hours=72)
    """Of the installation too."""
    extraordinary: NoticeTerm = NoticeTerm(hours=24)
    urgent: NoticeTerm = NoticeTerm(hours=0)
    """None; an urgent session has a reason instead."""
    second_call: NoticeTerm = NoticeTerm(hours=24)
    """Of a session that is convened again for want of quorum, unless it is urgent."""

    def of(self, kind: MeetingKind, call: int = 1) -> NoticeTerm:
        """Return the term of a session of that kind; `call` is which convening of it this is."""
        if kind is MeetingKind.URGENT:
            return self.urgent
        if call > 1:
            return self.second_call
        return self.extraordinary if kind is MeetingKind.EXTRAORDINARY else self.ordinary


class QuietHours(_Section):
    """Between `start` (included) and `end` (excluded) nothing is sent that can wait; both the same: there are none."""

    start: time = time(21)
    end: time = time(8)
    evening: time = time(20, 30)
    """To when a reminder about a session is brought forward."""

    @model_validator(mode="after")
    def _over_midnight(self) -> "QuietHours":
        if self.start != self.end and not self.end <= self.evening < self.start:
            raise ValueError("the quiet hours go from an evening to a morning, and `evening` lies outside them")
        return self


Ladder = Annotated[
    tuple[Annotated[int, Field(ge=1, le=60 * 24)], ...], Field(max_length=6), AfterValidator(_descending)
]


class Reminders(_Section):
    """The ladder of what the bot sends by itself. Each list goes down: the longest time before comes first."""

    at: time = time(9)
    """When the monthly summary, the deadline alerts and "falta fijar fecha" go out."""
    date_missing_days: Ladder = (10, 5)
    """Days before the last day on which a session without a date can still be convened in time."""
    convene_hours: Ladder = (48, 24)
    """Hours before the notice term expires."""
    chase_hours: int = Field(default=24, ge=1, le=24 * 14)
    """Hours between two requests to acknowledge."""
    meeting_hours: Ladder = (24, 1)
    """Hours before a convened session; the last of several does not go to the group."""
    deadline_days: Ladder = (7, 2)
    """Days before a deadline; the last one is for presidency, members and group too."""
    minimum_gap_hours: int = Field(default=6, ge=0, le=48)
    """A reminder that falls sooner than this after convening is dropped."""


class Holidays(_Section):
    """Which days count."""

    electoral_process: bool = True
    """All days and hours count. Outside an electoral process weekends, Mexico's holidays and `extra` do not."""
    extra: tuple[date, ...] = Field(default=(), max_length=400)
    """The institution's own days off."""


class Quorum(_Section):
    """How many voting members make a session valid; none given means more than half."""

    voting_members: int | None = Field(default=None, ge=1)


class Privacy(_Section):
    """The institution's privacy notice, shown and accepted before anything personal is stored."""

    notice: str = Field(min_length=40, max_length=1500)
    url: HttpUrl | None = None


class Rules(_Section):
    """All that a commission may set."""

    timezone: str = DEFAULT_TIMEZONE
    presidency_convenes: bool = False
    petition_days: int = Field(default=10, ge=1, le=90)
    """For how many days a petition of an extraordinary session can be signed."""
    privacy: Privacy
    notice_terms: NoticeTerms = NoticeTerms()
    reminders: Reminders = Reminders()
    quiet_hours: QuietHours = QuietHours()
    holidays: Holidays = Holidays()
    quorum: Quorum = Quorum()

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in _known_zones():
            raise ValueError(f"{name!r} is not an IANA time zone such as America/Mexico_City")
        return name

    @property
    def zone(self) -> ZoneInfo:
        """The commission's time zone."""
        return ZoneInfo(self.timezone)
