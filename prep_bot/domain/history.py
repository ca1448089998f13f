"""What the log tells of how each person was notified: nothing is added to it, and nothing left out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from prep_bot.domain.chain import Entry

GROUP = 0
"""In the place of a person's id: the linked group."""


class Act(StrEnum):
    """The acts of the log that tell something of one person's notification."""

    ATTEMPTED = "notice.attempted"
    UNSENT = "notice.unsent"
    """It was given up before it was tried (again)."""
    ACKNOWLEDGED = "convocation.acknowledged"
    TOLD = "convocation.told"
    """By other means, as the secretary recorded."""
    ANSWERED = "convocation.answered"


@dataclass(frozen=True)
class Happening:
    """One thing that happened with the notification of one person."""

    sequence: int
    """Of the entry that tells it."""
    at: datetime
    act: str
    """An Act."""
    convocation: int
    """With which convocation it happened: what only corrects an earlier one inherits its acts."""
    what: str = ""
    """Of an attempt or of what was not sent, its outcome; of an answer, the answer."""
    kind: str = ""
    """Of an attempt or of what was not sent: a NoticeKind."""
    attempt: int = 0
    reason: str = ""
    told_at: str = ""
    """Of a notification by other means: when that was, in ISO 8601."""


def histories(entries: Iterable[Entry]) -> dict[int, tuple[Happening, ...]]:
    """Return what happened to each person, by id, in the order of the log; GROUP is the linked group."""
    found: dict[int, list[Happening]] = {}
    for entry in entries:
        details = entry.details if isinstance(entry.details, dict) else {}
        number = entry.subject.partition(":")[2]
        convocation = int(number) if number.isdecimal() else 0
        match entry.act:
            case Act.ATTEMPTED | Act.UNSENT:
                person = details.get("person") or GROUP
                happening = Happening(
                    entry.sequence,
                    entry.at,
                    entry.act,
                    convocation,
                    what=str(details.get("outcome", "")),
                    kind=str(details.get("kind", "")),
                    attempt=int(details.get("attempt", 0)),
                    reason=str(details.get("reason", "")),
                )
            case Act.ACKNOWLEDGED:
                person, happening = entry.actor or GROUP, Happening(entry.sequence, entry.at, entry.act, convocation)
            case Act.TOLD:
                person = details.get("person") or GROUP
                happening = Happening(
                    entry.sequence, entry.at, entry.act, convocation, told_at=str(details.get("told_at", ""))
                )
            case Act.ANSWERED:
                person = entry.actor or GROUP
                happening = Happening(
                    entry.sequence, entry.at, entry.act, convocation, what=str(details.get("answer", ""))
                )
            case _:
                continue
        found.setdefault(person, []).append(happening)
    return {person: tuple(happened) for person, happened in found.items()}
