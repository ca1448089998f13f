"""Invitations: single-use codes that bind a Telegram account to a person's seat.

A code has 128 random bits and is stored as a hash: who reads the database cannot use it.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.clock import Clock
from prep_bot.db.commission import Commission
from prep_bot.db.engine import Database, rows_changed
from prep_bot.db.meeting import Meeting
from prep_bot.db.person import Invitation, MeetingGuest, Membership, Person
from prep_bot.domain.month import local_day
from prep_bot.domain.name import clean, same_key, split_title
from prep_bot.domain.notice import NoticeKind
from prep_bot.domain.role import Role
from prep_bot.domain.rules import Privacy, Rules
from prep_bot.services.audit import record
from prep_bot.services.notices import tell_secretaries
from prep_bot.services.references import referenced, repoint

LIFETIME = timedelta(days=7)
NAME_LIMIT = 120
"""Characters of a person's name."""


@dataclass(frozen=True)
class NewInvitation:
    """An invitation just made: the only moment at which its code is known."""

    code: str
    name: str
    role: Role
    commission: str
    expires_at: datetime
    relinks: bool
    """The person was enrolled already: accepting it moves them to another Telegram account."""


@dataclass(frozen=True)
class Offer:
    """What a code offers to whoever opens it: shown before anything about them is stored."""

    name: str
    role: Role
    commission: str
    institution: str
    privacy: Privacy
    accepted: bool = False
    """Whoever opens it has accepted it before, and is in."""


@dataclass(frozen=True)
class OpenInvitation:
    """An invitation that can still be used."""

    id: int
    name: str
    role: Role
    expires_at: datetime


class InvitationError(Exception):
    """The invitation cannot be made or used. Each subclass is one reason."""


class UnusableCodeError(InvitationError):
    """The code is unknown, used, revoked or expired: which one is nobody's business."""


class AccountTakenError(InvitationError):
    """The Telegram account already belongs to a person with another name."""


class TwoKeysError(AccountTakenError):
    """The account is of a person with the same name, whom the plan of another commission names by another key."""


class BadNameError(InvitationError):
    """The name has no letter, or is longer than NAME_LIMIT."""


class OtherRoleError(InvitationError):
    """A person of that name has another role in the commission."""

    def __init__(self, name: str, role: Role) -> None:
        super().__init__(f"{name} is {role.value} in this commission; end that membership first")
        self.name = name
        self.role = role


class SeveralPeopleError(InvitationError):
    """More than one current person of the commission has that name."""


class MeetingNeededError(InvitationError):
    """A guest is invited to sessions of the commission, and none was named."""


class Invitations:
    """Makes, shows, accepts and revokes invitations."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def create(
        self,
        commission_id: int,
        name: str,
        role: Role,
        *,
        by: int | None,
        meeting_numbers: Collection[int] = (),
    ) -> NewInvitation:
        """Invite `name` as `role`; `by` is the inviting person's id, None for the operator.

        A name of the commission binds to that person, whatever its title, case and accents; the person's earlier
        unused codes die. Raises BadNameError, OtherRoleError, SeveralPeopleError, MeetingNeededError.
        """
        title, plain = split_title(clean(name))
        if not same_key(plain) or len(plain) > NAME_LIMIT:
            raise BadNameError
        now = self._clock.now()
        async with self._database.write() as session:
            commission = await session.get_one(Commission, commission_id)
            today = local_day(now, Rules.model_validate(commission.rules).zone)
            membership, person = await _seat_of(session, commission_id, plain, role) or (None, None)
            if membership is None or person is None:
                person = Person(name=plain, title=title)
                session.add(person)
                await session.flush()
                membership = Membership(
                    commission_id=commission_id, person_id=person.id or 0, role=role, created_at=now, starts_on=today
                )
                session.add(membership)
                await session.flush()
            if role is Role.GUEST:
                await _open_meetings(session, membership, meeting_numbers)
            made = await _issue(session, commission, membership, person, by=by, now=now)
            await session.commit()
        return made

    async def renew(self, commission_id: int, membership_id: int, *, by: int | None) -> NewInvitation:
        """Invite a current member again: one who never enrolled, or who lost their phone.

        Raises UnusableCodeError when the membership has ended.
        """
        query = (
            select(Membership, Person, Commission)
            .join(Person, col(Person.id) == Membership.person_id)
            .join(Commission, col(Commission.id) == Membership.commission_id)
            .where(
                col(Membership.id) == membership_id,
                col(Membership.commission_id) == commission_id,
                col(Membership.ends_on).is_(None),
            )
        )
        async with self._database.write() as session:
            row = (await session.execute(query)).one_or_none()
            if row is None:
                raise UnusableCodeError
            made = await _issue(session, row.Commission, row.Membership, row.Person, by=by, now=self._clock.now())
            await session.commit()
        return made

    async def offer(self, code: str, telegram_id: int | None = None) -> Offer:
        """Return what the code offers, if it is open or that account has accepted it. Raises UnusableCodeError."""
        async with self._database.read() as session:
            row = await _seat_offered(session, code)
        if _has_let_in(row, telegram_id):
            return replace(_offer(row), accepted=True)
        _check_open(row.Invitation, self._clock.now())
        return _offer(row)

    async def accept(self, code: str, telegram_id: int) -> Offer:
        """Bind the Telegram account to the invited person, who has just accepted the privacy notice.

        Raises UnusableCodeError, or AccountTakenError when the account is another person's. Two accounts at once enrol
        one: the second one finds the code used. One account twice is told the same twice.
        """
        now = self._clock.now()
        async with self._database.write() as session:
            row = await _seat_offered(session, code)
            offered = _offer(row)
            if _has_let_in(row, telegram_id):
                return offered
            _check_open(row.Invitation, now)
            person = await _bound(session, row.Person, telegram_id)
            relinked = person.telegram_id not in (None, telegram_id)
            used = await rows_changed(
                session,
                update(Invitation)
                .where(
                    col(Invitation.id) == row.Invitation.id,
                    col(Invitation.used_at).is_(None),
                    col(Invitation.revoked_at).is_(None),
                )
                .values(used_at=now),
            )
            if not used:
                raise UnusableCodeError
            person.telegram_id = telegram_id
            person.enrolled_at = now
            person.unreachable_since = None
            person.unreachable_reason = None
            session.add(person)
            await session.flush()
            await record(
                session,
                commission_id=row.Membership.commission_id,
                at=now,
                actor_id=person.id,
                act="person.relinked" if relinked else "person.enrolled",
                subject=f"person:{person.id}",
                **({} if person.id == row.Person.id else {"written_down_as": row.Person.id}),
            )
            if relinked:
                await tell_secretaries(session, NoticeKind.RELINKED, person, now)
            await session.commit()
        return offered

    async def open(self, commission_id: int) -> tuple[OpenInvitation, ...]:
        """Return the commission's invitations that can still be used, the newest first."""
        query = (
            select(col(Invitation.id), col(Person.name), col(Membership.role), col(Invitation.expires_at))
            .join(Membership, col(Membership.id) == Invitation.membership_id)
            .join(Person, col(Person.id) == Membership.person_id)
            .where(
                col(Membership.commission_id) == commission_id,
                col(Membership.ends_on).is_(None),
                *_open(self._clock.now()),
            )
            .order_by(col(Invitation.id).desc())
        )
        async with self._database.read() as session:
            rows = (await session.execute(query)).all()
        return tuple(OpenInvitation(row.id, row.name, row.role, row.expires_at) for row in rows)

    async def revoke(self, commission_id: int, invitation_id: int, *, by: int | None) -> bool:
        """Make an unused invitation of that commission worthless. Return False when it was too late."""
        now = self._clock.now()
        current = select(col(Membership.id)).where(
            col(Membership.commission_id) == commission_id, col(Membership.ends_on).is_(None)
        )
        async with self._database.write() as session:
            revoked = await rows_changed(
                session,
                update(Invitation)
                .where(
                    col(Invitation.id) == invitation_id,
                    col(Invitation.membership_id).in_(current),
                    *_open(now),
                )
                .values(revoked_at=now),
            )
            if revoked:
                await record(
                    session,
                    commission_id=commission_id,
                    at=now,
                    actor_id=by,
                    act="invitation.revoked",
                    subject=f"invitation:{invitation_id}",
                )
                await session.commit()
        return revoked > 0


def _hash(code: str) -> str:
    return sha256(code.encode()).hexdigest()


def _open(now: datetime) -> tuple[Any, ...]:
    return (
        col(Invitation.used_at).is_(None),
        col(Invitation.revoked_at).is_(None),
        col(Invitation.expires_at) > now,
    )


def _check_open(invitation: Invitation, now: datetime) -> None:
    if invitation.used_at is not None or invitation.revoked_at is not None or invitation.expires_at <= now:
        raise UnusableCodeError


def _has_let_in(row: Any, telegram_id: int | None) -> bool:
    return telegram_id is not None and row.Invitation.used_at is not None and row.Person.telegram_id == telegram_id


def _offer(row: Any) -> Offer:
    return Offer(
        name=row.Person.name,
        role=row.Membership.role,
        commission=row.Commission.short_name,
        institution=row.Commission.institution,
        privacy=Rules.model_validate(row.Commission.rules).privacy,
    )


async def _seat_offered(session: AsyncSession, code: str) -> Any:
    """Return the current seat for which the code was made, be the code still open or not."""
    query = (
        select(Invitation, Membership, Person, Commission)
        .join(Membership, col(Membership.id) == Invitation.membership_id)
        .join(Person, col(Person.id) == Membership.person_id)
        .join(Commission, col(Commission.id) == Membership.commission_id)
        .where(col(Invitation.code_hash) == _hash(code), col(Membership.ends_on).is_(None))
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise UnusableCodeError
    return row


async def _seat_of(
    session: AsyncSession, commission_id: int, name: str, role: Role
) -> tuple[Membership, Person] | None:
    query = (
        select(Membership, Person)
        .join(Person, col(Person.id) == Membership.person_id)
        .where(col(Membership.commission_id) == commission_id, col(Membership.ends_on).is_(None))
    )
    named = [row for row in (await session.execute(query)).all() if same_key(row.Person.name) == same_key(name)]
    if len(named) > 1:
        raise SeveralPeopleError
    if not named:
        return None
    membership, person = named[0]
    if membership.role is not role:
        raise OtherRoleError(person.name, membership.role)
    return membership, person


async def _issue(
    session: AsyncSession,
    commission: Commission,
    membership: Membership,
    person: Person,
    *,
    by: int | None,
    now: datetime,
) -> NewInvitation:
    """Make a code for that seat; its earlier unused ones die."""
    await session.execute(
        update(Invitation)
        .where(
            col(Invitation.membership_id) == membership.id,
            col(Invitation.used_at).is_(None),
            col(Invitation.revoked_at).is_(None),
        )
        .values(revoked_at=now)
    )
    code = secrets.token_urlsafe(16)
    invitation = Invitation(
        membership_id=membership.id or 0,
        code_hash=_hash(code),
        created_at=now,
        created_by=by,
        expires_at=now + LIFETIME,
    )
    session.add(invitation)
    await record(
        session,
        commission_id=membership.commission_id,
        at=now,
        actor_id=by,
        act="invitation.made",
        subject=f"membership:{membership.id}",
        role=membership.role,
    )
    return NewInvitation(
        code=code,
        name=person.name,
        role=membership.role,
        commission=commission.short_name,
        expires_at=invitation.expires_at,
        relinks=person.telegram_id is not None,
    )


async def _open_meetings(session: AsyncSession, membership: Membership, numbers: Collection[int]) -> None:
    query = select(col(Meeting.id)).where(
        col(Meeting.commission_id) == membership.commission_id,
        col(Meeting.number).in_(numbers),
        col(Meeting.archived_at).is_(None),
    )
    meeting_ids = [meeting_id or 0 for meeting_id in (await session.execute(query)).scalars()]
    if not meeting_ids or len(meeting_ids) != len(set(numbers)):
        raise MeetingNeededError
    for meeting_id in meeting_ids:
        await session.merge(MeetingGuest(meeting_id=meeting_id, membership_id=membership.id or 0))


async def _bound(session: AsyncSession, invited: Person, telegram_id: int) -> Person:
    """Return who is to have the account: the invited person, or the same one known from another commission.

    Somebody of two commissions may have been written down twice; the account tells that both are one. A different
    name, or two people who were each enrolled or each in a plan, is refused: an account never changes hands.
    """
    query = select(Person).where(col(Person.telegram_id) == telegram_id)
    owner = (await session.execute(query)).scalar_one_or_none()
    if owner is None or owner.id == invited.id:
        return invited
    if same_key(owner.name) != same_key(invited.name) or invited.telegram_id is not None:
        raise AccountTakenError
    if invited.key is not None and owner.key is not None:
        raise TwoKeysError
    current = col(Membership.person_id).in_([owner.id, invited.id]), col(Membership.ends_on).is_(None)
    sitting = (await session.execute(select(col(Membership.commission_id)).where(*current))).scalars().all()
    if len(sitting) != len(set(sitting)):
        raise AccountTakenError
    key, invited.key = invited.key, None
    await session.flush()
    owner.key = owner.key or key
    # All that was noted of the one is the other's: convocations, say. The log alone stays as it was written.
    await repoint(session, Person, invited.id or 0, owner.id or 0, besides="audit_event")
    if not await referenced(session, Person, invited.id):
        await session.execute(delete(Person).where(col(Person.id) == invited.id))
    return owner
