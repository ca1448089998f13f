"""The rules of a commission: a section of its plan's file, with defaults, stored per commission.

Every time of day is wall time in the commission's own zone.
"""

from datetime import date, time
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, field_validator, model_validator

DEFAULT_TIMEZONE = "America/Mexico_City"


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NoticeTerm(_Section):
    """The least notice with which a session may be convened, in hours, and the article that says so."""

    hours: int = Field(ge=0, le=24 * 60)
    article: str = ""


class NoticeTerms(_Section):
    """One term for each kind of session. Defaults of this program, not of a law: cite the article in the file."""

    ordinary: NoticeTerm = NoticeTerm(hours=72)
    extraordinary: NoticeTerm = NoticeTerm(hours=24)


class QuietHours(_Section):
    """Between `start` (included) and `end` (excluded) nothing is sent that can wait."""

    start: time = time(21)
    end: time = time(8)
    evening: time = time(20, 30)
    """To when a reminder about a session is brought forward."""


class Reminders(_Section):
    """The ladder of what the bot sends by itself."""

    at: time = time(9)
    """When the monthly summary, the deadline alerts and "falta fijar fecha" go out."""
    date_missing_days: tuple[int, ...] = (10, 5)
    """Days before the last day on which a session without a date can still be convened in time."""
    convene_hours: tuple[int, ...] = (48, 24)
    """Hours before the notice term expires."""
    chase_hours: int = Field(default=24, ge=1)
    meeting_hours: tuple[int, ...] = (24, 1)
    """Hours before a convened session."""
    deadline_days: tuple[int, ...] = (7, 2)
    """Days before a deadline: all but the last for those who do the work, the last one for all."""
    minimum_gap_hours: int = Field(default=6, ge=0)
    """A reminder that falls sooner than this after convening is dropped."""


class Holidays(_Section):
    """Which days count."""

    electoral_process: bool = True
    """During an electoral process all days and hours count."""
    extra: tuple[date, ...] = ()
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
    privacy: Privacy
    notice_terms: NoticeTerms = NoticeTerms()
    reminders: Reminders = Reminders()
    quiet_hours: QuietHours = QuietHours()
    holidays: Holidays = Holidays()
    quorum: Quorum = Quorum()

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError(f"{name!r} is not an IANA time zone such as America/Mexico_City")
        return name

    @model_validator(mode="after")
    def _evening_is_awake(self) -> "Rules":
        if self.quiet_hours.start > self.quiet_hours.end and not (
            self.quiet_hours.end <= self.quiet_hours.evening < self.quiet_hours.start
        ):
            raise ValueError("quiet_hours.evening must lie outside the quiet hours")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The commission's time zone."""
        return ZoneInfo(self.timezone)
