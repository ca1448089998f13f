"""Buttons of announcements, and what was sent."""

from dataclasses import dataclass

from prep_bot.texts.actions.action import Action


@dataclass(frozen=True)
class ChooseAudience(Action):
    """To whom the announcement goes: an Audience, or a Role."""

    tag = "ai"
    commission: int
    audience: str


@dataclass(frozen=True)
class SendAnnouncement(Action):
    """Broadcast the announcement that the dialogue has prepared, now or at the end of the quiet hours."""

    tag = "ae"
    commission: int
    in_the_morning: bool = False
    at_night: bool = False
    """It was quiet when this was offered, and so was the morning."""


@dataclass(frozen=True)
class ShowAnnouncement(Action):
    """What became of an announcement."""

    tag = "ar"
    commission: int
    announcement: int


@dataclass(frozen=True)
class CancelAnnouncement(Action):
    """Do not send what waits for the morning."""

    tag = "ax"
    commission: int
    announcement: int


@dataclass(frozen=True)
class ShowDeliveries(Action):
    """What was sent, failed and is waiting."""

    tag = "en"
    commission: int
    page: int = 0


@dataclass(frozen=True)
class RetryDelivery(Action):
    """Send again what failed."""

    tag = "er"
    commission: int
    delivery: int
