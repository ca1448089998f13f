"""The conversation as a page that looks like a chat: one file, without scripts, that needs nothing from elsewhere."""

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template

from prep_bot.simulation.reckoning import Summary
from prep_bot.simulation.transcript import BOT, GROUP, Event, Line, Remark, day_name

TITLE = "El bot de la Comisión del PREP"

_FOLDER = Path(__file__).parent
_OUTSIDE_TAGS = re.compile(r"(<[^>]*>)")
_GOES = re.compile(r"https?://[^\s<]+|(?<![\w/;])/[A-Za-z]+(?:@\w+)?")
"""What Telegram shows as a link: addresses and commands."""
_EVERYTHING = ""
_BLUE, _FAR = 210, 137


Classes = Mapping[str, str]
"""The style class of each chat."""


def render(events: Sequence[Event], summary: Summary) -> str:
    """Return the page of a whole performance, with its figures."""
    lines = [event for event in events if isinstance(event, Line)]
    classes = {chat: f"c{number}" for number, chat in enumerate(dict.fromkeys(line.chat for line in lines), start=1)}
    titles = [event.text for event in events if isinstance(event, Remark) and event.title]
    return Template((_FOLDER / "page.html").read_text("utf-8")).substitute(
        title=TITLE,
        css=(_FOLDER / "page.css").read_text("utf-8").strip(),
        filters="\n".join(map(_filter, classes.values())),
        targets="".join(f'<i id="{name}"></i>' for name in ("todo", *classes.values())),
        first=day_name(events[0].at.date()),
        last=day_name(events[-1].at.date()),
        chats="\n".join(_chats(lines, classes)),
        figures="\n".join(_figures(summary)),
        headers="\n".join(_headers(classes)),
        scenes="\n".join(f'<a href="#e{n}">{escape(_month(title))}</a>' for n, title in enumerate(titles, start=1)),
        events="\n".join(_events(events, classes)),
    )


def _filter(name: str) -> str:
    """Return the rules that leave, of everything, one chat: the one whose link was followed."""
    chosen = f"#{name}:target ~ .app"
    return (
        f"{chosen} :is(.talk, .bar) > :not(.{name}), {chosen} .scenes {{ display: none; }}\n"
        f"{chosen} .bar > .{name} {{ display: grid; }}\n"
        f'{chosen} .chats a[href="#{name}"] {{ background: var(--accent); color: #fff; --soft: #fff; }}'
    )


def _chats(lines: Sequence[Line], classes: Classes) -> Iterator[str]:
    yield _chat("todo", "Todo", "todas las conversaciones", len(lines), _face(_EVERYTHING, classes))
    for chat, name in classes.items():
        own = [line for line in lines if line.chat == chat]
        yield _chat(name, _title(chat), own[-1].text.splitlines()[0], len(own), _face(chat, classes))


def _chat(name: str, title: str, below: str, count: int, face: str) -> str:
    return (
        f'<a href="#{name}">{face}<b>{escape(title)}</b>'
        f'<span class="count">{count}</span><small>{escape(below)}</small></a>'
    )


def _headers(classes: Classes) -> Iterator[str]:
    face = _face(_EVERYTHING, classes)
    yield _header("todo", face, "Todas las conversaciones", "en el orden en que ocurrieron")
    for chat, name in classes.items():
        below = "el bot responde aquí lo que no es personal" if chat == GROUP else "su conversación con el bot"
        yield _header(name, _face(chat, classes), _title(chat), below)


def _header(name: str, face: str, title: str, below: str) -> str:
    return f'<div class="{name}">{face}<b>{escape(title)}</b><small>{below}</small></div>'


def _face(chat: str, classes: Classes) -> str:
    initials = {_EVERYTHING: "💬", GROUP: "👥"}.get(chat) or "".join(word[0].upper() for word in chat.split()[:2])
    return f'<span class="face" style="--hue: {_hue(chat, classes)}" aria-hidden="true">{initials}</span>'


def _hue(chat: str, classes: Classes) -> int:
    """Return the colour of a chat, in degrees, far from that of its neighbours."""
    return _BLUE if chat not in classes else list(classes).index(chat) * _FAR % 360


def _title(chat: str) -> str:
    return "Grupo de la Comisión" if chat == GROUP else chat


def _month(title: str) -> str:
    return title.partition(" ")[0]


def _figures(summary: Summary) -> Iterator[str]:
    figures = (
        (summary.activities, f"actividades: {summary.done} concluidas, {summary.overdue} vencidas"),
        (summary.meetings + summary.added, f"sesiones, de ellas {summary.added} a solicitud de la mayoría"),
        (summary.enrolled, "personas registradas"),
        (summary.acknowledgements, f"acuses de recibo, y {summary.told_otherwise} notificaciones por otro medio"),
        (summary.messages_in, "mensajes y toques de las personas"),
        (summary.messages_out, f"mensajes del bot, y {summary.edits} editados en su lugar"),
        (
            summary.notices,
            f"avisos que el bot dio por sí mismo: {summary.lost} perdidos, {summary.duplicated} duplicados, "
            f"{summary.resent} repetido por precaución",
        ),
    )
    for number, what in figures:
        yield f"<dt>{number}</dt><dd>{what}</dd>"


def _events(events: Sequence[Event], classes: Classes) -> Iterator[str]:
    titles = 0
    for day, group in groupby(events, key=lambda event: event.at.date()):
        of_day = list(group)
        dated = False
        chat = ""
        for event in of_day:
            if isinstance(event, Remark) and event.title:
                titles += 1
                yield f'<h2 id="e{titles}">{escape(event.text)}</h2>'
                continue
            if not dated:
                yield f'<p class="day {_seen_by(of_day, classes)}">{day_name(day)}</p>'
                dated = True
            if isinstance(event, Remark):
                yield f'<p class="aside {_seen_by([event], classes)}">{escape(event.text)}</p>'
                continue
            if event.chat != chat:
                chat = event.chat
                yield f'<p class="turn">{escape(_title(chat))}</p>'
            yield _line(event, classes)


def _seen_by(events: Sequence[Event], classes: Classes) -> str:
    chats = {chat for event in events for chat in ([event.chat] if isinstance(event, Line) else event.chats)}
    return " ".join(name for chat, name in classes.items() if chat in chats)


def _line(line: Line, classes: Classes) -> str:
    name = classes[line.chat]
    if line.deed:
        return f'<p class="{name}">{escape(line.who)} {line.deed} · {line.at:%H:%M}</p>'
    if line.method == "answerCallbackQuery":
        return f'<p class="toast {name}">{line.html}</p>'
    side = "out" if line.who == BOT else "in tap" if line.tap else "in"
    who = ""
    if line.chat == GROUP:
        who = f'<span class="who" style="--hue: {_hue(line.who, classes)}">{escape(line.who)}</span>'
    picture = '<span class="picture"><span>código QR</span></span>' if line.picture else ""
    edited = "editado " if line.edit else ""
    time = f'<time datetime="{line.at.isoformat()}">{edited}{line.at:%H:%M}</time>'
    said = f"👆 {line.html}" if line.tap else _linked(line.html)
    return f'<div class="{side} {name}"><div class="bubble">{who}{picture}{said}{time}</div>{_keys(line)}</div>'


def _keys(line: Line) -> str:
    rows = ("".join(f"<span>{escape(label)}</span>" for label in row) for row in line.buttons)
    keys = "".join(f"<div>{row}</div>" for row in rows)
    return f'<div class="keys">{keys}</div>' if keys else ""


def _linked(html: str) -> str:
    """Mark in a message what people can follow."""
    pieces = _OUTSIDE_TAGS.split(html)
    return "".join(
        piece if piece.startswith("<") else _GOES.sub(r'<span class="go">\g<0></span>', piece) for piece in pieces
    )
