"""What is printed of an import and of a check."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from prep_bot.plans.document import PlanDocument
from prep_bot.plans.lint import Finding, Severity, summary

if TYPE_CHECKING:
    from prep_bot.services.plan_import import Change, ImportReport

_COLOURS = {
    "added": typer.colors.GREEN,
    "restored": typer.colors.GREEN,
    "changed": typer.colors.YELLOW,
    "archived": typer.colors.RED,
    "deleted": typer.colors.RED,
}
_PLURALS = {
    "activity": "activities",
    "commission": "commissions",
    "note": "notes",
    "person": "people",
    "session": "sessions",
    "warning": "warnings",
}
_ONE_LINE = 60
"""Characters of the two values of a field that still fit beside each other."""


def show_import(report: "ImportReport", *, dry_run: bool) -> None:
    """Print what an import changed, or would change."""
    if report.activated:
        verb = "would be" if dry_run else "is"
        typer.echo(f"{report.commission} {verb} activated: nothing due before this moment will be announced.")
    else:
        for change in report.changes:
            _show_change(change)
    if report.changes:
        typer.echo(f"{report.commission}: {_counts(report.changes)}.")
    else:
        typer.echo("Nothing to change.")
    for warning in report.warnings:
        typer.secho(f"warning: {warning}", fg=typer.colors.YELLOW)
    if dry_run:
        typer.echo("Nothing was written: this was a dry run.")


def _show_change(change: "Change") -> None:
    typer.echo(f"{typer.style(f'{change.kind:<8}', fg=_COLOURS[change.kind])}  {change.subject}")
    for name, before, after in change.fields:
        before, after = before or "(nothing)", after or "(nothing)"
        if len(before) + len(after) <= _ONE_LINE:
            typer.echo(f"          {name}: {before} → {after}")
        else:
            typer.echo(f"          {name}:\n{_marked('-', before)}\n{_marked('+', after)}")


def _marked(mark: str, text: str) -> str:
    """Return the text behind its mark, each line of it beneath the first."""
    return f"            {mark} " + text.replace("\n", "\n              ")


def _counts(changes: "Sequence[Change]") -> str:
    """Return `2 activities added, 1 session archived`."""
    counted = Counter((change.kind, change.subject.partition(" ")[0]) for change in changes)
    return ", ".join(f"{_amount(n, noun)} {kind}" for (kind, noun), n in counted.items())


def _amount(n: int, noun: str) -> str:
    return f"{n} {noun if n == 1 else _PLURALS[noun]}"


def show_check(document: PlanDocument, findings: Sequence[Finding]) -> None:
    """Print how much a plan holds, and what looks wrong in it."""
    counted = summary(document)
    typer.echo(f"{document.commission.name}\n")
    typer.echo("month    activities  sessions")
    for count in counted.months:
        typer.echo(f"{count.month}  {count.activities:>10}  {count.sessions:>8}")
    typer.echo(f"total    {counted.activities:>10}  {counted.sessions:>8}  {_amount(counted.people, 'person')}\n")
    for finding in findings:
        typer.secho(str(finding), fg=typer.colors.YELLOW if finding.severity is Severity.WARNING else None)
    warnings = sum(finding.severity is Severity.WARNING for finding in findings)
    typer.echo(f"{_amount(warnings, 'warning')}, {_amount(len(findings) - warnings, 'note')}.")
