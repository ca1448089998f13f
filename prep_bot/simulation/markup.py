"""Telegram's HTML: the same texts accepted and refused, for the same reasons, as by Telegram's own parser."""

import html
import re
from dataclasses import dataclass, field
from string import ascii_lowercase, ascii_uppercase
from typing import NamedTuple

from prep_bot.simulation.api import Json
from prep_bot.simulation.links import is_link

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "blockquote": "blockquote",
}
_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}

_PLAIN = re.compile(r"[^<&]+")
_REFERENCE = re.compile(r"&(?:#(?:[xX](?P<hex>[0-9a-fA-F]*)|(?P<dec>[0-9]*))|(?P<name>[a-zA-Z]+));?")
_TAG = re.compile(r"[^ \t\r\n\v>]*")
_SPACE = re.compile(r"[ \t\r\n\v]*")
_ATTRIBUTE = re.compile(r"""[^ \t\r\n\v=>/"']*""")
_TOKEN = re.compile(r"[a-zA-Z0-9.-]*")
_SURROGATE = re.compile("[\ud800-\udfff]")
_DATE_FORMAT = re.compile(r"[rR]|[wWdDtT]*")
COMMAND = re.compile(r"(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32}|(?!@))(?![\w/<>])")
_USER_LINK = re.compile(r"tg://user\?id=([0-9]{1,15})$")


class MarkupError(ValueError):
    """HTML that Telegram does not take; the message is Telegram's own, without its preface."""


class Formatted(NamedTuple):
    """A text as it is read, and its entities as the Bot API gives them: offsets count UTF-16 units."""

    text: str
    entities: list[Json]


def utf16_length(text: str) -> int:
    """Return how many UTF-16 units the text takes: the unit of Telegram's offsets and limits."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def escaped(text: str) -> str:
    """Return plain text as Telegram's HTML."""
    return html.escape(text, quote=False)


def commands(text: str) -> list[Json]:
    """Return the entities of the bot commands in a person's text."""
    return [
        {"type": "bot_command", "offset": utf16_length(text[: found.start()]), "length": len(found[0])}
        for found in COMMAND.finditer(text)
    ]


def parse(source: str) -> Formatted:
    """Return what Telegram makes of a text in its HTML.

    Raises MarkupError with Telegram's words when it refuses the text.
    """
    parser = _Parser(source)
    parser.run()
    for entity in parser.entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return Formatted("".join(parser.text), sorted(parser.entities, key=lambda e: (e["offset"], -e["length"])))


def trimmed(formatted: Formatted) -> Formatted:
    """Return the text without the blanks around it, as Telegram keeps it, its entities moved along."""
    text = formatted.text.strip()
    if text == formatted.text:
        return formatted
    before = utf16_length(formatted.text) - utf16_length(formatted.text.lstrip())
    end = utf16_length(text)
    entities = []
    for entity in formatted.entities:
        first = max(entity["offset"] - before, 0)
        last = min(entity["offset"] + entity["length"] - before, end)
        if first < last:
            entities.append({**entity, "offset": first, "length": last - first})
    return Formatted(text, entities)


@dataclass
class _OpenTag:
    name: str
    attributes: dict[str, str]
    offset: int
    piece: int


@dataclass
class _Parser:
    source: str
    position: int = 0
    offset: int = 0
    text: list[str] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)
    stack: list[_OpenTag] = field(default_factory=list)

    def run(self) -> None:
        while self.position < len(self.source):
            if plain := self._take(_PLAIN):
                self._append(plain)
            elif self.source.startswith("</", self.position):
                self._end_tag()
            elif self._next() == "<":
                self._start_tag()
            else:
                self._append(self._reference() or self._one())
        if self.stack:
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].name}"')
        if _SURROGATE.search("".join(self.text)):
            raise MarkupError(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )

    def _append(self, piece: str) -> None:
        self.text.append(piece)
        self.offset += utf16_length(piece)

    def _take(self, pattern: re.Pattern[str]) -> str:
        """Return the text that the pattern matches here, and step over it; an empty string for none."""
        if (found := pattern.match(self.source, self.position)) is None:
            return ""
        self.position = found.end()
        return found[0]

    def _one(self) -> str:
        self.position += 1
        return self.source[self.position - 1]

    def _next(self) -> str:
        """Return the character that comes next, an empty string at the end."""
        return self.source[self.position : self.position + 1]

    def _bytes_before(self, position: int) -> int:
        return len(self.source[:position].encode("utf-8", "surrogatepass"))

    def _reference(self) -> str:
        """Return the character of the reference that stands here, an empty string where none does."""
        found = _REFERENCE.match(self.source, self.position)
        if found is None:
            return ""
        if found["name"]:
            char = _NAMED.get(found["name"], "")
        else:
            code = int(found["hex"] or "0", 16) or int(found["dec"] or "0")
            too_long = len(found[0].rstrip(";")) >= 10
            char = chr(code) if 0 < code < 0x10FFFF and not too_long else ""
        if char:
            self.position = found.end()
        return char

    def _start_tag(self) -> None:
        begin = self.position
        at = self._bytes_before(begin)
        self.position += 1
        name = self._take(_TAG).translate(_LOWER)
        if not self._next():
            raise MarkupError(f"Unclosed start tag at byte offset {at}")
        if name not in _TYPES:
            raise MarkupError(f'Unsupported start tag "{name}" at byte offset {at}')
        attributes: dict[str, str] = {}
        while self._next() != ">":
            self._take(_SPACE)
            if self._next() == ">":
                break
            attribute, value = self._attribute(name, at)
            attributes[attribute] = value
        self.position += 1
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise MarkupError(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
        self.stack.append(_OpenTag(name, attributes, self.offset, len(self.text)))

    def _attribute(self, tag: str, at: int) -> tuple[str, str]:
        attribute = self._take(_ATTRIBUTE)
        if not attribute:
            raise MarkupError(f'Empty attribute name in the tag "{tag}" at byte offset {at}')
        self._take(_SPACE)
        if self._next() and self._next() != "=":
            return attribute, ""
        self.position += 1
        self._take(_SPACE)
        if not self._next():
            raise MarkupError(f'Unclosed start tag "{tag}" at byte offset {at}')
        value = self._quoted() if self._next() in "'\"" else self._token()
        if not self._next():
            raise MarkupError(f"Unclosed start tag at byte offset {at}")
        return attribute, value

    def _quoted(self) -> str:
        quote = self._one()
        value = ""
        while self._next() not in ("", quote):
            value += self._reference() or self._one()
        self.position += 1
        return value

    def _token(self) -> str:
        begin = self.position
        value = self._take(_TOKEN).translate(_LOWER)
        if self._next() not in " \t\r\n\v>":
            raise MarkupError(f"Unexpected end of name token at byte offset {self._bytes_before(begin)}")
        return value

    def _end_tag(self) -> None:
        at = self._bytes_before(self.position)
        if not self.stack:
            raise MarkupError(f"Unexpected end tag at byte offset {at}")
        self.position += 2
        name = self._take(_TAG).translate(_LOWER)
        self._take(_SPACE)
        if self._next() != ">":
            raise MarkupError(f"Unclosed end tag at byte offset {at}")
        self.position += 1
        tag = self.stack.pop()
        if name not in ("", tag.name):
            raise MarkupError(f'Unmatched end tag at byte offset {at}, expected "</{tag.name}>", found "</{name}>"')
        if self.offset > tag.offset:
            self._close(tag)

    def _close(self, tag: _OpenTag) -> None:
        entity: Json = {"type": _TYPES[tag.name], "offset": tag.offset, "length": self.offset - tag.offset}
        match tag.name:
            case "a":
                url = tag.attributes.get("href") or "".join(self.text[tag.piece :])
                if user := _USER_LINK.match(url):
                    entity |= {"type": "text_mention", "user": {"id": int(user[1]), "is_bot": False, "first_name": ""}}
                elif is_link(url):
                    entity["url"] = url
                else:
                    return
            case "blockquote" if "expandable" in tag.attributes:
                entity["type"] = "expandable_blockquote"
            case "code" if tag.attributes.get("class", "").startswith("language-"):
                entity["language"] = tag.attributes["class"].removeprefix("language-")
            case "tg-emoji":
                if not re.fullmatch(r"[0-9]{1,18}", tag.attributes.get("emoji-id", "")):
                    raise MarkupError("Invalid custom emoji identifier specified")
                entity["custom_emoji_id"] = tag.attributes["emoji-id"]
            case "tg-time":
                if not _DATE_FORMAT.fullmatch(tag.attributes.get("format", "")):
                    raise MarkupError("Invalid date format used")
                if not re.fullmatch(r"[1-9][0-9]{0,9}", tag.attributes.get("unix", "")):
                    return
                entity["unix_time"] = int(tag.attributes["unix"])
                entity["date_time_format"] = tag.attributes.get("format", "")
        if not self._merged(entity):
            self.entities.append(entity)

    def _merged(self, outer: Json) -> bool:
        """Make one `pre` with its language of a `pre` and a `code` around the same text; tell whether they were."""
        inner = self.entities[-1] if self.entities else {}
        same = (inner.get("offset"), inner.get("length")) == (outer["offset"], outer["length"])
        match inner.get("type"), outer["type"]:
            case "code", "pre":
                language = inner.get("language")
            case "pre", "code" if "language" not in inner:
                language = outer.get("language")
            case _:
                return False
        if not same or not language:
            return False
        inner |= {"type": "pre", "language": language}
        return True
