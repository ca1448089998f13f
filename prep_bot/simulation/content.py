"""The words of a call: a message's text or a file's caption, checked as Telegram does."""

from dataclasses import dataclass

from prep_bot.simulation.api import Json, Params, bad_request, not_simulated
from prep_bot.simulation.markup import MarkupError, escaped, parse, trimmed, utf16_length

_MAX_TEXT = 4096
_MAX_CAPTION = 1024


@dataclass(frozen=True)
class Content:
    """Words as they are read, as HTML, and with their entities."""

    text: str
    html: str
    entities: tuple[Json, ...]


def text_of(params: Params) -> Content:
    """Return the `text` of a call, which may not be empty.

    Raises ApiError when Telegram would refuse it.
    """
    content = _content(params, "text")
    if not content.text:
        raise bad_request("message text is empty")
    if utf16_length(content.text) > _MAX_TEXT:
        raise bad_request("message is too long")
    return content


def caption_of(params: Params) -> Content:
    """Return the `caption` of a call, which may be empty.

    Raises ApiError when Telegram would refuse it.
    """
    content = _content(params, "caption")
    if utf16_length(content.text) > _MAX_CAPTION:
        raise bad_request("message caption is too long")
    return content


def _content(params: Params, name: str) -> Content:
    """Read the words; of Telegram's limits, "in characters", UTF-16 units are the strictest reading."""
    source = params.text(name).strip()
    match params.text("parse_mode").lower():
        case "html":
            html = source
        case "":
            html = escaped(source)
        case "markdown" | "markdownv2":
            raise not_simulated("Markdown")
        case _:
            raise bad_request("unsupported parse_mode")
    try:
        text, entities = trimmed(parse(html))
    except MarkupError as error:
        raise bad_request(f"can't parse entities: {error}") from None
    return Content(text, html, tuple(entities))
