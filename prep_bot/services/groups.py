"""The group that each commission linked: the only one in which the bot speaks."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlmodel import col

from prep_bot.clock import Clock
from prep_bot.db.commission import Commission
from prep_bot.db.engine import Database
from prep_bot.domain.notice import NoticeKind
from prep_bot.services.audit import record
from prep_bot.services.identity import Seat
from prep_bot.services.notices import tell_secretaries_of


@dataclass(frozen=True)
class LinkedGroup:
    """A Telegram group and the commission that it belongs to."""

    commission_id: int
    chat_id: int


class GroupTakenError(Exception):
    """The group is linked to another commission already."""


class Groups:
    """Links, unlinks and renames groups."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def linked(self, chat_id: int) -> LinkedGroup | None:
        """Return the link of that group, or None when no commission linked it."""
        query = select(col(Commission.id)).where(col(Commission.group_chat_id) == chat_id)
        async with self._database.read() as session:
            commission_id = (await session.execute(query)).scalar_one_or_none()
        return None if commission_id is None else LinkedGroup(commission_id, chat_id)

    async def of(self, commission_id: int) -> LinkedGroup | None:
        """Return the group that the commission linked, or None."""
        query = select(col(Commission.group_chat_id)).where(col(Commission.id) == commission_id)
        async with self._database.read() as session:
            chat_id = (await session.execute(query)).scalar_one()
        return None if chat_id is None else LinkedGroup(commission_id, chat_id)

    async def link(self, seat: Seat, chat_id: int, title: str) -> str | None:
        """Make that group the commission's; return the title of the other one whose place it takes, if it does.

        Raises GroupTakenError when another commission has it.
        """
        async with self._database.write() as session:
            owner = (
                await session.execute(select(col(Commission.id)).where(col(Commission.group_chat_id) == chat_id))
            ).scalar_one_or_none()
            if owner not in (None, seat.commission_id):
                raise GroupTakenError
            former = await session.get_one(Commission, seat.commission_id)
            replaced = former.group_title if former.group_chat_id not in (None, chat_id) else None
            await session.execute(
                update(Commission)
                .where(col(Commission.id) == seat.commission_id)
                .values(group_chat_id=chat_id, group_title=title, group_linked_at=self._clock.now())
            )
            await record(
                session,
                commission_id=seat.commission_id,
                at=self._clock.now(),
                actor_id=seat.person_id,
                act="group.linked",
                subject=f"commission:{seat.commission_id}",
            )
            await session.commit()
        return replaced

    async def unlink(self, chat_id: int) -> None:
        """Forget that group: the bot was removed from it. The secretaries are told once."""
        now = self._clock.now()
        async with self._database.write() as session:
            query = select(Commission).where(col(Commission.group_chat_id) == chat_id)
            commission = (await session.execute(query)).scalar_one_or_none()
            if commission is None:
                return
            commission_id, title = commission.id or 0, commission.group_title or ""
            await session.execute(
                update(Commission)
                .where(col(Commission.id) == commission_id)
                .values(group_chat_id=None, group_title=None, group_linked_at=None)
            )
            await record(
                session,
                commission_id=commission_id,
                at=self._clock.now(),
                actor_id=None,
                act="group.lost",
                subject=f"commission:{commission_id}",
            )
            await tell_secretaries_of(session, commission_id, NoticeKind.UNREACHABLE, {"group": title}, now)
            await session.commit()

    async def migrate(self, old_chat_id: int, new_chat_id: int) -> None:
        """Follow a group that became a supergroup, whose id changes; telling it twice does no harm."""
        async with self._database.write() as session:
            await session.execute(
                update(Commission).where(col(Commission.group_chat_id) == old_chat_id).values(group_chat_id=new_chat_id)
            )
            await session.commit()
