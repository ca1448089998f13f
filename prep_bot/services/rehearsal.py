"""The clock of a rehearsal, stamped in its database: a rehearsed calendar is never taken for a real one."""

from datetime import datetime

from sqlalchemy import exists, select

from prep_bot.clock import Clock, ScaledClock, SystemClock
from prep_bot.db.commission import Commission
from prep_bot.db.engine import Database
from prep_bot.db.runtime import ClockStamp, Heartbeat


class ClockMismatchError(Exception):
    """The database lives in another time; the message says in which, and what to do."""


async def clock_for(database: Database, start: datetime | None, rate: float) -> Clock:
    """Return the clock in which `database` lives.

    Without `start` that is the machine's. With it (aware) the first use stamps the database: from then on each process
    goes on from there, at `rate` times the machine's pace. Raises ClockMismatchError when the database was begun
    otherwise.
    """
    if start is None:
        return await _real_clock(database)
    origin = SystemClock().now()
    async with database.write() as session:
        stamp = await session.get(ClockStamp, 1)
        if stamp is None:
            if (
                await session.execute(select(exists().select_from(Commission) | exists().select_from(Heartbeat)))
            ).scalar():
                raise ClockMismatchError(
                    "this database lives in real time: rehearse with another PREP_BOT_DATABASE_URL, "
                    "or leave out --clock-start"
                )
            stamp = ClockStamp(start=start, origin=origin, rate=rate)
            session.add(stamp)
            await session.commit()
    if (stamp.start, stamp.rate) != (start, rate):
        raise ClockMismatchError(_how_to_open(stamp))
    return ScaledClock(stamp.start, stamp.origin, stamp.rate)


async def _real_clock(database: Database) -> Clock:
    async with database.read() as session:
        stamp = await session.get(ClockStamp, 1)
    if stamp is not None:
        raise ClockMismatchError(_how_to_open(stamp))
    return SystemClock()


def _how_to_open(stamp: ClockStamp) -> str:
    return (
        f"this database is a rehearsal's: open it with --clock-start {stamp.start.isoformat()} "
        f"--clock-rate {stamp.rate:g}, or use another PREP_BOT_DATABASE_URL"
    )
