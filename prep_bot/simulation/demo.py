"""`prep-bot demo`: the whole process in the simulated Telegram, told as it happens, and its books."""

import asyncio
import gc
import json as json_format
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from rich.console import Console

from prep_bot.domain.role import Permission, Role
from prep_bot.logging import configure
from prep_bot.services.boards import AddresseeState
from prep_bot.services.identity import Seat
from prep_bot.simulation import script
from prep_bot.simulation.diary import Taps, history
from prep_bot.simulation.expectation.looks import expected, moments
from prep_bot.simulation.page import render
from prep_bot.simulation.play import Play
from prep_bot.simulation.reckoning import Evidence, Reckoning, Records, Summary, reckon
from prep_bot.simulation.stage import open_stage
from prep_bot.simulation.transcript import Event, Line, Screen

DEFAULT_PAGE = Path("demo.html")


@dataclass(frozen=True)
class Performance:
    """The play as it was performed, and what both sides know of it."""

    events: tuple[Event, ...]
    records: Records
    evidence: Evidence


def main(*, quiet: bool, json: bool, html: Path | None) -> int:
    """Perform the play, tell it as `report` says, and return the exit code."""
    configure("console", "ERROR")
    screen = Screen(Console(highlight=False))
    performance = performed(screen.show if not (quiet or json) else lambda _: None)
    return report(performance, quiet=quiet, json=json, html=html)


def report(performance: Performance, *, quiet: bool, json: bool, html: Path | None) -> int:
    """Print the books, or as JSON all of it, and write the page, unless `quiet` or `json` without a file for it.

    Return the exit code: 1 when records and log disagree, and when the page cannot be written.
    """
    reckoning = reckon(performance.records, performance.evidence)
    if json:
        _write(sys.stdout, (json_format.dumps(row, ensure_ascii=False) for row in rows(performance, reckoning)))
    else:
        _write(sys.stdout, in_words(reckoning.summary))
    _write(sys.stderr, (f"Records and log disagree: {difference}" for difference in reckoning.disagreements))
    failed = bool(reckoning.disagreements)
    page = html or (None if quiet or json else DEFAULT_PAGE)
    if page is not None:
        try:
            page.write_text(render(performance.events, reckoning.summary), "utf-8")
        except OSError as error:
            _write(sys.stderr, [f"{page} cannot be written ({error.strerror}): name another file with --html FILE"])
            failed = True
        else:
            _write(sys.stderr if json else sys.stdout, [f"The conversation is in {page}: open it with a browser."])
    return 1 if failed else 0


def _write(stream: TextIO, lines: Iterable[str]) -> None:
    stream.writelines(f"{line}\n" for line in lines)


def performed(watch: Callable[[Event], None]) -> Performance:
    """Perform the play in a database of its own, and forget that."""
    gc.disable()  # a performance keeps what it makes: to look for garbage in it every moment takes time for nothing
    try:
        with TemporaryDirectory(prefix="prep-bot-demo-") as folder:
            return asyncio.run(_perform(f"sqlite+aiosqlite:///{folder}/demo.sqlite3", watch))
    finally:
        gc.enable()


async def _perform(database_url: str, watch: Callable[[Event], None]) -> Performance:
    plan = script.plan()
    zone = plan.rules.zone
    async with open_stage(datetime.fromisoformat(script.OPENING).replace(tzinfo=zone), database_url) as stage:
        play = Play(stage, zone, watch)
        await script.perform(play)
        records = await _records(play)
        log, names = tuple(stage.telegram.log), dict(play.names)
        happened = history(play.diary, Taps(log, names), plan, records.activities, records.members)
        looks = moments(happened, records.now, play.diary.outages)
        evidence = Evidence(log, frozenset(stage.unprompted), names, tuple(expected(happened, looks)))
        return Performance(tuple(play.events), records, evidence)


async def _records(play: Play) -> Records:
    services = play.stage.services
    seat = await _reader(play)
    members = services.members
    meetings = await services.meetings.of([seat])
    boards = [await services.boards.of(seat, number) for number, _ in enumerate(play.diary.convened, start=1)]
    # What was acknowledged of a version before a correction stands on the board of the correction too.
    addressees = [
        (board.convocation_id, person)
        for board in boards
        for person in board.people
        if person.at is None or person.at >= board.sends_at
    ]
    return Records(
        activities=await services.activities.of([seat.commission_id]),
        sessions=dict(Counter(str(meeting.state) for meeting in meetings)),
        added=sum(meeting.added for meeting in meetings),
        acknowledgements=frozenset(
            (convocation, person.name)
            for convocation, person in addressees
            if person.state is AddresseeState.ACKNOWLEDGED and person.role is not Role.TECHNICAL_SECRETARY
        ),
        told_otherwise=sum(person.state is AddresseeState.TOLD for _, person in addressees),
        members=(*await members.of(seat.commission_id), *await members.former(seat.commission_id)),
        notices=await services.outbox.records(),
        proof=play.proof,
        now=play.stage.clock.now(),
        zone=play.zone,
    )


async def _reader(play: Play) -> Seat:
    """Return the seat of somebody who sees the whole calendar."""
    for account in play.accounts:
        actor = await play.stage.services.identity.of(account)
        if actor is not None and (seats := actor.seats_with(Permission.READ_CALENDAR)):
            return seats[0]
    raise LookupError("nobody is enrolled at the end of the play")


def rows(performance: Performance, reckoning: Reckoning) -> Iterator[dict[str, object]]:
    """Yield what `--json` prints: an object for each line of the conversation, and the summary."""
    for event in performance.events:
        if isinstance(event, Line):
            yield event.as_json(reckoning.causes)
    yield {"summary": asdict(reckoning.summary)}


def in_words(summary: Summary) -> Iterator[str]:
    """Yield the lines of the summary, for the operator."""
    yield ""
    yield f"Plan      {summary.activities} activities: {summary.done} done, {summary.overdue} overdue"
    states = ", ".join(f"{count} {state}" for state, count in summary.sessions.items())
    yield f"Sessions  {summary.meetings} of the plan and {summary.added} more: {states}"
    yield (
        f"People    {summary.enrolled} enrolled; {summary.acknowledgements} acknowledgements, "
        f"{summary.told_otherwise} told by other means"
    )
    yield f"Messages  {summary.messages_in} in, {summary.messages_out} out, {summary.edits} edited in place"
    yield (
        f"Notices   {summary.notices} sent: {summary.convocations} convocations, {summary.changes} changes, "
        f"{summary.reminders} reminders,"
    )
    yield (
        f"          {sum(summary.alerts.values())} alerts, {summary.chases} chases, "
        f"{summary.monthly} monthly summaries, {summary.announcements} announcements;"
    )
    yield f"          {summary.lost} lost, {summary.duplicated} duplicated, {summary.resent} resent"
    yield (
        f"Calendar  {summary.expected} expected by a second computation: {summary.expired} came too late after the "
        f"outage, {summary.unreached} could not be delivered"
    )
    yield (
        f"Proof     {summary.entries} entries of the log: {'sound' if summary.verified else 'broken'}; "
        f"a constancia that was tampered with is {'noticed' if summary.tampered_noticed else 'not noticed'}"
    )
    yield from _table(summary)


def _table(summary: Summary) -> Iterator[str]:
    """Yield the messages that the bot began itself, by recipient and month."""
    months = sorted({month for counts in summary.by_month.values() for month in counts})
    width = max(map(len, summary.by_month), default=0)
    yield ""
    yield f"{'Begun by the bot':{width}}" + "".join(f"{month:>9}" for month in months)
    for name, counts in summary.by_month.items():
        yield f"{name:{width}}" + "".join(f"{counts.get(month, 0):9}" for month in months)
