"""The grammar of dates and times as people in Mexico write them: a text becomes a `Phrase`, what its words say.

What they mean depends on the present moment and on the zone: that is `spoken_date`. Every word must have its place in
the grammar: a text with any other is not read in part, it is not read at all.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from prep_bot.domain.date_words import DAYS_FROM_TODAY, MONTH_NUMBERS, WEEKDAY_NUMBERS, normalise

_HOURS_OF_PART = {
    "am": frozenset(range(13)),  # with 12, so that "12 am", by which some mean noon, is asked about
    "pm": frozenset(range(12, 24)),
    "madrugada": frozenset({24, *range(7)}),
    "manana": frozenset(range(13)),
    "tarde": frozenset(range(12, 21)),
    "noche": frozenset({0, *range(18, 25)}),
}
_FRACTIONS = {"media": 30, "cuarto": 15}


@dataclass(frozen=True)
class Clock:
    """An hour as written, on a dial of 12 or of 24; `padded` when it begins with a zero, as in 05:00."""

    hour: int
    minute: int = 0
    padded: bool = False

    def readings(self, parts: Iterable[str]) -> tuple[timedelta, ...]:
        """Return the times that it may be, since the midnight that begins the day, the likeliest first.

        `parts` are the parts of the day that were said with it, such as "tarde" or "pm". 24 h is the midnight that
        ends the day. Empty: there is no such time.
        """
        if self.minute > 59 or not 0 <= self.hour <= 24 or (self.hour == 24 and self.minute):
            return ()
        hours = [self.hour]
        if parts and self.hour == 12:
            hours = [12, 24, 0]
        elif parts and 1 <= self.hour < 12:
            hours = [self.hour, self.hour + 12]
        elif 1 <= self.hour <= 7 and not self.padded:
            hours = [self.hour + 12, self.hour]
        return tuple(
            timedelta(hours=hour, minutes=self.minute)
            for hour in hours
            if all(hour in _HOURS_OF_PART[part] for part in parts)
        )


@dataclass
class Phrase:
    """What the words say. None, zero or empty: nothing of that."""

    weekday: int | None = None
    """0 is Monday."""
    number: int | None = None
    """The day of the month."""
    month: int | None = None
    year: int | None = None
    dates: tuple[date, ...] = ()
    """What a day counted from today may be, the likeliest first: "mañana", "dentro de 8 días"."""
    week: int | None = None
    """The week of the weekday: 0 is the present one, 1 the next."""
    toward: int = 0
    """1 for "próximo", -1 for "pasado"."""
    fold: int | None = None
    """Of an hour that the clocks show twice when they go back: 0 for the first, 1 for the second."""
    loose: Clock | None = None
    """A number that may be a day of the month or an hour."""
    either: int | None = None
    """A number after a month that may be its year, without the century, or an hour: "24 feb 22"."""
    clocks: list[Clock] = field(default_factory=list)
    parts: set[str] = field(default_factory=set)

    @property
    def names_day(self) -> bool:
        """Whether anything was said of the day."""
        return self.weekday is not None or self.number is not None or bool(self.dates)

    @property
    def times(self) -> tuple[timedelta, ...]:
        """The times that it may be, since the midnight that begins the day: those that agree with all that was said."""
        readings = [clock.readings(self.parts) for clock in self.clocks]
        return tuple(time for time in readings[0] if all(time in others for others in readings)) if readings else ()

    @property
    def consistent(self) -> bool:
        """Whether a time that was said twice, as in "17:00 (5 pm)", is the same, and a week has its weekday."""
        return (len(self.clocks) < 2 or bool(self.times)) and (self.week is None or self.weekday is not None)

    def fits(self, day: date) -> bool:
        """Return whether `day` has the number, the month and the year that were said."""
        return self.number in (None, day.day) and self.month in (None, day.month) and self.year in (None, day.year)

    def settle_loose(self, *, as_day: bool) -> None:
        """Take the loose number for a day of the month or for an hour."""
        if self.loose and as_day:
            self.number = self.loose.hour
        elif self.loose:
            self.clocks.append(self.loose)
        self.loose = None

    def settle_either(self, *, as_year: bool) -> None:
        """Take the number after a month for its year or for an hour."""
        if self.either is not None and as_year:
            self.year = 2000 + self.either
        elif self.either is not None:
            self.clocks.append(Clock(self.either))
        self.either = None


class _UnreadableError(ValueError):
    """The text is not a phrase of the grammar."""


def parse(text: str, today: date) -> Phrase | None:
    """Return what `text`, written on `today`, says of a day and a time; None if any of it is not understood."""
    reader = _Reader(today)
    try:
        reader.read(normalise(text, today))
    except _UnreadableError:
        return None
    return reader.phrase if reader.phrase.consistent else None


_Said = Mapping[str, str]


class _Reader:
    """Goes over a text from left to right, and notes what each fragment says."""

    def __init__(self, today: date) -> None:
        self.phrase = Phrase()
        self._today = today
        self._previous: _Note | None = None

    def read(self, text: str) -> None:
        """Note what the normalised `text` says. Raises _UnreadableError."""
        place = 0
        while (place := _after_gap(text, place)) < len(text):
            note, found = _fragment(text, place)
            note(self, {name: said for name, said in found.groupdict().items() if said})
            self._previous = note
            place = found.end()

    def _say(self, what: str, value: object) -> None:
        """Set a field of the phrase; what was said of it already must be the same."""
        if getattr(self.phrase, what) not in (getattr(Phrase, what), value):
            raise _UnreadableError(what)
        setattr(self.phrase, what, value)

    def date(self, said: _Said) -> None:
        self._say("number", int(said["number"]))
        self._say("month", MONTH_NUMBERS.get(said["month"]) or int(said["month"]))
        if "year" in said:
            self._say("year", int(said["year"]))
        elif "short" in said:
            self._say("year", 2000 + int(said["short"]))
        elif "either" in said:
            self._say("either", int(said["either"]))

    def time(self, said: _Said) -> None:
        hour, minute = int(said["hour"]), int(said.get("minute", 0))
        if "past" in said:
            minute = _minutes(said["past"])
        elif "to" in said:
            hour, minute = divmod(hour * 60 - _minutes(said["to"]), 60)
            hour = hour or 12
        self.phrase.clocks.append(Clock(hour, minute, padded=said["hour"].startswith("0")))

    def dotted(self, said: _Said) -> None:
        """Take "11.30" for a time only after a day: by itself it may be a date."""
        if not self.phrase.names_day:
            raise _UnreadableError("a time or a date")
        self.time(said)

    def noon(self, _: _Said) -> None:
        self.phrase.clocks.append(Clock(12))

    def midnight(self, _: _Said) -> None:
        self.phrase.clocks.append(Clock(12))
        self.phrase.parts.add("noche")

    def part(self, said: _Said) -> None:
        self.phrase.parts.add(said["part"])

    def from_today(self, said: _Said) -> None:
        self._say("dates", (self._today + timedelta(DAYS_FROM_TODAY[said["word"]]),))

    def count(self, said: _Said) -> None:
        days = int(said["count"]) * (7 if "weeks" in said else 1)
        # "Ocho días" are a week, and "quince días" two, unless they are what they say.
        either = (days - 1, days) if days in (8, 15) else (days,)
        self._say("dates", tuple(self._today + timedelta(-each if "ago" in said else each) for each in either))

    def week(self, said: _Said) -> None:
        self._say("week", 0 if "this" in said else 1)

    def weekday(self, said: _Said) -> None:
        self._say("weekday", WEEKDAY_NUMBERS[said["weekday"]])

    def toward(self, said: _Said) -> None:
        self._say("toward", -1 if "back" in said else 1)

    def fold(self, said: _Said) -> None:
        self._say("fold", 1 if "second" in said else 0)

    def article(self, _: _Said) -> None:
        """Say nothing, but what follows is a day."""

    def filler(self, _: _Said) -> None:
        """Say nothing."""

    def number(self, said: _Said) -> None:
        """Take a number by itself for what its place makes it."""
        clock = Clock(int(said["number"]), padded=said["number"].startswith("0"))
        if self._previous in (_Reader.weekday, _Reader.article, _Reader.toward):
            self._say("number", clock.hour)
        elif self.phrase.number is not None:
            self.phrase.clocks.append(clock)
        elif self._previous in (None, _Reader.from_today, _Reader.count):
            self.phrase.loose = clock
        else:
            raise _UnreadableError("a number out of place")


_Note = Callable[[_Reader, _Said], None]


def _minutes(said: str) -> int:
    return _FRACTIONS[said] if said in _FRACTIONS else int(said)


def _after_gap(text: str, place: int) -> int:
    gap = _GAP.match(text, place)
    return gap.end() if gap else place


def _fragment(text: str, place: int) -> tuple[_Note, re.Match[str]]:
    for note, pattern in _FRAGMENTS:
        if found := pattern.match(text, place):
            return note, found
    raise _UnreadableError(text)


_MONTH = rf"(?P<month>{'|'.join(MONTH_NUMBERS)})\b\.?"
_PART = r"la (?:manana|tarde|noche|madrugada)\b"
_NOT_HOUR = rf"(?!\d| ?(?::|h|[ap]m\b|y\b|menos\b|en punto\b|de {_PART}))"
_NOT_DAY = rf"(?![-/]| (?:del? )?(?:{'|'.join(MONTH_NUMBERS)})\b)"
_MONTH_FIRST = "|".join(month for month in MONTH_NUMBERS if month not in WEEKDAY_NUMBERS)  # "mar 15" is a Tuesday
# Four digits by themselves are a year only in these centuries: "24 de febrero 1100" is an hour.
_WHOLE_YEAR = r"(?:[-/]|,? del? (?:ano )?|,? ano |,? (?=19|20))(?P<year>\d{4})"
# After a month, two digits may be a year if they cannot be an hour of the working day: 20 and over.
_YEAR = rf"{_WHOLE_YEAR}|(?:[-/]| del? (?:ano )?)(?P<short>\d\d){_NOT_HOUR}| (?=[2-9])(?P<either>\d\d){_NOT_HOUR}"
_HOUR = r"(?P<hour>\d\d?)"
_AT = rf"(?:(?:a|para|desde|a partir de) )?las? {_HOUR}"
_UNIT = r" ?(?:horas?|hrs?|hs?)\b\.?"
_MINUTES = (
    rf"(?: ?[:h] ?(?P<minute>\d\d){_NOT_DAY}|(?:{_UNIT})? (?:y|con) (?P<past>media|cuarto|\d\d?)(?: minutos)?"
    rf"| menos (?P<to>cuarto|\d\d?))"
)
_SO_AN_HOUR = rf"(?= [ap]m\b| de {_PART}| en punto\b)"

_GAP = re.compile(r"[ ,;.()¿?¡!«»\"'–—-]+")
_GRAMMAR: tuple[tuple[_Note, str], ...] = (
    (_Reader.fold, r"(?:antes|(?P<second>despues)) del cambio de (?:hora|horario)"),
    (_Reader.date, r"(?P<year>\d{4})(?P<sign>[-/.])(?P<month>\d\d?)(?P=sign)(?P<number>\d\d?)"),
    (
        _Reader.date,
        r"(?P<number>\d\d?)(?P<sign>[-/.])(?P<month>\d\d?)(?P=sign)(?:(?P<year>\d{4})|(?P<short>\d\d))(?!:)",
    ),
    (_Reader.date, r"(?P<number>\d\d?)[-/](?P<month>\d\d?)(?![-/:.]\d)"),
    (_Reader.date, rf"(?P<number>\d\d?)(?: ?[-/.] ?| de | ){_MONTH}(?:{_YEAR})?"),
    (_Reader.date, rf"(?P<month>{_MONTH_FIRST})\.? (?P<number>\d\d?){_NOT_HOUR}(?:{_WHOLE_YEAR})?"),
    (_Reader.time, rf"(?:1 )?(?P<to>cuarto) para las? {_HOUR}(?:{_UNIT})?"),
    (_Reader.time, rf"(?P<to>\d\d?) minutos para las? {_HOUR}(?:{_UNIT})?"),
    (_Reader.time, rf"{_AT}{_MINUTES}(?:{_UNIT})?"),
    (_Reader.time, rf"{_AT}(?:\.(?P<minute>\d\d)| (?P<past>[0-5][05]){_NOT_DAY})?(?:{_UNIT})?"),
    (_Reader.time, rf"{_HOUR}{_MINUTES}(?:{_UNIT})?"),
    (_Reader.time, rf"{_HOUR}(?:\.(?P<minute>\d\d))?(?:{_UNIT}|{_SO_AN_HOUR})"),
    (_Reader.dotted, r"(?P<hour>\d\d?)\.(?P<minute>[0-5]\d)(?!\.?\d)"),
    (_Reader.time, rf"(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?:{_UNIT})?"),
    (_Reader.noon, r"(?:al? )?medio ?dia"),
    (_Reader.midnight, r"(?:a )?(?:la )?media ?noche"),
    (_Reader.count, r"(?:dentro de|en|(?P<ago>hace)) (?P<count>\d{1,3}) (?:dias?|(?P<weeks>semanas?))"),
    (_Reader.count, r"de hoy en (?P<count>8|15)(?: dias)?"),
    (_Reader.from_today, rf"(?:de )?(?P<word>{'|'.join(DAYS_FROM_TODAY)})(?: mismo)?"),
    (_Reader.week, r"(?:de |en )?(?:la (?:proxima|siguiente) semana|la semana (?:proxima|siguiente|entrante))"),
    (_Reader.week, r"(?:de |en )?(?:la semana que (?:viene|entra)|(?P<this>esta semana))"),
    (_Reader.weekday, rf"(?:de )?(?P<weekday>{'|'.join(WEEKDAY_NUMBERS)})\b\.?"),
    (_Reader.toward, r"proximo|siguiente|entrante|que (?:viene|entra)|(?P<back>pasado|que paso)"),
    (_Reader.part, r"(?P<part>[ap]m)"),
    (_Reader.part, r"(?:de|por|en) la (?P<part>manana|tarde|noche|madrugada)"),
    (_Reader.article, r"el|al|del|(?:de )?este|dia:?"),
    (_Reader.filler, r"para|fecha:?|hora:?|t(?= \d)|en punto|por favor"),
    (_Reader.number, r"(?P<number>\d\d?)(?![:./-]\d)"),
)
_FRAGMENTS = tuple((note, re.compile(rf"(?:{pattern})(?!\w)", re.ASCII)) for note, pattern in _GRAMMAR)
