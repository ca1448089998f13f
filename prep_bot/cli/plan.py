"""`prep-bot import`, `plan check` and `plan new`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from prep_bot.cli.common import ClockRate, ClockStart, CommandError, complete, load_settings
from prep_bot.domain.month import Month

if TYPE_CHECKING:
    from prep_bot.plans.document import PlanDocument
    from prep_bot.services.plan_import import ImportReport
    from prep_bot.settings import Settings

_PLAN_HELP = "A plan's file, or the name of a packaged plan, such as ieepco-prep-2021-2022."

PlanFile = Annotated[str, typer.Argument(metavar="FILE", help=_PLAN_HELP)]


def import_plan(
    file: PlanFile,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    clock_start: ClockStart = None,
    clock_rate: ClockRate = None,
) -> None:
    """Bring a commission's plan into the database. The first import activates the commission.

    Import an edited file again at any time: what was recorded stays. Nothing is written when any of it is wrong.
    """
    from prep_bot.cli.report import show_import

    document = _read(file)
    settings = load_settings(clock_start, clock_rate)
    show_import(complete(_apply(settings, document, dry_run)), dry_run=dry_run)


async def _apply(settings: "Settings", document: "PlanDocument", dry_run: bool) -> "ImportReport":
    from prep_bot.bootstrap import open_copy, open_services

    async with open_copy(settings) if dry_run else open_services(settings) as services:
        return await services.plans.apply(document, dry_run=dry_run)


def check(
    file: PlanFile,
    strict: Annotated[bool, typer.Option("--strict", help="Leave with exit code 1 when there are warnings.")] = False,
) -> None:
    """Count what a plan holds by month, and list what looks wrong in it."""
    from prep_bot.cli.report import show_check
    from prep_bot.plans.lint import Severity
    from prep_bot.plans.lint import check as lint

    document = _read(file)
    findings = lint(document)
    show_check(document, findings)
    if strict and any(finding.severity is Severity.WARNING for finding in findings):
        raise typer.Exit(1)


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def new(
    origin: Annotated[str, typer.Option("--from", metavar="FILE", help=_PLAN_HELP)],
    start: Annotated[Month, typer.Option(parser=_month, metavar="MONTH", help="First activity month, as 2026-12.")],
    key: Annotated[
        str | None, typer.Option(help="Key of the new commission (by default the old one with its years moved on).")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="A new file to write (by default it is printed).")] = None,
) -> None:
    """Write the same plan for another process: months shifted, people and dates blank."""
    from pydantic import ValidationError

    from prep_bot.plans.renewal import renewed_text

    try:
        text = renewed_text(_read(origin), start, key=key)
    except ValidationError as error:
        raise CommandError("; ".join(each["msg"].removeprefix("Value error, ") for each in error.errors())) from None
    except ValueError as error:
        raise CommandError(str(error)) from None
    if output is None:
        typer.echo(text.encode(), nl=False)  # bytes, because a plan is UTF-8 whatever the terminal speaks
        return
    try:
        with output.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise CommandError(f"{output} exists already: name another file") from None
    except OSError as error:
        raise CommandError(f"{output} cannot be written: {error.strerror}") from None
    typer.echo(f"Wrote {output}: fill in its blanks, then run `prep-bot plan check {output}`.")


def _read(file: str) -> "PlanDocument":
    """Read the plan in `file`, or the packaged one of that name. Raises CommandError with every problem."""
    from prep_bot.plans.file import PlanError, load, packaged, packaged_names

    path = Path(file)
    if file in packaged_names() and not path.exists():
        path = packaged(file)
    try:
        return load(path)
    except PlanError as error:
        raise CommandError(str(error)) from None
