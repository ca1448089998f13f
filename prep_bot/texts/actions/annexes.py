"""Buttons of annexes, and the file that somebody sent."""

from dataclasses import dataclass

from prep_bot.texts.actions.action import Action


@dataclass(frozen=True)
class AskAnnex(Action):
    """Add an annex to a point (0: to the session), or the next version of `series`: the file is sent next."""

    tag = "na"
    commission: int
    meeting: int
    point: int
    series: int = 0


@dataclass(frozen=True)
class ShowAnnex(Action):
    """An annex with all its versions."""

    tag = "nx"
    commission: int
    meeting: int
    series: int


@dataclass(frozen=True)
class OpenAnnex(Action):
    """Send that version of an annex to whoever asks."""

    tag = "no"
    commission: int
    meeting: int
    series: int
    version: int


@dataclass(frozen=True)
class WithdrawAnnex(Action):
    """Withdraw an annex, of which that version is the newest."""

    tag = "nw"
    commission: int
    meeting: int
    series: int
    version: int


@dataclass(frozen=True)
class ChooseFileMeeting(Action):
    """The file that was sent belongs to that session. Here and below, `stamp` names the file."""

    tag = "nm"
    commission: int
    meeting: int
    stamp: int


@dataclass(frozen=True)
class TakeForSigned(Action):
    """It is no annex, but the signed document of that convocation."""

    tag = "nf"
    commission: int
    convocation: int
    stamp: int


@dataclass(frozen=True)
class ChooseFilePoint(Action):
    """It belongs to that point; 0: to the session."""

    tag = "np"
    commission: int
    point: int
    stamp: int


@dataclass(frozen=True)
class ReplaceAnnex(Action):
    """It replaces that annex; 0: it is a new one."""

    tag = "nr"
    commission: int
    series: int
    stamp: int
