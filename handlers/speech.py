"""What a person wrote: a command, a near miss of one, or something else."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from prep_bot.domain.name import fold
from prep_bot.domain.spoken_month import names_month

EVERYTHING = frozenset({"todo", "todos", "todas"})
"""Instead of a month: all of them."""

_COMMAND = re.compile(r"/([^\s@/]{1,64})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)
_MARKS = "¿?¡!.,;:…"
_NUMBER = re.compile(r"\d{1,3}")
_NEAR = 74
"""How alike two words must be, of 100, to offer one for the other: "pendinete" is, "presidente" is not."""
_NEARER = 88
"""The same for a word in the middle of a sentence."""
NUMBERED = frozenset(
    {
        "actividad",
        "asistencia",
        "constancia",
        "convocar",
        "documento",
        "fijar",
        "orden",
        "registrar",
        "sesion",
        "tablero",
    }
)
"""The commands that take a number: "avance 50" is what somebody says of an activity, not the command /avance."""
_WORDS = 12
"""So many words of a sentence are looked at for a command."""


@dataclass(frozen=True)
class Spoken:
    """A command as somebody wrote it: `name` without slash, accents or capitals."""

    name: str
    argument: str
    addressed_to: str | None
    """The bot that it names, as in `/pendientes@prep_bot`."""


@dataclass(frozen=True)
class Guess:
    """What somebody may have meant."""

    command: str
    argument: str
    certain: bool
    """The command's own name, only without its slash."""

    @property
    def complete(self) -> bool:
        """Whether it is a command and what a command takes, not a sentence that begins like one."""
        return self.certain and (
            not self.argument
            or asks_everything(self.argument)
            or names_month(self.argument)
            or (self.command in NUMBERED and _NUMBER.fullmatch(self.argument) is not None)
        )


def read_command(text: str) -> Spoken | None:
    """Return the command that `text` begins with, or None when it begins with no slash."""
    match = _COMMAND.fullmatch(text.strip())
    if match is None:
        return None
    return Spoken(fold(match[1]), (match[3] or "").strip(), match[2])


def asks_everything(argument: str) -> bool:
    """Tell whether the argument of a command asks for all instead of a month: "todo", "todo el plan"."""
    return fold(argument).partition(" ")[0] in EVERYTHING


def guess(text: str, commands: Collection[str]) -> Guess | None:
    """Return the command that `text`, which is none, may have meant; None when no one is near."""
    words = text.strip().lstrip("/").split()
    if not words:
        return None
    first, *rest = words
    name, number = _split(_word(first.partition("@")[0]), commands)
    argument = " ".join([*number, *rest]).strip(_MARKS)
    if name in commands:
        return Guess(name, argument, certain=True)
    if (near := _nearest(name, commands, _NEAR)) is not None:
        return Guess(near, argument, certain=False)
    named = next(filter(None, (_nearest(_word(word), commands, _NEARER) for word in rest[:_WORDS])), None)
    return Guess(named, "", certain=False) if named else None


def _split(word: str, commands: Collection[str]) -> tuple[str, list[str]]:
    """Return a command and the number that was written without a space behind it, as in `actividad12`."""
    name = word.rstrip("0123456789")
    return (name, [word[len(name) :]]) if name in commands and name != word else (word, [])


def _nearest(word: str, commands: Collection[str], cutoff: int) -> str | None:
    found = process.extractOne(word, commands, scorer=fuzz.ratio, score_cutoff=cutoff)
    return found[0] if found else None


def _word(written: str) -> str:
    return fold(written).strip(_MARKS)
