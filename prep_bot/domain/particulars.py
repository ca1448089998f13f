"""To what a convocation convenes, exactly, and what differs between two of its versions.

The particulars are kept with the convocation, so that a year later it still says what it said.
"""

import hashlib
import json
import zlib
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict

from prep_bot.domain.meeting import MeetingKind, Modality


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Paper(_Frozen):
    """One version of an annex."""

    series: int
    """The annex, whose versions replace one another."""
    version: int
    name: str
    sha256: str
    size: int
    """Bytes."""


class Point(_Frozen):
    """A point of the agenda (punto del orden del día)."""

    item: int | None = None
    """The agenda item's id, by which it is known again when its words change; a topic of the plan has none."""
    text: str
    papers: tuple[Paper, ...] = ()


def digest(particulars: Mapping[str, Any]) -> str:
    """Return the SHA-256 of particulars as they are kept, in hexadecimal: the log of acts names them by it."""
    written = json.dumps(particulars, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


class Particulars(_Frozen):
    """A session as it is convened."""

    kind: MeetingKind
    name: str
    call: int = 1
    urgency: str = ""
    """Why it is urgent, of a session that is."""
    starts_at: AwareDatetime
    modality: Modality | None = None
    place: str = ""
    link: str = ""
    points: tuple[Point, ...] = ()
    papers: tuple[Paper, ...] = ()
    """Annexes that belong to no point."""

    @property
    def agenda_stamp(self) -> int:
        """Names the agenda with its annexes as they are: an agenda with another stamp is another."""
        return zlib.crc32(self.model_dump_json(include={"points", "papers"}).encode())

    def all_papers(self) -> Iterator[tuple[int | None, Paper]]:
        """Yield every annex with the number of its point, from 1; None: of the session."""
        for number, point in enumerate(self.points, start=1):
            yield from ((number, paper) for paper in point.papers)
        yield from ((None, paper) for paper in self.papers)


class Edit(StrEnum):
    """What became of a point or an annex."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    """A point got other words; an annex, another version."""
    MOVED = "moved"
    """A point is at another place among those that stayed; an annex, under another point."""


@dataclass(frozen=True)
class PointEdit:
    """What became of a point. Numbers count from 1; None where there is no such point."""

    edit: Edit
    text: str
    number: int | None = None
    """Where it is; of one that was removed, None."""
    was: str = ""
    """The words that it had."""
    was_number: int | None = None


@dataclass(frozen=True)
class PaperEdit:
    """What became of an annex."""

    edit: Edit
    paper: Paper
    """As it is; of one that was removed, as it was."""
    number: int | None
    """Of its point, as it is or, of one that was removed, as it was; None: of the session."""
    was: Paper | None = None


@dataclass(frozen=True)
class Differences:
    """What differs between two versions of a session's particulars; what is alike is left out."""

    appointment: frozenset[str]
    """Which of APPOINTMENT differ."""
    points: tuple[PointEdit, ...]
    papers: tuple[PaperEdit, ...]

    def __bool__(self) -> bool:
        return bool(self.appointment or self.points or self.papers)


APPOINTMENT = ("name", "starts_at", "modality", "place", "link")


def differences(before: Particulars, after: Particulars) -> Differences:
    """Return what has to be told to somebody who knows `before`, so that they know `after`."""
    pairs = _pairs(before.points, after.points)
    return Differences(
        frozenset(name for name in APPOINTMENT if getattr(before, name) != getattr(after, name)),
        tuple(_point_edits(before.points, after.points, pairs)),
        tuple(_paper_edits(before, after, pairs)),
    )


def _pairs(before: Sequence[Point], after: Sequence[Point]) -> dict[int, int]:
    """Return which index of `before` is which of `after`: the same item, or else the same words."""
    found: dict[int, int] = {}
    free = set(range(len(after)))

    def match(same: str) -> None:
        places: dict[object, list[int]] = {}
        for place in sorted(free):
            places.setdefault(getattr(after[place], same), []).append(place)
        for place, point in enumerate(before):
            key = getattr(point, same)
            if place not in found and key is not None and places.get(key):
                found[place] = places[key].pop(0)
                free.discard(found[place])

    match("item")
    match("text")
    return found


def _point_edits(before: Sequence[Point], after: Sequence[Point], pairs: dict[int, int]) -> Iterator[PointEdit]:
    of_after = {new: old for old, new in pairs.items()}
    stayed = _longest_rising([pairs[old] for old in sorted(pairs)])
    for old, point in enumerate(before):
        if old not in pairs:
            yield PointEdit(Edit.REMOVED, point.text, was=point.text, was_number=old + 1)
    for new, point in enumerate(after):
        if new not in of_after:
            yield PointEdit(Edit.ADDED, point.text, new + 1)
            continue
        was = before[of_after[new]].text
        if was != point.text:
            yield PointEdit(Edit.CHANGED, point.text, new + 1, was, of_after[new] + 1)
        if new not in stayed:
            yield PointEdit(Edit.MOVED, point.text, new + 1, was, of_after[new] + 1)


def _longest_rising(numbers: Sequence[int]) -> frozenset[int]:
    """Return the members of the longest rising subsequence of distinct numbers: what need not move."""
    ends: list[int] = []
    """The least number with which a rising sequence of each length can end."""
    lengths = []
    for number in numbers:
        length = bisect_left(ends, number)
        ends[length : length + 1] = [number]
        lengths.append(length)
    chosen: list[int] = []
    for number, length in zip(reversed(numbers), reversed(lengths), strict=True):
        if length == len(ends) - 1 - len(chosen) and (not chosen or number < chosen[-1]):
            chosen.append(number)
    return frozenset(chosen)


def _paper_edits(before: Particulars, after: Particulars, pairs: dict[int, int]) -> Iterator[PaperEdit]:
    new_numbers = {old + 1: new + 1 for old, new in pairs.items()}
    old_papers = {paper.series: (number, paper) for number, paper in before.all_papers()}
    new_papers = {paper.series: (number, paper) for number, paper in after.all_papers()}
    for series, (number, paper) in old_papers.items():
        if series not in new_papers:
            yield PaperEdit(Edit.REMOVED, paper, number, was=paper)
    for series, (number, paper) in new_papers.items():
        if series not in old_papers:
            yield PaperEdit(Edit.ADDED, paper, number)
            continue
        old_number, was = old_papers[series]
        if was != paper:
            yield PaperEdit(Edit.CHANGED, paper, number, was)
        if (None if old_number is None else new_numbers.get(old_number, 0)) != number:
            yield PaperEdit(Edit.MOVED, paper, number, was)
