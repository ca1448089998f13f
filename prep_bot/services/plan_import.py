"""Bringing a plan's file into the database: in one transaction, and as often as one likes.

Identity is the key: what keeps its key keeps its history, whatever else of it was edited. What left the file is
deleted if nothing ever happened to it, and archived otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from prep_bot.clock import Clock
from prep_bot.db.audit import AuditEvent
from prep_bot.db.commission import Commission
from prep_bot.db.engine import Database
from prep_bot.db.meeting import Meeting
from prep_bot.db.plan import Activity
from prep_bot.domain.meeting import MeetingState
from prep_bot.plans.document import ActivityEntry, PlanDocument, SessionEntry
from prep_bot.services.audit import record
from prep_bot.services.import_conflict import ImportConflictError
from prep_bot.services.notices import drop
from prep_bot.services.people_import import import_people
from prep_bot.services.references import referenced


class ChangeKind(StrEnum):
    """What an import did to one thing."""

    ADDED = "added"
    CHANGED = "changed"
    RESTORED = "restored"
    ARCHIVED = "archived"
    DELETED = "deleted"


@dataclass(frozen=True)
class Change:
    """One difference between the file and the database."""

    kind: ChangeKind
    subject: str
    """Such as `activity proceso-tecnico-operativo`."""
    fields: tuple[tuple[str, str, str], ...] = ()
    """Name, before and after, of each field that changed."""


@dataclass(frozen=True)
class ImportReport:
    """What an import changed; nothing, when the same file is imported again."""

    commission: str
    activated: bool
    """It was the first import: nothing due before this moment is ever announced."""
    changes: tuple[Change, ...]
    warnings: tuple[str, ...] = ()
    """What may be meant otherwise."""


@dataclass
class _Import:
    """An import in course."""

    session: AsyncSession
    now: datetime
    commission_id: int
    changes: list[Change] = field(default_factory=list)

    def note(self, kind: ChangeKind, subject: str, fields: tuple[tuple[str, str, str], ...] = ()) -> None:
        self.changes.append(Change(kind, subject, fields))

    def assign(self, row: SQLModel, subject: str, values: Mapping[str, Any]) -> None:
        """Give `row` those values and note what differed."""
        fields: list[tuple[str, str, str]] = []
        for name, after in values.items():
            before = getattr(row, name)
            if before != after:
                fields += _differences(name, before, after)
                setattr(row, name, after)
        if fields:
            self.note(ChangeKind.CHANGED, subject, tuple(fields))


class PlanImport:
    """Applies plan documents."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def apply(self, document: PlanDocument, *, dry_run: bool = False) -> ImportReport:
        """Make the database agree with `document`, or with `dry_run` only tell what would change.

        Raises ImportConflictError; then, as after any other error, nothing was written.
        """
        now = self._clock.now()
        async with self._database.write() as session:
            query = select(Commission).where(col(Commission.key) == document.commission.key)
            commission = (await session.execute(query)).scalar_one_or_none()
            activated = commission is None
            commission = commission or await _activated(session, document, now)
            course = _Import(session, now, commission.id or 0)
            if not activated:
                course.assign(commission, f"commission {commission.key}", _commission_values(document))
            await _import_activities(course, document)
            await _import_meetings(course, document)
            warnings: list[str] = []
            for kind, subject, fields in await import_people(session, course.commission_id, document, now, warnings):
                course.note(ChangeKind(kind), subject, fields)
            if course.changes:
                await record(
                    session,
                    commission_id=course.commission_id,
                    at=now,
                    actor_id=None,
                    act="plan.imported",
                    subject=f"commission:{course.commission_id}",
                    changes=[f"{change.kind} {change.subject}" for change in course.changes],
                )
            if not dry_run:
                await session.commit()
        return ImportReport(document.commission.short_name, activated, tuple(course.changes), tuple(warnings))


async def _activated(session: AsyncSession, document: PlanDocument, now: datetime) -> Commission:
    commission = Commission(
        key=document.commission.key, activated_at=now, derived_until=now, **_commission_values(document)
    )
    session.add(commission)
    await session.flush()
    return commission


def _commission_values(document: PlanDocument) -> dict[str, Any]:
    section = document.commission
    shown = {"process", "city", "technical_unit", "objective", "objectives", "legal_basis", "convening"}
    details = section.model_dump(mode="json", include=shown)
    details["leads"] = {str(entry.month): entry.lead for entry in document.months}
    return {
        "name": section.name,
        "short_name": section.short_name,
        "institution": section.institution,
        "details": details,
        "rules": document.rules.model_dump(mode="json"),
    }


async def _import_activities(course: _Import, document: PlanDocument) -> None:
    query = select(Activity).where(col(Activity.commission_id) == course.commission_id)
    known = {activity.key: activity for activity in (await course.session.execute(query)).scalars()}
    for number, entry in enumerate(document.activities, start=1):
        subject, values = f"activity {entry.key}", _activity_values(number, entry)
        activity = known.pop(entry.key, None)
        if activity is None:
            course.session.add(Activity(commission_id=course.commission_id, key=entry.key, **values))
            course.note(ChangeKind.ADDED, subject)
            continue
        _restore(course, activity, subject)
        course.assign(activity, subject, values)
    for activity in known.values():
        kept = await referenced(course.session, Activity, activity.id)
        await _remove(course, activity, f"activity {activity.key}", kept=kept)


def _activity_values(number: int, entry: ActivityEntry) -> dict[str, Any]:
    return {
        "number": number,
        "month": entry.month,
        "text": entry.text,
        "deadline": entry.deadline or entry.month.last,
    }


async def _import_meetings(course: _Import, document: PlanDocument) -> None:
    query = select(Meeting).where(col(Meeting.commission_id) == course.commission_id)
    meetings = (await course.session.execute(query.order_by(col(Meeting.id)))).scalars().all()
    known = {meeting.key: meeting for meeting in meetings if not meeting.added}
    for number, meeting in enumerate((m for m in meetings if m.added), start=len(document.sessions) + 1):
        course.assign(meeting, f"session {meeting.key}", {"number": number})
    for number, entry in enumerate(document.sessions, start=1):
        subject, values = f"session {entry.key}", _meeting_values(number, entry)
        planned = known.pop(entry.key, None)
        if planned is None:
            dated = {"state": MeetingState.UNSCHEDULED} | _dated(entry, document)
            course.session.add(
                Meeting(commission_id=course.commission_id, key=entry.key, since=course.now, **values, **dated)
            )
            course.note(ChangeKind.ADDED, subject)
            continue
        _restore(course, planned, subject)
        if planned.state in {MeetingState.UNSCHEDULED, MeetingState.SCHEDULED}:
            # What the file says of its date counts until the session is convened; what it does not say never does.
            values |= _dated(entry, document)
        before = (planned.state, planned.starts_at)
        course.assign(planned, subject, values)
        if (planned.state, planned.starts_at) != before:
            planned.since = course.now
    for meeting in known.values():
        if meeting.state is MeetingState.CONVENED and meeting.archived_at is None:
            raise ImportConflictError(
                f"session {meeting.key} is convened, but the file no longer has it: cancel the session first"
            )
        kept = await _happened(course.session, meeting)
        if kept:
            await drop(course.session, meeting.id or 0, "archived")
        await _remove(course, meeting, f"session {meeting.key}", kept=kept)


def _meeting_values(number: int, entry: SessionEntry) -> dict[str, Any]:
    return {
        "number": number,
        "kind": entry.kind,
        "name": entry.name,
        "month": entry.month,
        "topics": list(entry.topics),
        "note": entry.note or "",
    }


def _dated(entry: SessionEntry, document: PlanDocument) -> dict[str, Any]:
    """Return the columns of the date that the file gives, or nothing."""
    if entry.date is None:
        return {}
    values: dict[str, Any] = {
        "place": entry.place or "",
        "link": entry.link or "",
        "modality": entry.modality,
    }
    if entry.time is not None:
        values["starts_at"] = datetime.combine(entry.date, entry.time, document.rules.zone).astimezone(UTC)
        values["state"] = MeetingState.SCHEDULED
    if entry.held:
        values |= {"held_on": entry.date, "state": MeetingState.HELD}
    return values


async def _happened(session: AsyncSession, meeting: Meeting) -> bool:
    """Tell whether anything beyond the plan ever happened with that session, or was said of it."""
    acts = select(col(AuditEvent.id)).where(
        col(AuditEvent.commission_id) == meeting.commission_id,
        col(AuditEvent.subject) == f"meeting:{meeting.id}",
    )
    planned = meeting.state in {MeetingState.UNSCHEDULED, MeetingState.SCHEDULED}
    return (
        not planned
        or await referenced(session, Meeting, meeting.id)
        or (await session.execute(acts.limit(1))).first() is not None
    )


def _restore(course: _Import, row: Activity | Meeting, subject: str) -> None:
    if row.archived_at is not None:
        row.archived_at = None
        course.note(ChangeKind.RESTORED, subject)


async def _remove(course: _Import, row: Activity | Meeting, subject: str, *, kept: bool) -> None:
    if row.archived_at is not None:
        return
    if kept:
        row.archived_at = course.now
        course.note(ChangeKind.ARCHIVED, subject)
    else:
        await course.session.delete(row)
        course.note(ChangeKind.DELETED, subject)


def _differences(name: str, before: object, after: object) -> list[tuple[str, str, str]]:
    """Return what differs, of a table only those of its fields that do."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return [(name, _shown(before), _shown(after))] if before != after else []
    return [
        difference
        for key in {**before, **after}
        for difference in _differences(f"{name}.{key}", before.get(key), after.get(key))
    ]


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(_shown(each) for each in value)
    return value.isoformat() if isinstance(value, datetime | date) else str(value)
