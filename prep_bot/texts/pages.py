"""Lists that fit a phone's screen: sections of lines, cut into pages."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import groupby

from markupsafe import Markup

from prep_bot.i18n import t
from prep_bot.texts.actions.action import Action
from prep_bot.texts.message import Button, Message

SCREEN = 900
"""A list has fewer characters, as read: what a phone shows without scrolling far."""

WHOLE = 2800
"""Characters of a page of something that is shown whole: with the longest line that a plan may have, within 4,096."""

LONGEST = 4096
"""Characters of a message as read, by Telegram's rule."""

SHORT = 60
"""Characters of an activity in a list."""

NUMBERS_A_ROW = 5

ITEMS_A_PAGE = 40
"""Far within the 100 buttons that Telegram takes."""

_TAG = re.compile(r"<[^>]+>")
_NOTHING = Markup("")


@dataclass(frozen=True)
class Item:
    """One line; with a number, what is behind it is one tap away."""

    text: Markup
    number: int | None = None
    opens: Action | None = None
    buttons: tuple[Button, ...] = ()
    """More buttons that belong to it, each in a row of its own."""


@dataclass(frozen=True)
class Section:
    """Lines under a heading, which is repeated where a page breaks them."""

    heading: Markup
    items: tuple[Item, ...] = ()
    above: Markup = _NOTHING
    """A heading over several sections, such as a commission: shown where it changes and at the head of each page."""


_Placed = tuple[Markup, Item]
"""A line and what stands above its section."""


def shorten(text: str, limit: int = SHORT) -> str:
    """Return `text` cut at a word near `limit` characters, with an ellipsis if anything was cut."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut[: cut.rindex(" ")] if " " in cut[limit // 2 :] else cut).rstrip(" .,;:") + "…"


def visible_length(markup: str) -> int:
    """Return how many characters of `markup` a person sees, counted as Telegram does: most emojis are two."""
    return len(unescape(_TAG.sub("", markup)).encode("utf-16-le")) // 2


def room_left(lines: Iterable[str], reserved: int = 0) -> int:
    """Return how many characters a message of those lines may still take, with some `reserved` for others."""
    return LONGEST - reserved - sum(visible_length(line) + 1 for line in lines)


def tap(label: str, action: Action) -> Button:
    """Return a button that asks for `action`; its label is plain text, so what `t` escaped is undone."""
    return Button(_plain(label), action=action.encode())


def link(label: str, url: str) -> Button:
    """Return a button that opens `url`."""
    return Button(_plain(label), url=url)


def _plain(label: str) -> str:
    return label.unescape() if isinstance(label, Markup) else label


def page_of(
    title: Markup,
    sections: Iterable[Section],
    page: int,
    turn: Callable[[int], Action],
    *,
    footer: Sequence[tuple[Button, ...]] = (),
    limit: int = SCREEN,
) -> Message:
    """Return that page of a list, with buttons for its numbered lines, to turn pages, and then `footer`.

    A page that does not exist (any more) gives the nearest one. `turn` says which action shows another page. A page
    has `limit` characters or more only where a single line is as long.
    """
    pages = list(_pages(title, sections, limit))
    page = min(max(page, 0), len(pages) - 1)
    turning = []
    if page > 0:
        turning.append(tap(t("◂ Ver anteriores"), turn(page - 1)))
    if page < len(pages) - 1:
        turning.append(tap(t("Ver más ▸"), turn(page + 1)))
    text, items = pages[page]
    own = ((button,) for _, item in items for button in item.buttons)
    rows = [*_numbers(items), *own, *([tuple(turning)] if turning else []), *footer]
    return Message(text, tuple(rows))


def _pages(title: Markup, sections: Iterable[Section], limit: int) -> Iterator[tuple[Markup, list[_Placed]]]:
    parts, items, above = [title], list[_Placed](), _NOTHING
    length = head = visible_length(title)
    for section in sections:
        opened = False
        for item in section.items or (Item(_NOTHING),):
            block = item.text if opened else _block(section, item, above)
            added = 1 + visible_length(block)
            if items and (length + added >= limit or len(items) == ITEMS_A_PAGE):
                yield Markup("\n").join(parts), items
                block = _block(section, item, _NOTHING)
                parts, items, length, added = [title], [], head, 1 + visible_length(block)
            parts.append(block)
            items.append((section.above, item))
            length += added
            opened, above = True, section.above
    yield Markup("\n").join(parts), items


def _block(section: Section, item: Item, above: Markup) -> Markup:
    over = section.above if section.above != above else _NOTHING
    lines = [line for line in (over, section.heading, item.text) if line]
    return Markup("\n") + Markup("\n").join(lines)


def _numbers(placed: Iterable[_Placed]) -> Iterator[tuple[Button, ...]]:
    for _, group in groupby(placed, key=lambda entry: entry[0]):
        buttons = [tap(str(item.number), item.opens) for _, item in group if item.opens is not None]
        for start in range(0, len(buttons), NUMBERS_A_ROW):
            yield tuple(buttons[start : start + NUMBERS_A_ROW])
