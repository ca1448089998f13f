"""`--help` says all that the code says of each option: what stands in square brackets would be taken for markup."""

from collections.abc import Iterator
from typing import Any

import pytest
import typer

from prep_bot.cli import app
from tests.support.operator import Operator


def _commands(command: Any, *path: str) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Yield each command by its path, with the help of its options."""
    for name, inner in getattr(command, "commands", {}).items():
        yield from _commands(inner, *path, name)
    yield path, [parameter.help for parameter in command.params if getattr(parameter, "help", None)]


@pytest.mark.parametrize(("path", "helps"), list(_commands(typer.main.get_command(app))))
async def test_the_help_is_whole(operator: Operator, path: tuple[str, ...], helps: list[str]) -> None:
    shown = (await operator(*path, "--help")).out.replace("│", " ").split()
    for said in helps:
        assert set(said.split()) <= set(shown), said
