"""Lists that fit a phone's screen: sections of lines, cut into pages."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape

from markupsafe import Markup

from prep_bot.i18n import t
from prep_bot.texts.actions import Action
from prep_bot.texts.message import Button, Message

SCREEN = 900
"""Characters of a list, as read: what a phone shows without scrolling far."""

SHORT = 60
"""Characters of an activity in a list."""

NUMBERS_A_ROW = 5

_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Item:
    """One line; with a number, what is behind it is one tap away."""

    text: Markup
    number: int | None = None
    opens: Action | None = None


@dataclass(frozen=True)
class Section:
    """Lines under a heading, which is repeated where a page breaks them."""

    heading: Markup
    items: tuple[Item, ...] = ()


def shorten(text: str, limit: int = SHORT) -> str:
    """Return `text` cut at a word near `limit` characters, with an ellipsis if anything was cut."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut[: cut.rindex(" ")] if " " in cut[limit // 2 :] else cut).rstrip(" .,;:") + "…"


def visible_length(markup: str) -> int:
    """Return how many characters of `markup` a person sees."""
    return len(unescape(_TAG.sub("", markup)))


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
) -> Message:
    """Return that page of a list, with buttons for its numbered lines, to turn pages, and then `footer`.

    A page that does not exist (any more) gives the nearest one. `turn` says which action shows another page.
    """
    pages = list(_pages(title, sections))
    page = min(max(page, 0), len(pages) - 1)
    turning = []
    if page > 0:
        turning.append(tap(t("◂ Ver anteriores"), turn(page - 1)))
    if page < len(pages) - 1:
        turning.append(tap(t("Ver más ▸"), turn(page + 1)))
    text, items = pages[page]
    rows = [*_numbers(items), *([tuple(turning)] if turning else []), *footer]
    return Message(text, tuple(rows))


def _pages(title: Markup, sections: Iterable[Section]) -> Iterator[tuple[Markup, list[Item]]]:
    parts, items = [title], list[Item]()
    for section in sections:
        opened = False
        for item in section.items or (Item(Markup("")),):
            block = item.text if opened else _block(section, item)
            if visible_length("\n".join((*parts, block))) > SCREEN and len(parts) > 1:
                yield Markup("\n").join(parts), items
                parts, items, block = [title], [], _block(section, item)
            parts.append(block)
            items.append(item)
            opened = True
    yield Markup("\n").join(parts), items


def _block(section: Section, item: Item) -> Markup:
    lines = [line for line in (section.heading, item.text) if line]
    return Markup("\n") + Markup("\n").join(lines)


def _numbers(items: Iterable[Item]) -> Iterator[tuple[Button, ...]]:
    buttons = [tap(str(item.number), item.opens) for item in items if item.opens is not None]
    for start in range(0, len(buttons), NUMBERS_A_ROW):
        yield tuple(buttons[start : start + NUMBERS_A_ROW])
