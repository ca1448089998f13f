"""The agenda of a session (orden del día): its usual points, where a point goes, and how points are written."""

import re
from collections.abc import Sequence
from enum import StrEnum

from prep_bot.domain.meeting import MeetingKind
from prep_bot.domain.name import clean, fold

MOST_POINTS = 100
"""Points of one session."""

POINT_LENGTH = 600
"""Characters of a point."""


class StandardPoint(StrEnum):
    """The usual points, in their usual order."""

    QUORUM = "quorum"
    AGENDA = "agenda"
    MINUTES = "minutes"
    AGREEMENTS = "agreements"
    PROGRESS = "progress"
    DRAFTS = "drafts"
    OTHER = "other"
    """Asuntos generales: in ordinary sessions only."""
    CLOSING = "closing"


_ORDER = tuple(StandardPoint)
_ENDING = frozenset({StandardPoint.OTHER, StandardPoint.CLOSING})
_FRAME = (StandardPoint.QUORUM, StandardPoint.AGENDA, StandardPoint.CLOSING)
"""What a session that is not ordinary begins and ends with; it deals with nothing but its topics."""

_NUMBERED = re.compile(r"^(?:\d{1,3}\s*[.)](?=\s)|\d{1,3}\s*[-–—](?=\s)|[-–—•*·](?=\s))\s+")
"""A number or a mark at the beginning of a line, and only there: "Proceso 2021-2022" and "1.5 millones" have none."""


def usual(kind: MeetingKind) -> tuple[StandardPoint, ...]:
    """Return the standard points that a session of that kind may have, in their order."""
    return tuple(p for p in _ORDER if p is not StandardPoint.OTHER or kind is MeetingKind.ORDINARY)


def drawn_up(kind: MeetingKind, topics: Sequence[str]) -> tuple[StandardPoint | str, ...]:
    """Return the points that an agenda begins with: the standard ones, and the plan's topics in their midst.

    A topic that reports progress, or puts agreements to the vote, stands for that standard point.
    """
    ordinary = kind is MeetingKind.ORDINARY
    covered = {standing_for(topic) for topic in topics}
    points = [p for p in (usual(kind) if ordinary else _FRAME) if p not in covered]
    ending = next(place for place, point in enumerate(points) if point in _ENDING)
    return (*points[:ending], *topics, *points[ending:])


def standing_for(topic: str) -> StandardPoint | None:
    """Return the standard point for which a topic of the plan stands, by its words; None: for itself."""
    words = fold(topic)
    if "informe" in words:
        return StandardPoint.PROGRESS
    if "acuerdo" in words and "seguimiento" not in words:
        return StandardPoint.DRAFTS
    return None


def place_for(point: StandardPoint | None, present: Sequence[StandardPoint | None]) -> int:
    """Return the index at which a new point goes among those that are `present`; None is a point of any other sort.

    Those that open a session go behind the ones that come before them; all others, before those that end it.
    """
    if point in _ENDING:
        later = {p for p in _ENDING if point is not None and _ORDER.index(p) > _ORDER.index(point)}
        return next((place for place, p in enumerate(present) if p in later), len(present))
    if point is None or point is StandardPoint.DRAFTS:
        return next((place for place, p in enumerate(present) if p in _ENDING), len(present))
    before = _ORDER[: _ORDER.index(point)]
    return max((place + 1 for place, p in enumerate(present) if p in before), default=0)


def read_points(written: str) -> tuple[str, ...]:
    """Return the points that somebody wrote, one a line; the numbers that they put before them are taken away."""
    lines = (clean(_NUMBERED.sub("", line.strip(), count=1)) for line in written.splitlines())
    return tuple(line for line in lines if line)
