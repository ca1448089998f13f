"""What each notice says, as plain data, gathered at the moment when it is sent: it tells how things stand then."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.db.announcement import Announcement
from prep_bot.db.commission import Commission
from prep_bot.db.convocation import Addressee, Convocation
from prep_bot.db.meeting import Meeting
from prep_bot.db.outbox import Notice
from prep_bot.db.person import Person
from prep_bot.domain.announcement import Attachment
from prep_bot.domain.answer import Answer
from prep_bot.domain.meeting import MeetingState, falls_in
from prep_bot.domain.month import Month, end_of_day, local_day
from prep_bot.domain.notice import NoticeKind
from prep_bot.domain.particulars import Particulars
from prep_bot.domain.petition import PetitionState
from prep_bot.domain.quorum import Forecast
from prep_bot.domain.role import VOTING, Permission, Role, may
from prep_bot.domain.rules import Rules
from prep_bot.domain.term import expiry
from prep_bot.services.activities import ActivityView, read_activities
from prep_bot.services.certificates import Issued, issued_by
from prep_bot.services.convoking import in_force
from prep_bot.services.heard import NEWS, heard, still_off
from prep_bot.services.meetings import MeetingView, view_of
from prep_bot.services.petitions import PetitionView, read_petition
from prep_bot.services.quorum import forecast_of
from prep_bot.services.roster import roster


@dataclass(frozen=True)
class Content:
    """What all notices have: why, in which commission, and for whom."""

    notice_id: int
    kind: NoticeKind
    commission_id: int
    commission: str
    zone: ZoneInfo
    now: datetime
    due_at: datetime
    personal: bool
    """To a person: with the buttons that only a person may use. Otherwise to the linked group."""


@dataclass(frozen=True)
class PersonContent(Content):
    """About a person, or about the linked group."""

    about: str
    group: bool = False


@dataclass(frozen=True)
class PetitionContent(Content):
    """About a petition of an extraordinary session: as it stands now."""

    petition: PetitionView
    asks: bool
    """The recipient is asked to sign."""
    may_convene: bool
    """The recipient may date and convene sessions."""


@dataclass(frozen=True)
class MeetingContent(Content):
    """About a session: a convocation, a change, a reminder, a request."""

    meeting: MeetingView
    convocation_id: int | None
    acknowledged: bool
    """By the recipient; or nothing is asked of them."""
    answer: Answer | None
    """The recipient's, so far."""
    particulars: Particulars | None
    """To what the convocation convenes of which it speaks."""
    correction: bool
    """That convocation only corrects the one before: what they acknowledged stands."""
    was: Particulars | None
    """Of news: to what the recipient was convened, as they last heard; None: they heard nothing yet."""
    was_off: bool
    """And that this was called off, as they heard since."""
    reason: str
    deferred: bool
    last: bool
    may_convene: bool
    """The recipient may date and convene sessions."""
    expires_at: datetime | None
    """When the notice term expires, of a session that has one; without a date, if it is held in its month."""
    missing: tuple[str, ...]
    """Who has not acknowledged, for the secretary's list."""


@dataclass(frozen=True)
class QuorumContent(Content):
    """That a quorum is no longer to be expected."""

    meeting: MeetingView
    convocation_id: int
    risk: int
    """Which alert of that convocation it is, counted from 1."""
    forecast: Forecast
    absent: tuple[str, ...]
    """The voting members who said that they will not attend."""
    may_convene: bool
    """The recipient may defer the session, change how it is attended, or decide to keep it."""


@dataclass(frozen=True)
class CertificateContent(Content):
    """That a constancia was issued, and the log's head that stands for it."""

    issued: Issued


@dataclass(frozen=True)
class MonthContent(Content):
    """What a month brings, beginning with what is overdue."""

    month: Month
    today: date
    overdue: tuple[ActivityView, ...]
    current: tuple[ActivityView, ...]
    meetings: tuple[MeetingView, ...]
    dates_only: bool
    """They turned the summary off: they are told only which sessions still lack a date."""
    may_convene: bool
    """The recipient may date and convene sessions."""


@dataclass(frozen=True)
class DeadlineContent(Content):
    """What is still open close to its deadline."""

    deadline: date
    today: date
    activities: tuple[ActivityView, ...]


@dataclass(frozen=True)
class AnnouncementContent(Content):
    """What the secretary broadcasts."""

    text: str
    file_id: str | None
    attachment: Attachment | None


async def content_of(session: AsyncSession, notice: Notice, role: Role | None, now: datetime) -> Content | None:
    """Return what the notice says now; None when there is nothing left to say."""
    if notice.person_id is not None and role is None:
        return None  # whoever left the commission is told nothing more
    commission = await session.get_one(Commission, notice.commission_id)
    rules = Rules.model_validate(commission.rules)
    zone = rules.zone
    convenes = role is not None and may(role, Permission.CONVENE, presidency_convenes=rules.presidency_convenes)
    head: dict[str, Any] = {
        "notice_id": notice.id,
        "kind": notice.kind,
        "commission_id": notice.commission_id,
        "commission": commission.short_name,
        "zone": zone,
        "now": now,
        "due_at": notice.due_at,
        "personal": notice.person_id is not None,
    }
    match notice.kind:
        case NoticeKind.UNREACHABLE | NoticeKind.RELINKED:
            return PersonContent(**head, about=await _about(session, notice.data), group="group" in notice.data)
        case NoticeKind.MONTHLY:
            return await _month(session, notice, head, commission, local_day(now, zone), convenes)
        case NoticeKind.DEADLINE:
            return await _deadline(session, notice, head, local_day(now, zone))
        case NoticeKind.CERTIFICATE:
            return CertificateContent(
                **head, issued=await issued_by(session, notice.commission_id, notice.data["sequence"])
            )
        case NoticeKind.PETITION | NoticeKind.PETITION_MAJORITY:
            return await _petition(session, notice, head, votes=role in VOTING, convenes=convenes)
        case NoticeKind.QUORUM_RISK:
            return await _quorum(session, notice, head, convenes=convenes)
        case NoticeKind.ANNOUNCEMENT:
            announcement = await session.get_one(Announcement, notice.announcement_id)
            return AnnouncementContent(
                **head,
                text=announcement.text,
                file_id=announcement.file_id,
                attachment=announcement.attachment,
            )
        case _:
            return await _meeting(session, notice, head, rules, convenes)


async def _about(session: AsyncSession, data: dict[str, Any]) -> str:
    """Return whom or which group it concerns."""
    if "group" in data:
        return str(data["group"])
    person = await session.get(Person, data["person_id"])
    return person.name if person else ""


async def _petition(
    session: AsyncSession, notice: Notice, head: dict[str, Any], *, votes: bool, convenes: bool
) -> PetitionContent | None:
    petition = await read_petition(session, notice.commission_id, notice.data["petition"], head["now"])
    asks = notice.kind is NoticeKind.PETITION and not notice.data["withdrawn"]
    signs = votes and petition.state is PetitionState.OPEN and not petition.signed_by(notice.person_id or 0)
    if asks and not signs:
        return None
    return PetitionContent(**head, petition=petition, asks=asks, may_convene=convenes)


async def _month(
    session: AsyncSession, notice: Notice, head: dict[str, Any], commission: Commission, today: date, convenes: bool
) -> MonthContent | None:
    month = Month.parse(notice.data["month"])
    activities = [a for a in await read_activities(session, [notice.commission_id]) if a.state.open]
    # What ended before the program knew the plan is none of its business to announce; /pendientes shows it.
    activated = local_day(commission.activated_at, head["zone"])
    overdue = tuple(a for a in activities if a.overdue(today) and a.deadline >= activated)
    current = tuple(a for a in activities if a.month == month and not a.overdue(today))
    query = (
        select(Meeting)
        .where(
            col(Meeting.commission_id) == notice.commission_id,
            col(Meeting.archived_at).is_(None),
            col(Meeting.state).not_in([MeetingState.HELD, MeetingState.CANCELLED]),
        )
        .order_by(col(Meeting.number))
    )
    open_ones = (view_of(meeting) for meeting in (await session.execute(query)).scalars())
    meetings = tuple(m for m in open_ones if falls_in(month, m.month, m.starts_at, head["zone"]))
    recipient = await session.get(Person, notice.person_id) if notice.person_id else None
    dates_only = recipient is not None and not recipient.monthly_summary
    if dates_only:
        overdue, current, meetings = (), (), tuple(m for m in meetings if m.state.undated)
    if not (overdue or current or meetings):
        return None
    return MonthContent(
        **head,
        month=month,
        today=today,
        overdue=overdue,
        current=current,
        meetings=meetings,
        dates_only=dates_only,
        may_convene=convenes,
    )


async def _deadline(session: AsyncSession, notice: Notice, head: dict[str, Any], today: date) -> DeadlineContent | None:
    deadline = date.fromisoformat(notice.data["deadline"])
    activities = tuple(
        activity
        for activity in await read_activities(session, [notice.commission_id])
        if activity.state.open and activity.deadline == deadline
    )
    return DeadlineContent(**head, deadline=deadline, today=today, activities=activities) if activities else None


async def _meeting(
    session: AsyncSession, notice: Notice, head: dict[str, Any], rules: Rules, convenes: bool
) -> MeetingContent | None:
    meeting = await session.get_one(Meeting, notice.meeting_id)
    convocation = await session.get(Convocation, notice.convocation_id) if notice.convocation_id else None
    if not _still_true(notice, meeting, convocation):
        return None
    if notice.kind is NoticeKind.POSTPONED:  # the secretary may have corrected the convocation since it was asked for
        convocation = await in_force(session, meeting.id or 0)
    addressee = await _addressee(session, notice, convocation)
    acknowledged = addressee is None or addressee.acknowledged_at is not None
    missing = await _missing(session, notice) if notice.data.get("list") else ()
    if notice.kind is NoticeKind.CHASE and (acknowledged if not notice.data.get("list") else not missing):
        return None
    was, was_off = await _heard(session, notice, convocation)
    expires_at = None
    if notice.kind is NoticeKind.DATE_MISSING:
        expires_at = expiry(rules, meeting.kind, meeting.call, end_of_day(meeting.month.last, rules.zone))
    elif meeting.starts_at is not None:
        expires_at = expiry(rules, meeting.kind, meeting.call, meeting.starts_at)
    return MeetingContent(
        **head,
        meeting=view_of(meeting),
        convocation_id=convocation.id if convocation else None,
        acknowledged=acknowledged,
        answer=addressee.answer if addressee else None,
        particulars=Particulars.model_validate(convocation.particulars) if convocation else None,
        correction=convocation is not None and convocation.correction,
        was=was,
        was_off=was_off,
        reason=notice.data.get("reason", ""),
        deferred=notice.data.get("deferred", False),
        last=notice.data.get("last", False),
        may_convene=convenes,
        expires_at=expires_at if expires_at != meeting.starts_at else None,
        missing=missing,
    )


def _still_true(notice: Notice, meeting: Meeting, convocation: Convocation | None) -> bool:
    match notice.kind:
        case NoticeKind.DATE_MISSING:
            return meeting.state.undated
        case NoticeKind.CONVENE_MISSING:
            return meeting.state is MeetingState.SCHEDULED
        case NoticeKind.CALLED_OFF:
            return still_off(meeting.state, deferred=notice.data["deferred"])
        case NoticeKind.POSTPONED:
            return meeting.state is MeetingState.CONVENED and meeting.starts_at == notice.useful_until
        case _:
            return meeting.state is MeetingState.CONVENED and (convocation is None or convocation.ended_at is None)


async def _heard(
    session: AsyncSession, notice: Notice, convocation: Convocation | None
) -> tuple[Particulars | None, bool]:
    """Return to what the recipient of news was convened as they last heard, and whether they heard that it is off."""
    if convocation is None or notice.kind not in NEWS:
        return None, False
    earlier = col(Notice.convocation_id) < convocation.id
    if notice.kind is NoticeKind.CALLED_OFF:
        earlier = col(Notice.id) != notice.id
    theirs = col(Notice.person_id).is_not_distinct_from(notice.person_id)
    last = (await heard(session, convocation.meeting_id, theirs, earlier)).get(notice.person_id)
    if last is None:
        return None, False
    known = await session.get_one(Convocation, last.convocation_id)
    if known.call != convocation.call:
        return None, False  # a second convocation changes nothing of the first: that session had no quorum
    return Particulars.model_validate(known.particulars), last.called_off


async def _addressee(session: AsyncSession, notice: Notice, convocation: Convocation | None) -> Addressee | None:
    if notice.person_id is None or convocation is None:
        return None
    return await session.get(Addressee, (convocation.id, notice.person_id))


async def _quorum(
    session: AsyncSession, notice: Notice, head: dict[str, Any], *, convenes: bool
) -> QuorumContent | None:
    """Return None when the risk went away before it was told."""
    meeting = await session.get_one(Meeting, notice.meeting_id)
    convocation = await session.get_one(Convocation, notice.convocation_id)
    forecast = await forecast_of(session, notice.commission_id, convocation.id or 0)
    if not _still_true(notice, meeting, convocation) or forecast.within_reach:
        return None
    query = select(col(Addressee.person_id)).where(
        col(Addressee.convocation_id) == convocation.id, col(Addressee.answer) == Answer.ABSENT
    )
    absent = set((await session.execute(query)).scalars())
    people = await roster(session, notice.commission_id)
    return QuorumContent(
        **head,
        meeting=view_of(meeting),
        convocation_id=convocation.id or 0,
        risk=notice.data["risk"],
        forecast=forecast,
        absent=tuple(p.name for p in people if p.person_id in absent and p.role in VOTING),
        may_convene=convenes,
    )


async def _missing(session: AsyncSession, notice: Notice) -> tuple[str, ...]:
    query = select(col(Addressee.person_id)).where(
        col(Addressee.convocation_id) == notice.convocation_id,
        col(Addressee.acknowledged_at).is_(None),
        col(Addressee.told_at).is_(None),
    )
    waiting = set((await session.execute(query)).scalars())
    people = await roster(session, notice.commission_id)
    return tuple(p.name for p in people if p.person_id in waiting and p.person_id != notice.person_id)
