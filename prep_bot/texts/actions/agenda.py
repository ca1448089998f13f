"""Buttons of the orden del día, point by point."""

from dataclasses import dataclass

from prep_bot.domain.agenda import StandardPoint
from prep_bot.texts.actions.action import Action


@dataclass(frozen=True)
class ShowAgenda(Action):
    """The agenda of a session, with its annexes."""

    tag = "oa"
    commission: int
    number: int
    page: int = 0


@dataclass(frozen=True)
class DrawUpAgenda(Action):
    """Begin the agenda with the usual points and the plan's topics."""

    tag = "od"
    commission: int
    meeting: int


@dataclass(frozen=True)
class AskPoints(Action):
    """Add points: the usual ones and unfinished ones are offered, others are written next."""

    tag = "on"
    commission: int
    meeting: int


@dataclass(frozen=True)
class AddStandardPoint(Action):
    """Add that usual point where it belongs."""

    tag = "os"
    commission: int
    meeting: int
    standard: StandardPoint


@dataclass(frozen=True)
class CarryPoint(Action):
    """Take up a point that an earlier session left unfinished."""

    tag = "oc"
    commission: int
    meeting: int
    point: int


@dataclass(frozen=True)
class ShowPoint(Action):
    """One point, with what can be done about it."""

    tag = "op"
    commission: int
    point: int


@dataclass(frozen=True)
class EditPoint(Action):
    """Give a point other words: they are asked next."""

    tag = "oe"
    commission: int
    point: int


@dataclass(frozen=True)
class MovePoint(Action):
    """Move a point one place up or down; `place` is its number as it was shown."""

    tag = "om"
    commission: int
    point: int
    place: int
    up: bool


@dataclass(frozen=True)
class RemovePoint(Action):
    """Take a point off the agenda."""

    tag = "ox"
    commission: int
    point: int


@dataclass(frozen=True)
class RestorePoint(Action):
    """Put back a point that was taken off."""

    tag = "oz"
    commission: int
    point: int


@dataclass(frozen=True)
class ShowUnfinished(Action):
    """Which points did a session that was held leave unfinished?"""

    tag = "ou"
    commission: int
    meeting: int
    page: int = 0


@dataclass(frozen=True)
class MarkUnfinished(Action):
    """That one, or no longer."""

    tag = "og"
    commission: int
    point: int
    wanted: bool
    page: int = 0
