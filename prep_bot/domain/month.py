"""A calendar month, the unit of the work plan."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_ISO = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, order=True)
class Month:
    """One month of one year, such as February 2022."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.number <= 12 and 2000 <= self.year <= 2200):
            raise ValueError(f"{self.year}-{self.number} is not a month between 2000 and 2200")

    @classmethod
    def of(cls, day: date) -> "Month":
        """Return the month of `day`; of a datetime, in the zone that it carries."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read `2022-02`. Raises ValueError for anything else."""
        match = _ISO.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not a month such as 2022-02")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    def __add__(self, months: int) -> "Month":
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)

    def __sub__(self, other: "Month") -> int:
        """Return how many months `other` lies before this one."""
        return (self.year - other.year) * 12 + self.number - other.number

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return date(self.year, self.number, monthrange(self.year, self.number)[1])

    def starts(self, zone: ZoneInfo, at: time = time(0)) -> datetime:
        """Return the instant of the first day at `at`, wall time in `zone`."""
        return datetime.combine(self.first, at, zone)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return 23:59 of `day`, wall time in `zone`: when a deadline of that day falls."""
    return datetime.combine(day, time(23, 59), zone)


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """Return the date on which the aware `instant` falls in `zone`."""
    return instant.astimezone(zone).date()


def days_until(day: date, today: date) -> int:
    """Return the whole days from `today` to `day`; negative when it has passed."""
    return (day - today) // timedelta(days=1)
