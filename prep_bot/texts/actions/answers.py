"""Buttons of a convocation or a reminder received: acknowledging, answering, postponing, and a quorum at risk."""

from dataclasses import dataclass

from prep_bot.domain.answer import Answer
from prep_bot.domain.postponing import Later
from prep_bot.texts.actions.action import Action


@dataclass(frozen=True)
class Acknowledge(Action):
    """«Acusar recibo»."""

    tag = "ak"
    convocation: int


@dataclass(frozen=True)
class Postpone(Action):
    """Have a reminder again later."""

    tag = "pp"
    meeting: int
    later: Later


@dataclass(frozen=True)
class GiveAnswer(Action):
    """«Asistiré», «A distancia» or «No asistiré»."""

    tag = "at"
    convocation: int
    answer: Answer


@dataclass(frozen=True)
class SkipDetail(Action):
    """«Omitir»: give no reason for not attending, or name nobody instead."""

    tag = "ao"
    convocation: int


@dataclass(frozen=True)
class ChangeModality(Action):
    """Let a convened session be attended otherwise, on the same date."""

    tag = "qm"
    commission: int
    meeting: int


@dataclass(frozen=True)
class KeepMeeting(Action):
    """«Mantener»: leave the session as it is, though a quorum is no longer to be expected."""

    tag = "qk"
    commission: int
    convocation: int
    risk: int
    """Which alert of that convocation it answers, counted from 1."""
