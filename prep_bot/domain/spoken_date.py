"""Reading a date and a time as a person writes them: "jueves 24 a las 11", "mañana 10 am", "24/02/2022 11:00".

Nothing is guessed: what may be two moments is returned as both, and what is past or does not exist is refused with its
reason. `date_phrase` knows the words; this module, what they mean at a given moment in a given zone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from prep_bot.domain.date_phrase import Phrase, parse
from prep_bot.domain.date_words import MONTHS, WEEKDAYS

_WEEK = timedelta(days=7)
_MOST_CHOICES = 4
_MOST_MONTHS = 18
_NEAR = timedelta(days=62)
"""How far "jueves 24" may be and still need no month: two months."""


class Reason(StrEnum):
    """Why what was written cannot be."""

    NOT_UNDERSTOOD = "not_understood"
    NO_SUCH_DAY = "no_such_day"
    NO_SUCH_TIME = "no_such_time"
    """No clock shows it, or the clocks of that day skip it."""
    WEEKDAY_MISMATCH = "weekday_mismatch"
    PAST = "past"
    FUTURE = "future"
    TOO_FAR = "too_far"
    """More than 18 months away."""


@dataclass(frozen=True)
class Exact:
    """One moment, aware, in UTC."""

    at: datetime


@dataclass(frozen=True)
class Ambiguous:
    """Two to four moments, aware, in UTC, the likeliest first: ask which."""

    choices: tuple[datetime, ...]


@dataclass(frozen=True)
class Incomplete:
    """Only the day or only the time was given: ask for the other, and pass this on as `given` with the answer.

    `days` are local dates; `times`, wall time since the midnight that begins the day, where 24 h is the midnight that
    ends it. Each lists what the words may mean, the likeliest first; the one that was not given is empty.
    """

    days: tuple[date, ...] = ()
    times: tuple[timedelta, ...] = ()


@dataclass(frozen=True)
class Impossible:
    """What was written cannot be.

    When the weekday is not that of the date, `days` are what may have been meant, the date before the weekday, and
    `choices` the same as moments in UTC, if a time was given. When a date without its year has passed, or is still to
    come, they are the same date of another year.
    """

    reason: Reason
    days: tuple[date, ...] = ()
    choices: tuple[datetime, ...] = ()


Reading = Exact | Ambiguous | Incomplete | Impossible
_NOTHING = Incomplete()


def read_date(text: str, now: datetime, zone: ZoneInfo, given: Incomplete = _NOTHING) -> Reading:
    """Return the moment after `now` that `text` names, as wall time in `zone`.

    A date without year is the next one, unless it passed not long ago. `given` is what an earlier text gave of the
    same moment: what `text` says of it takes its place.
    """
    return _Side(now, zone, 1).read(text, given)


def read_past(text: str, now: datetime, zone: ZoneInfo, given: Incomplete = _NOTHING) -> Reading:
    """Return the moment not after `now` that `text` names, as wall time in `zone`.

    A date without year, or a weekday, is the latest one. `given` is as in `read_date`.
    """
    return _Side(now, zone, -1).read(text, given)


def write_date(at: datetime, zone: ZoneInfo) -> str:
    """Return `jueves 24 de febrero de 2022, 11:00`: wall time of `at` in `zone`, to the minute.

    It reads back as the same moment: where clocks show an hour twice, it says which of the two.
    """
    local = at.astimezone(zone)
    written = f"{WEEKDAYS[local.weekday()]} {local.day} de {MONTHS[local.month - 1]} de {local.year}, {local:%H:%M}"
    if local.utcoffset() == local.replace(fold=1 - local.fold).utcoffset():
        return written
    return f"{written} ({'después' if local.fold else 'antes'} del cambio de hora)"


@dataclass(frozen=True)
class _Side:
    """The moments after `now`, when `step` is 1, or those not after it, when it is -1."""

    now: datetime
    zone: ZoneInfo
    step: int

    def read(self, text: str, given: Incomplete) -> Reading:
        """Return what `text` names on this side of now."""
        phrase = parse(text, self.today)
        if phrase is None or not self._settle_loose(phrase, given):
            return Impossible(Reason.NOT_UNDERSTOOD)
        self._settle_either(phrase, given)
        if phrase.clocks and not phrase.times:
            return Impossible(Reason.NO_SUCH_TIME)
        times = phrase.times or given.times
        days = self._days(phrase, times) if phrase.names_day else given.days
        if isinstance(days, Impossible):
            return days
        if days and times:
            return self._choice(self._moments(days, times, phrase.fold))
        return Incomplete(days, times) if days or times else Impossible(Reason.NOT_UNDERSTOOD)

    @property
    def today(self) -> date:
        """The local date of now."""
        return self.now.astimezone(self.zone).date()

    @property
    def _beyond(self) -> Reason:
        return Reason.PAST if self.step > 0 else Reason.FUTURE

    def _settle_loose(self, phrase: Phrase, given: Incomplete) -> bool:
        """Take a number by itself for a day or an hour, whichever is missing. Return whether that can be told."""
        if phrase.loose is None:
            return True
        if phrase.dates:
            # "Mañana 15" may be either when tomorrow is the 15th: take the day, and the hour will be asked for.
            as_day = bool(phrase.clocks) or any(day.day == phrase.loose.hour for day in phrase.dates)
        elif phrase.names_day:
            return False
        elif phrase.clocks or bool(given.days) != bool(given.times):
            as_day = bool(phrase.clocks or given.times)
        else:
            return False
        phrase.settle_loose(as_day=as_day)
        return True

    def _settle_either(self, phrase: Phrase, given: Incomplete) -> None:
        """Take "20" in "24 feb 20" for a year, unless that is over, or still to come, and it can be the hour."""
        if phrase.either is not None:
            possible = (2000 + phrase.either - self.today.year) * self.step >= 0
            phrase.settle_either(as_year=possible or bool(phrase.clocks or given.times))

    def _days(self, phrase: Phrase, times: tuple[timedelta, ...]) -> tuple[date, ...] | Impossible:
        """Return the dates that the phrase may name, the likeliest first."""
        if phrase.toward == -self.step:
            return Impossible(self._beyond)
        days = self._candidates(phrase, times)
        if not days:
            counted = phrase.dates or phrase.week is not None
            return Impossible(Reason.NOT_UNDERSTOOD if counted else Reason.NO_SUCH_DAY)
        objections = [objection for day in days if (objection := self._objection(day))]
        if len(objections) == len(days):
            return Impossible(objections[0])
        within = tuple(day for day in days if not self._objection(day))
        if phrase.weekday is not None and all(day.weekday() != phrase.weekday for day in within):
            return self._mismatch(phrase, within[0], phrase.weekday, times)
        if phrase.weekday is None and self._of_another_year(phrase, within[0]):
            return Impossible(self._beyond, within)
        return within

    def _of_another_year(self, phrase: Phrase, day: date) -> bool:
        """Tell whether a month without its year is rather the present year's, on the other side of now."""
        if phrase.month is None or phrase.year is not None or phrase.dates:
            return False
        other = self._other_side(phrase)
        return other is not None and other.year == self.today.year != day.year and self._nearer(other, day)

    def _other_side(self, phrase: Phrase) -> date | None:
        return _Side(self.now, self.zone, -self.step)._first(phrase.fits, ())

    def _nearer(self, day: date, than: date) -> bool:
        return abs(day - self.today) < abs(than - self.today)

    def _candidates(self, phrase: Phrase, times: tuple[timedelta, ...]) -> tuple[date, ...]:
        weekday, counted = phrase.weekday, phrase.dates
        if weekday is not None and phrase.week is not None:
            counted = (self.today + timedelta(phrase.week * 7 + weekday - self.today.weekday()),)
        if counted:
            fitting = tuple(day for day in counted if phrase.fits(day))
            return tuple(day for day in fitting if weekday in (None, day.weekday())) or fitting
        if phrase.year is not None:
            return _date(phrase)
        if weekday is None or phrase.month is not None:
            return _known(self._first(phrase.fits, times))
        if phrase.number is not None:
            return self._on_weekday_and_number(weekday, phrase, times)
        return self._on_weekday(weekday, times, strictly=bool(phrase.toward))

    def _on_weekday(self, weekday: int, times: tuple[timedelta, ...], *, strictly: bool) -> tuple[date, ...]:
        """Return the dates that a weekday by itself may name; `strictly` if it is the next one or the last one."""
        start = self.today + timedelta(self.step) if strictly else self.today
        day = start + timedelta(self.step * (self.step * (weekday - start.weekday()) % 7))
        other = day + self.step * _WEEK
        if strictly:
            # "El próximo jueves", said on a Monday, is this week's for some and next week's for others.
            return (day, other) if day.isocalendar()[:2] == self.today.isocalendar()[:2] else (day,)
        if day != self.today:
            return (day,)
        if not self._today_counts(times):
            return (other,)
        return (day, other) if self.step > 0 else (day,)

    def _on_weekday_and_number(self, weekday: int, phrase: Phrase, times: tuple[timedelta, ...]) -> tuple[date, ...]:
        """Return "jueves 24" if it is near; else the next 24th, the Thursday beside it, and the Thursday 24th."""
        both = self._first(lambda day: phrase.fits(day) and day.weekday() == weekday, times)
        if both and abs(both - self.today) <= _NEAR:
            return (both,)
        numbered = self._first(phrase.fits, times)
        return _known(numbered, numbered and _nearest(numbered, weekday), both)

    def _first(self, fits: Callable[[date], bool], times: tuple[timedelta, ...]) -> date | None:
        """Return the date nearest to now, at most a year away, that `fits`; today only if one of `times` is left."""
        start = 0 if self._today_counts(times) else 1
        days = (self.today + timedelta(self.step * count) for count in range(start, 367))
        return next((day for day in days if fits(day)), None)

    def _today_counts(self, times: tuple[timedelta, ...]) -> bool:
        return not times or any(self._has(moment) for moment in self._moments((self.today,), times))

    def _objection(self, day: date) -> Reason | None:
        """Return why the date cannot be meant, if it cannot."""
        if (day - self.today) * self.step < timedelta(0):
            return self._beyond
        first, last = sorted((day, self.today))
        months = (last.year - first.year) * 12 + last.month - first.month
        return Reason.TOO_FAR if (months, last.day) > (_MOST_MONTHS, first.day) else None

    def _mismatch(self, phrase: Phrase, day: date, weekday: int, times: tuple[timedelta, ...]) -> Impossible:
        """Refuse a date that is another weekday, and say what may have been meant."""
        if not phrase.dates:
            other = self._other_side(phrase)
            if other and other.weekday() == weekday and self._nearer(other, day):
                return Impossible(self._beyond)
        days = tuple(each for each in (day, _nearest(day, weekday)) if self._objection(each) is None)
        choices = tuple(moment for moment in self._moments(days, times) if self._has(moment))
        return Impossible(Reason.WEEKDAY_MISMATCH, days, choices[:_MOST_CHOICES])

    def _choice(self, moments: tuple[datetime, ...]) -> Reading:
        choices = tuple(moment for moment in moments if self._has(moment))[:_MOST_CHOICES]
        if len(choices) > 1:
            return Ambiguous(choices)
        if choices:
            return Exact(choices[0])
        return Impossible(self._beyond if moments else Reason.NO_SUCH_TIME)

    def _has(self, moment: datetime) -> bool:
        return (moment > self.now) == (self.step > 0)

    def _moments(
        self, days: tuple[date, ...], times: tuple[timedelta, ...], fold: int | None = None
    ) -> tuple[datetime, ...]:
        """Return every moment, in UTC, at which the clocks show one of `times` on one of `days`."""
        moments = (
            moment
            for sought in times
            for day in days
            for moment in _instants(datetime.combine(day, time(0), self.zone) + sought, fold)
        )
        return tuple(dict.fromkeys(moments))


def _instants(local: datetime, fold: int | None) -> Iterator[datetime]:
    """Yield the instants, in UTC, of a wall time: two when clocks go back over it, none when they skip it."""
    for each in (0, 1) if fold is None else (fold,):
        instant = local.replace(fold=each).astimezone(UTC)
        # Within one zone this compares what the clocks show, and a skipped time comes back as another.
        if instant.astimezone(local.tzinfo) == local:
            yield instant


def _date(phrase: Phrase) -> tuple[date, ...]:
    try:
        return (date(phrase.year or 0, phrase.month or 0, phrase.number or 0),)
    except ValueError:
        return ()


def _known(*days: date | None) -> tuple[date, ...]:
    return tuple(dict.fromkeys(day for day in days if day))


def _nearest(day: date, weekday: int) -> date:
    """Return the date nearest to `day` that falls on `weekday`."""
    return day + timedelta((weekday - day.weekday() + 3) % 7 - 3)
