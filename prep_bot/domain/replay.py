"""What the log says by now of each session, convocation and roll: its entries taken one after the other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from prep_bot.domain.chain import Entry


@dataclass(frozen=True)
class Told:
    """One thing as the log tells it."""

    value: Any
    """As JSON has it; an instant is aware, or in ISO 8601."""
    entry: Entry
    """The last one that tells it."""


Facts = dict[str, Told]
"""By the names of the columns that keep the same."""


@dataclass
class Replay:
    """What the log says."""

    convened: dict[int, Entry] = field(default_factory=dict)
    """The act that made each convocation."""
    convocations: dict[int, Facts] = field(default_factory=dict)
    addressees: dict[tuple[int, int], Facts] = field(default_factory=dict)
    """By convocation and person: all who were convened, whatever is known of them."""
    rolls: dict[tuple[int, int, int], Facts] = field(default_factory=dict)
    """By meeting, call and person."""
    meetings: dict[int, Facts] = field(default_factory=dict)
    """Those that were dated or convened."""
    last: Entry | None = None
    """The newest entry; None: there is none."""


def replay(entries: Iterable[Entry]) -> Replay:
    """Return what the entries of one commission, in their order, say in the end."""
    told, newest = Replay(), dict[str, int]()
    for entry in entries:
        told.last = entry
        details: Mapping[str, Any] = entry.details if isinstance(entry.details, dict) else {}
        if "particulars" in details:
            convocation = int(details["convocation"])
            _convene(told, entry, details, newest.get(entry.subject))
            newest[entry.subject] = convocation
            continue
        match entry.act:
            case "convocation.acknowledged":
                _note(told, entry, entry.actor, acknowledged_at=entry.at)
            case "convocation.answered":
                _note(told, entry, entry.actor, answer=details.get("answer"), answered_at=entry.at, substitute="")
            case "convocation.substitute_named":
                _note(told, entry, entry.actor, substitute=details.get("name"))
            case "convocation.told":
                _note(told, entry, details.get("person"), told_at=details.get("told_at"), told_recorded_by=entry.actor)
            case "convocation.signed":
                facts = told.convocations.setdefault(_number(entry), {})
                facts["signed"] = Told(details.get("sha256"), entry)
            case "meeting.dated":  # be it for its next call
                _declare(told, entry, None)
            case "meeting.quorum_declared":
                _declare(told, entry, entry.at)
            case "attendance.recorded" | "attendance.corrected":
                roll = told.rolls.setdefault((_number(entry), details["call"], details["person"]), {})
                roll |= {name: Told(details.get(name), entry) for name in ("attendance", "arrived_at")}
    return told


def _convene(told: Replay, entry: Entry, details: Mapping[str, Any], corrected: int | None) -> None:
    """Take in the act that made a convocation: who convenes has acknowledged, what is corrected leaves its answers."""
    convocation = int(details["convocation"])
    told.convened[convocation] = entry
    _declare(told, entry, None)
    kept = ("particulars", "letter", "term", "term_reason", "sends_at", "correction")
    facts = {name: Told(details[name], entry) for name in kept if name in details}
    told.convocations[convocation] = {
        **facts,
        "made_at": Told(entry.at, entry),
        "made_by": Told(entry.actor, entry),
        "signed": Told(None, entry),
    }
    for person in details.get("people", ()):
        before = told.addressees.get((corrected, person), {}) if corrected and details.get("correction") else {}
        told.addressees[convocation, person] = dict(before)
        if person == entry.actor:
            told.addressees[convocation, person].setdefault("acknowledged_at", Told(entry.at, entry))


def _declare(told: Replay, entry: Entry, at: datetime | None) -> None:
    """Take in when a session's quorum was declared; None: its present call has none yet."""
    told.meetings.setdefault(_number(entry), {})["quorum_at"] = Told(at, entry)


def _note(told: Replay, entry: Entry, person: int | None, **facts: Any) -> None:
    known = told.addressees.setdefault((_number(entry), person or 0), {})
    known |= {name: Told(value, entry) for name, value in facts.items()}


def _number(entry: Entry) -> int:
    return int(entry.subject.partition(":")[2])
