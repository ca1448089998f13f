"""`prep-bot verify`: whether the log is as it was written, and whether a constancia says what it says."""

from typing import TYPE_CHECKING, Annotated

import typer

from prep_bot.cli.common import ClockRate, ClockStart, CommandError, complete, load_settings

if TYPE_CHECKING:
    from prep_bot.services.ledger import Broken, ChainReport, Ledger
    from prep_bot.settings import Settings


def verify(
    head: Annotated[
        str | None,
        typer.Option(metavar="N:HASH", help="Check that this head, as a notice of the bot told it, is in a chain."),
    ] = None,
    clock_start: ClockStart = None,
    clock_rate: ClockRate = None,
) -> None:
    """Recompute the hash chain of each commission's log, and name the first entry that is not as it was written."""
    problems = complete(_verify(load_settings(clock_start, clock_rate), head))
    if problems:
        raise CommandError("; ".join(problems))


async def _verify(settings: "Settings", head: str | None) -> list[str]:
    from prep_bot.bootstrap import open_services

    async with open_services(settings) as services:
        reports = await services.ledger.check()
        for report in reports:
            typer.echo(_line(report))
        problems = [_problem(report.commission, report.broken) for report in reports if report.broken]
        if head is not None and not any([await _has(services.ledger, report.commission, head) for report in reports]):
            problems.append(f"no chain has the entry {head}: the log was rewritten after that head was told")
        return problems


async def _has(ledger: "Ledger", commission: str, head: str) -> bool:
    """Tell whether that head, as N:HASH, is an entry of the commission's log."""
    hashes = await ledger.hashes(commission) or {}
    return head.lower() in {f"{sequence}:{digest}" for sequence, digest in hashes.items()}


def _line(report: "ChainReport") -> str:
    verdict = "broken" if report.broken else "sound"
    return f"{report.commission}: {verdict}, {report.sequence} entries, head {report.sequence}:{report.hash}"


def _problem(commission: str, broken: "Broken") -> str:
    where = f"{commission}: entry {broken.sequence}"
    return f"{where} ({broken.found}) is not as it was written" if broken.found else f"{where} is missing"
