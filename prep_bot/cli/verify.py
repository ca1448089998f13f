"""`prep-bot verify`: whether the log is as it was written, and whether a constancia says what was issued."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from prep_bot.cli.common import ClockRate, ClockStart, CommandError, complete, load_settings

if TYPE_CHECKING:
    from prep_bot.documents.certificate_json import Claims
    from prep_bot.services.container import Services
    from prep_bot.services.ledger import Broken, ChainReport, Ledger
    from prep_bot.settings import Settings


def verify(
    constancia: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, readable=True, help="Check this constancia too, by its data file (JSON)."
        ),
    ] = None,
    alone: Annotated[
        bool, typer.Option("--alone", help="Check the constancia by itself, without any database.")
    ] = False,
    head: Annotated[
        str | None,
        typer.Option(metavar="N:HASH", help="Check that this head, as a notice of the bot told it, is in a chain."),
    ] = None,
    clock_start: ClockStart = None,
    clock_rate: ClockRate = None,
) -> None:
    """Recompute the hash chain of each commission's log, and name the first entry that was altered or contradicted."""
    if alone and (constancia is None or head is not None):
        raise CommandError("--alone checks a constancia by itself: name its file with --constancia, and no --head")
    content = constancia.read_bytes() if constancia else None
    problems: list[str] = []
    claims = None
    if content is not None:
        from prep_bot.documents.certificate_json import check

        claims, problems = check(content)
        typer.echo(f"{constancia}: {'not sound' if problems else 'sound'} by itself")
    if alone:
        typer.echo("names, particulars and the hashes of documents are proved against the database only")
    else:
        settings = load_settings(clock_start, clock_rate)
        problems += complete(_verify(settings, head, claims, content or b""))
    if problems:
        raise CommandError("; ".join(problems))


async def _verify(settings: "Settings", head: str | None, claims: "Claims | None", content: bytes) -> list[str]:
    from prep_bot.bootstrap import open_services

    async with open_services(settings) as services:
        reports = await services.ledger.check()
        if not reports and claims is None:
            return ["this database has no commission, so nothing was checked: see PREP_BOT_DATABASE_URL"]
        for report in reports:
            typer.echo(_line(report))
        problems = [_problem(report.commission, report.broken) for report in reports if report.broken]
        problems += [f"the content kept under {sha256} was altered" for sha256 in await services.ledger.altered_files()]
        if head is not None and not any([await _has(services.ledger, report.commission, head) for report in reports]):
            problems.append(f"no chain has the entry {head}: the log was rewritten after that head was told")
        if claims is not None:
            problems += await _compared(services, claims, content)
        return problems


async def _compared(services: "Services", claims: "Claims", content: bytes) -> list[str]:
    """Return what a constancia says that this database does not."""
    from prep_bot.documents.certificate_json import against, differences

    hashes = await services.ledger.hashes(claims.commission)
    if hashes is None:
        return [f"this database has no commission {claims.commission}: --alone checks the constancia by itself"]
    found = list(against(claims, hashes))
    original = await services.certificates.original(claims.commission, claims.convocation, claims.number)
    name = f"constancia {claims.number} of convocation {claims.convocation}"
    if original is None:
        return [*found, f"this database issued no {name}"]
    if content != original:
        places = differences(content, original)
        found.append(f"{name} was issued otherwise: {', '.join(places) if places else 'its layout was changed'}")
    else:
        typer.echo(f"{name}: as it was issued")
    return found


async def _has(ledger: "Ledger", commission: str, head: str) -> bool:
    """Tell whether that head, as N:HASH, is an entry of the commission's log."""
    hashes = await ledger.hashes(commission) or {}
    return head.lower() in {f"{sequence}:{digest}" for sequence, digest in hashes.items()}


def _line(report: "ChainReport") -> str:
    verdict = "broken" if report.broken else "sound"
    return f"{report.commission}: {verdict}, {report.sequence} entries, head {report.sequence}:{report.hash}"


def _problem(commission: str, broken: "Broken") -> str:
    where = f"{commission}: entry {broken.sequence}"
    if broken.contradicted:
        return f"{where} ({broken.found}) is contradicted by the tables: {broken.contradicted}"
    return f"{where} ({broken.found}) is not as it was written" if broken.found else f"{where} is missing"
