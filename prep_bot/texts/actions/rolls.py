"""Buttons of the session itself: roll call, quorum, and attendance over the period."""

from dataclasses import dataclass

from prep_bot.domain.attendance import Attendance
from prep_bot.texts.actions.action import Action


@dataclass(frozen=True)
class ShowRoll(Action):
    """The roll of a session, on which a tap upon a person records `pen`; without one, it corrects their hour."""

    tag = "ls"
    commission: int
    meeting: int
    pen: Attendance | None
    page: int = 0


@dataclass(frozen=True)
class MarkAttendance(Action):
    """Record how somebody attends."""

    tag = "lm"
    commission: int
    meeting: int
    person: int
    attendance: Attendance
    page: int = 0


@dataclass(frozen=True)
class MarkRest(Action):
    """Record everybody as absent who is not recorded yet."""

    tag = "lr"
    commission: int
    meeting: int


@dataclass(frozen=True)
class AskArrival(Action):
    """Correct when somebody arrived: the hour is asked next."""

    tag = "lh"
    commission: int
    meeting: int
    person: int


@dataclass(frozen=True)
class DeclareQuorum(Action):
    """«Declarar quórum»: the session begins."""

    tag = "lq"
    commission: int
    meeting: int


@dataclass(frozen=True)
class AskNoQuorum(Action):
    """«No hay quórum»: ask first."""

    tag = "ln"
    commission: int
    meeting: int


@dataclass(frozen=True)
class DeclareNoQuorum(Action):
    """Too few came: the convocation ends."""

    tag = "lx"
    commission: int
    meeting: int


@dataclass(frozen=True)
class ShowAttendances(Action):
    """Who attended how often."""

    tag = "lp"
    commission: int
    page: int = 0
