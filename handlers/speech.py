"""What a person wrote: a command, a near miss of one, or something else."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from prep_bot.domain.name import fold

_COMMAND = re.compile(r"/([^\s@/]{1,64})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)
_NEAR = 74
"""How alike two words must be, of 100, to offer one for the other: "pendinete" is, "presidente" is not."""


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


def read_command(text: str) -> Spoken | None:
    """Return the command that `text` begins with, or None when it begins with no slash."""
    match = _COMMAND.fullmatch(text.strip())
    if match is None:
        return None
    return Spoken(fold(match[1]), (match[3] or "").strip(), match[2])


def guess(text: str, commands: Collection[str]) -> Guess | None:
    """Return the command that `text`, which is none, may have meant; None when no one is near."""
    head, _, rest = text.strip().lstrip("/").partition(" ")
    word, argument = fold(head).partition("@")[0], " ".join(rest.split())
    if word in commands:
        return Guess(word, argument, certain=True)
    found = process.extractOne(word, commands, scorer=fuzz.ratio, score_cutoff=_NEAR)
    if found is None:
        return None
    return Guess(found[0], argument, certain=False)
