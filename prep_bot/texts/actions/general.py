"""Buttons of any command, and help."""

from dataclasses import dataclass
from typing import Self

from prep_bot.texts.actions.action import Action, StaleActionError, decode


@dataclass(frozen=True)
class ShowHelp(Action):
    """What this person may ask."""

    tag = "ay"
    page: int = 0


@dataclass(frozen=True)
class RunCommand(Action):
    """Run a command: one that was guessed from what a person wrote, or in the commission that they picked."""

    tag = "cm"
    commission: int
    name: str
    argument: str = ""

    @classmethod
    def fitting(cls, commission: int, name: str, argument: str) -> Self:
        """Return the action with `argument`, or without it when it does not fit in a button."""
        whole = cls(commission, name, argument)
        try:
            return whole if decode(whole.encode()) == whole else cls(commission, name)
        except (ValueError, StaleActionError):
            return cls(commission, name)
