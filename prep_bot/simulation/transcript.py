"""The conversation as it is told: one line for each thing that somebody saw or did, on a terminal or as JSON."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from html import unescape
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date
from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from prep_bot.simulation.api import Json
from prep_bot.simulation.messages import Labels, LogEntry

GROUP = "grupo"
BOT = "bot"

_CODE = re.compile(r"(?<=start[ =])[\w-]{16,}")
"""An invitation's code, which is a secret."""
_TAG = re.compile(r"(</?[a-z][^>]*>)")
_STYLES = {"b": "bold", "i": "italic", "s": "strike", "code": "cyan"}
_COLOURS = ("cyan", "green", "yellow", "magenta", "bright_blue", "bright_red")
_WIDTH = 78
_BUBBLE = box.Box("╭─  \n│   \n│   \n│   \n│   \n│   \n│   \n╰─  \n")
"""Open to the right: terminals do not agree on the width of emoji."""


@dataclass(frozen=True)
class Line:
    """Something that was said or done in a chat."""

    at: datetime
    """In the commission's zone."""
    direction: Literal["in", "out"]
    chat: str
    """The account whose private chat it is, or GROUP."""
    who: str
    """The account that did it, or BOT."""
    method: str
    text: str
    html: str
    buttons: Labels
    picture: bool
    place: tuple[int, int]
    """The chat and the message."""

    @property
    def edit(self) -> bool:
        """Whether it took the place of a message that stood there."""
        return self.method.startswith("editMessage")

    @property
    def tap(self) -> bool:
        """Whether somebody tapped a button: its label is the text."""
        return self.method == "callback_query"

    @property
    def deed(self) -> str:
        """What somebody did to the bot, if it is that."""
        if self.method != "my_chat_member":
            return ""
        if self.chat == GROUP:
            return "agregó el bot al grupo" if self.text == "member" else "retiró el bot del grupo"
        return "desbloqueó el bot" if self.text == "member" else "bloqueó el bot"

    def as_json(self, causes: Mapping[tuple[int, int], tuple[str, ...]]) -> Json:
        """Return the line as an object; `causes` are those of the notices that each message was the first to tell."""
        return {
            "at": self.at.isoformat(),
            "direction": self.direction,
            "chat": self.chat,
            "who": self.who,
            "method": self.method,
            "text": self.text,
            "buttons": [list(row) for row in self.buttons],
            "causes": list(causes.get(self.place, ())) if self.direction == "out" and not self.edit else [],
        }


@dataclass(frozen=True)
class Remark:
    """What the audience is told besides: the title of a scene, or what happens outside Telegram."""

    at: datetime
    text: str
    title: bool = False
    chats: frozenset[str] = frozenset()
    """Those of the people whom it concerns."""


Event = Line | Remark


def line_of(entry: LogEntry, accounts: Mapping[int, str], zone: ZoneInfo) -> Line | None:
    """Return the line that tells of a log entry, None for what nobody sees.

    `accounts` names each private chat; any other chat is the group.
    """
    if entry.direction == "out" and (not entry.accepted or not (entry.text or entry.buttons or entry.file_name)):
        return None
    return Line(
        at=entry.at.astimezone(zone),
        direction=entry.direction,
        chat=accounts.get(entry.chat_id, GROUP),
        who=BOT if entry.direction == "out" else accounts[entry.user_id or 0],
        method=entry.method,
        text=_CODE.sub("…", entry.text),
        html=_CODE.sub("…", entry.html),
        buttons=entry.buttons,
        picture=entry.file_name is not None,
        place=(entry.chat_id, entry.message_id or 0),
    )


def day_name(day: date) -> str:
    """Return `jueves 11 de noviembre de 2021`."""
    return format_date(day, "EEEE d 'de' MMMM 'de' y", "es_MX")


class Screen:
    """Tells the conversation on a console: in colour on a terminal, in plain lines anywhere else."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._day: date | None = None
        self._chat = ""
        self._colours: dict[str, str] = {}

    def show(self, event: Event) -> None:
        """Print what has just happened."""
        if isinstance(event, Remark):
            self._remark(event)
            return
        self._date(event.at.date())
        if self._console.is_terminal:
            self._coloured(event)
        else:
            self._plain(event)
        self._chat = event.chat

    def _remark(self, remark: Remark) -> None:
        if not remark.title:
            self._date(remark.at.date())
        if not self._console.is_terminal:
            self._write(f"\n=== {remark.text}" if remark.title else f"      ({remark.text})")
        elif remark.title:
            self._console.print()
            self._console.rule(Text(remark.text, "bold"))
        else:
            self._console.print(Padding(Text(remark.text, "italic dim"), (0, 0, 0, 6)), width=_WIDTH)

    def _date(self, day: date) -> None:
        if day == self._day:
            return
        self._day = day
        if self._console.is_terminal:
            self._console.print(Text(f"\n{day_name(day)}", "dim"), justify="center", width=_WIDTH)
        else:
            self._write(f"\n--- {day_name(day)}")

    def _plain(self, line: Line) -> None:
        head = f"{line.at:%H:%M} {self._speaker(line)}: "
        said = line.deed or (f"[{line.text}]" if line.tap else line.text)
        self._write(head + said.replace("\n", "\n      ").replace("\n      \n", "\n\n"))
        for row in line.buttons:
            self._write("      " + " ".join(f"[{label}]" for label in row))

    def _coloured(self, line: Line) -> None:
        if line.direction == "in":
            colour = self._colours.setdefault(line.who, _COLOURS[len(self._colours) % len(_COLOURS)])
            said = Text(line.deed, "italic") if line.deed else _key(line.text) if line.tap else Text(line.text)
            head = Text.assemble((f"{line.at:%H:%M} ", "dim"), (self._speaker(line), f"bold {colour}"), " ▸ ")
            self._console.print(head + said, width=_WIDTH)
            return
        body = _styled(line.html)
        for row in line.buttons:
            body += Text("\n") + Text(" ").join(_key(label) for label in row)
        title = Text(f" {self._speaker(line)} ", "dim")
        bubble = Panel(body, box=_BUBBLE, title=title, title_align="left", border_style="dim", width=_WIDTH - 6)
        self._console.print(Padding(bubble, (0, 0, 0, 6)))

    def _speaker(self, line: Line) -> str:
        """Return who speaks, where that is not clear from what came before, and how."""
        name = line.who
        if line.chat == GROUP:
            name += ", en el grupo"
        elif line.who == BOT and line.chat != self._chat:
            name += f" → {line.chat}"
        if line.picture:
            name += " (archivo)"
        return name + (" (editado)" if line.edit else "")

    def _write(self, text: str) -> None:
        self._console.out(text, highlight=False)


def _key(label: str) -> Text:
    return Text(f"[ {label} ]", "reverse dim")


def _styled(html: str) -> Text:
    """Return a message's HTML, which Telegram accepted, in the styles of a terminal."""
    text, styles = Text(), list[str]()
    for piece in _TAG.split(html):
        if piece.startswith("</"):
            styles.pop()
        elif _TAG.fullmatch(piece):
            styles.append(_STYLES.get(re.split(r"[\s>]", piece[1:])[0], ""))
        else:
            text.append(unescape(piece), " ".join(filter(None, styles)))
    return text
