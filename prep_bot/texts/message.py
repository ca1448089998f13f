"""A message as data: text in Telegram's HTML and rows of buttons. Nothing here knows the Telegram library."""

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True)
class Button:
    """One button: it asks the bot for something (encoded callback data) or opens an address, never both."""

    label: str
    action: str | None = None
    url: str | None = None

    def __post_init__(self) -> None:
        if not self.label.strip():
            raise ValueError("a button needs a label")
        if (self.action is None) == (self.url is None):
            raise ValueError("a button has an action or an address")


@dataclass(frozen=True)
class Upload:
    """A file with its content, which Telegram may not have yet."""

    name: str
    content: bytes
    file_id: str | None = None
    """Telegram's id of the same content: with it nothing is uploaded, as long as Telegram knows it."""
    sha256: str = ""
    """Of a content that is kept: under which id Telegram has it is remembered."""


@dataclass(frozen=True)
class Message:
    """A message to be sent, or to take the place of one."""

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    photo: bytes | str | None = None
    """A picture to send with the text as its caption: a PNG, or Telegram's id of one that it has."""
    document: Upload | str | None = None
    """A file to send with the text as its caption: its content, or Telegram's id of one that it has."""
    board: int | None = None
    """The convocation whose board it shows: wherever it stands, it is kept up to date from then on."""
    menu_of: int | None = None
    """The person who may do less from now on: their menu of commands is renewed once this was said."""


@dataclass(frozen=True)
class Toast:
    """A short text over the chat, in answer to a button: the message stays as it is."""

    text: Markup

    @property
    def plain(self) -> str:
        """The text as Telegram wants it here: without markup or escapes."""
        return self.text.unescape()


@dataclass(frozen=True)
class Seal:
    """In answer to a button of a message that stays: a line below its text, in place of that button."""

    line: Markup
    action: str
    """The encoded action of the button that has done its part."""
    also: tuple[str, ...] = ()
    """Those of the buttons that go with it."""


CHOSEN = "✔️ "
"""Before the label of the button that stands for what somebody has chosen."""


@dataclass(frozen=True)
class Choice:
    """In answer to one of several buttons of a message that stays: that one is marked, instead of the others."""

    reply: Message | Toast
    """What is said of it: below the message, or over the chat."""
    action: str
    """The encoded action of the button that was chosen."""
    others: tuple[str, ...]
    """Those of the buttons among which it was."""
