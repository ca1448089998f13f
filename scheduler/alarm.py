"""The one job that waits for the next due instant, and the pulse of the running program."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from prep_bot.clock import Clock
from scheduler.work import Work

log = structlog.get_logger()

PULSE = 20
"""Seconds between two signs of life."""

_WORK = "work"


class Alarm:
    """Runs a round of work at the next due instant, and whenever it is nudged. Rounds never overlap."""

    def __init__(self, work: Work, clock: Clock, pulse: Callable[[], Awaitable[None]]) -> None:
        self._work = work
        self._clock = clock
        self._pulse = pulse
        self._turn = asyncio.Lock()
        self._beating = asyncio.Lock()
        self._nudged = False
        self._stopping = False
        # A late job is run late, not dropped; several missed runs are one.
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)

    async def start(self) -> None:
        """Do what came due while nobody was here, and wait for the rest."""
        self._scheduler.add_job(self._beat, "interval", seconds=PULSE, id="pulse")
        self._scheduler.start()
        await self._beat()
        self.nudge()

    async def stop(self) -> None:
        """Wait for the messages in flight, and begin no others."""
        self._stopping = True
        self._scheduler.pause()
        async with self._turn, self._beating:
            self._scheduler.shutdown(wait=False)

    def nudge(self) -> None:
        """Look again soon at what is due: something may have been queued."""
        self._nudged = True
        if not self._turn.locked():  # the round in course will see to it
            self._set(self._clock.now())

    def _set(self, instant: datetime) -> None:
        if not self._stopping:
            at = self._clock.real(instant)
            # Two: a round that sets the next one is not over yet for the scheduler, which would drop the next one.
            self._scheduler.add_job(self._round, "date", run_date=at, id=_WORK, replace_existing=True, max_instances=2)

    async def _round(self) -> None:
        async with self._turn:
            due: datetime | None = self._clock.now()
            while not self._stopping and (self._nudged or (due is not None and due <= self._clock.now())):
                self._nudged = False
                due = await self._look()
        if due is not None:
            self._set(due)

    async def _look(self) -> datetime | None:
        try:
            return await self._work.round(lambda: not self._stopping)
        except Exception:
            # The pulse tries again; the loop must outlive a database that is away for a while.
            log.exception("work.failed")
            return None

    async def _beat(self) -> None:
        async with self._beating:
            if self._stopping:
                return
            try:
                await self._pulse()
            except Exception:
                log.exception("pulse.failed")
        self._work.look_again()
        self.nudge()
