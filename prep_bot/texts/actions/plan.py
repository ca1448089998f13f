"""Buttons of the plan: what is pending, its activities and their progress."""

from dataclasses import dataclass

from prep_bot.domain.activity import ActivityState
from prep_bot.domain.month import Month
from prep_bot.texts.actions.action import Action


@dataclass(frozen=True)
class ShowPending(Action):
    """What is pending now, in that month only, or (`everything`) in the whole plan."""

    tag = "pe"
    month: Month | None = None
    page: int = 0
    everything: bool = False


@dataclass(frozen=True)
class ShowActivities(Action):
    """The activities of a commission's month, or of all its months."""

    tag = "as"
    commission: int
    month: Month | None = None
    page: int = 0


@dataclass(frozen=True)
class ShowActivity(Action):
    """One activity, whole; another page has older parts of its history."""

    tag = "ac"
    commission: int
    number: int
    page: int = 0


@dataclass(frozen=True)
class ShowProgress(Action):
    """How much of a commission's plan is done."""

    tag = "av"
    commission: int
    page: int = 0


@dataclass(frozen=True)
class ChooseActivity(Action):
    """Record progress: pick an activity."""

    tag = "re"
    commission: int
    month: Month | None = None
    page: int = 0


@dataclass(frozen=True)
class ChooseState(Action):
    """Record progress: pick the state of that activity."""

    tag = "rs"
    commission: int
    number: int


@dataclass(frozen=True)
class RecordProgress(Action):
    """Record progress: this state, on top of the entry that was the last one when the choice was offered."""

    tag = "rp"
    commission: int
    number: int
    state: ActivityState
    after: int
    """The id of that entry; 0 when there was none."""


@dataclass(frozen=True)
class UndoProgress(Action):
    """Take back what was recorded."""

    tag = "ru"
    commission: int
    entry: int
