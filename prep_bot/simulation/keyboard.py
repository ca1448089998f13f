"""Inline keyboards, checked as strictly as Telegram does."""

from dataclasses import dataclass

from prep_bot.simulation.api import Json, bad_request, not_simulated
from prep_bot.simulation.links import is_link

_MAX_BUTTONS = 100
_MAX_DATA_BYTES = 64
_MAX_COPIED = 256


@dataclass(frozen=True)
class Button:
    """A button: its label and what it does: send data back, open an address or copy a text."""

    label: str
    data: str | None = None
    url: str | None = None
    copies: str | None = None

    def as_json(self) -> Json:
        """Return the button as an InlineKeyboardButton of the Bot API."""
        if self.url is not None:
            return {"text": self.label, "url": self.url}
        if self.data is not None:
            return {"text": self.label, "callback_data": self.data}
        return {"text": self.label, "copy_text": {"text": self.copies}}


Keyboard = tuple[tuple[Button, ...], ...]


def keyboard_json(keyboard: Keyboard) -> Json:
    """Return the keyboard as an InlineKeyboardMarkup of the Bot API."""
    return {"inline_keyboard": [[button.as_json() for button in row] for row in keyboard]}


def parse_keyboard(markup: object) -> Keyboard:
    """Return the keyboard of a decoded `reply_markup`; None, for no markup, gives an empty one.

    Raises ApiError when Telegram would refuse it.
    """
    if markup is None:
        return ()
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" not in markup:
        raise not_simulated("reply markup other than inline keyboards")
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    keyboard = tuple(tuple(_button(button) for button in row) for row in rows if row)
    if sum(map(len, keyboard)) > _MAX_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return keyboard


def _button(button: object) -> Button:
    refused = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad_request(refused + "InlineKeyboardButton must be an Object")
    label = button.get("text")
    if not isinstance(label, str) or not label.strip():
        raise bad_request(refused + 'Field "text" must be a non-empty String')
    match button:
        case {"url": str(url)}:
            if not is_link(url):
                raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
            return Button(label, url=url)
        case {"callback_data": str(data)}:
            if not 1 <= len(data.encode()) <= _MAX_DATA_BYTES:
                raise bad_request("BUTTON_DATA_INVALID")
            return Button(label, data=data)
        case {"copy_text": {"text": str(copied)}}:
            if not 1 <= len(copied) <= _MAX_COPIED:
                raise bad_request("BUTTON_COPY_TEXT_INVALID")
            return Button(label, copies=copied)
        case _:
            raise bad_request(refused + "Text buttons are unallowed in the inline keyboard")
