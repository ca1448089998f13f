"""Messages, the buttons tapped in them, and the log of all that was said."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from prep_bot.simulation.api import Json
from prep_bot.simulation.files import StoredFile
from prep_bot.simulation.keyboard import Button, Keyboard

Labels = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class SimulatedMessage:
    """A message as it stands in a chat; an edit puts another in its place. Without a user it is the bot's."""

    id: int
    chat_id: int
    user_id: int | None
    at: datetime
    text: str
    html: str
    entities: tuple[Json, ...] = ()
    keyboard: Keyboard = ()
    file: StoredFile | None = None
    reply_to: int | None = None
    edited_at: datetime | None = None

    @property
    def edited(self) -> bool:
        """Whether it was ever edited."""
        return self.edited_at is not None

    @property
    def buttons(self) -> Labels:
        """The labels of its buttons, row by row."""
        return tuple(tuple(button.label for button in row) for row in self.keyboard)

    def button(self, label_or_data: str) -> Button | None:
        """Return the button with that label, or else with that data; None where there is none."""
        buttons = [button for row in self.keyboard for button in row]
        by_label = (button for button in buttons if button.label == label_or_data)
        by_data = (button for button in buttons if button.data == label_or_data)
        return next(by_label, None) or next(by_data, None)


@dataclass(frozen=True)
class TapAnswer:
    """What the bot answered to a tap: the words that flash up, or that must be closed (`alert`)."""

    text: str
    alert: bool


@dataclass
class Tap:
    """A tap on a button, and the bot's answer once it has come."""

    id: str
    user_id: int
    chat_id: int
    message_id: int
    data: str
    at: datetime
    answer: TapAnswer | None = None


@dataclass(frozen=True)
class LogEntry:
    """One event in a chat: `in`, from a person to the bot, or `out`, a call of the bot.

    The method is that of the Bot API; for what comes in, it is the kind of update. Accepted means that Telegram
    carried the call out, even if the bot never learned it, or that what came in was passed on to the bot.
    """

    at: datetime
    direction: Literal["in", "out"]
    method: str
    chat_id: int
    user_id: int | None = None
    message_id: int | None = None
    text: str = ""
    html: str = ""
    buttons: Labels = ()
    file_name: str | None = None
    data: str | None = None
    accepted: bool = True
    error: str | None = None
    params: Json = field(default_factory=dict)
