"""The chain of the log: each entry carries the hash of the one before, so that none can be rewritten quietly."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

ORIGIN = "0" * 64
"""What stands before the first entry."""


@dataclass(frozen=True)
class Entry:
    """An entry of the log (bitácora) as it enters the chain. It holds ids and acts, never contact data."""

    sequence: int
    """From 1, without gaps, within its commission."""
    commission: str
    """The commission's key."""
    at: datetime
    """Aware."""
    actor: int | None
    """A person's id; None: the operator, or the bot itself."""
    act: str
    subject: str
    details: dict[str, Any]
    previous: str
    """The hash of the entry before."""

    @property
    def canonical(self) -> str:
        """The entry as the one text that is hashed: JSON with its keys in order, in UTC, without spaces."""
        fields = {
            "act": self.act,
            "actor": self.actor,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "commission": self.commission,
            "details": self.details,
            "previous": self.previous,
            "sequence": self.sequence,
            "subject": self.subject,
        }
        return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def hash(self) -> str:
        """The SHA-256 of the canonical text in UTF-8, in hexadecimal."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()


def first_broken(entries: Iterable[tuple[Entry, str]]) -> int | None:
    """Return the sequence number of the first entry that is not as it was written, or is missing; None: all are sound.

    `entries` are those of one commission in their order, each with the hash that stands beside it.
    """
    previous = ORIGIN
    for expected, (entry, written) in enumerate(entries, start=1):
        if entry.sequence != expected or entry.previous != previous or entry.hash != written:
            return expected
        previous = written
    return None
