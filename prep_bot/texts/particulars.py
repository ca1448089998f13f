"""To what a session is convened, in words, and what differs between two versions of it."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import accumulate
from zoneinfo import ZoneInfo

from markupsafe import Markup

from prep_bot.domain.particulars import Differences, Edit, PaperEdit, Particulars, PointEdit, differences
from prep_bot.i18n import t, tn
from prep_bot.services.meetings import MeetingView
from prep_bot.texts import dates
from prep_bot.texts.pages import shorten, visible_length
from prep_bot.texts.words import call_name, meeting_name, modality_name

_POINTS = 1500
"""Characters of the points in a message; the rest are behind its button."""

_EDITS = 1500
"""Characters of what differs in agenda and annexes."""

_EDITS_IN_BRIEF = 300

_POINT = 160
"""Characters of a point of which it is told that it changed."""


def convocation(
    session: Particulars,
    zone: ZoneInfo,
    *,
    points: bool = True,
    personal: bool = True,
    replaces: datetime | None = None,
) -> Markup:
    """Return the words of a convocation, as each convened person receives them, or (not `personal`) the group.

    `replaces`: for when the deferred convocation was of which they heard.
    """
    call, name = call_name(session.call), session.name
    if session.call == 1:
        title = t("📣 <b>Convocatoria</b>")
        whom = (
            t("Se le convoca a la <b>{name}</b>.", name=name)
            if personal
            else t("Se convoca a las personas integrantes a la <b>{name}</b>.", name=name)
        )
    else:
        title = t("📣 <b>{call}</b>", call=call.capitalize())
        whom = (
            t("Se le convoca, en {call}, a la <b>{name}</b>.", call=call, name=name)
            if personal
            else t(
                "Se convoca, en {call}, a las personas integrantes a la <b>{name}</b>.",
                call=call,
                name=name,
            )
        )
    return _joined(
        title,
        whom,
        *([t("Es urgente: {reason}", reason=session.urgency)] if session.urgency else []),
        *_replaced(replaces, zone),
        "",
        *appointment(session, zone),
        *(agenda(session) if points else ()),
    )


def _replaced(starts_at: datetime | None, zone: ZoneInfo) -> Iterator[Markup]:
    if starts_at is not None:
        when = dates.weekday_and_time(starts_at, zone)
        yield t("Sustituye a la convocatoria para el {when}, que se difirió.", when=when)


def appointment(
    session: MeetingView | Particulars, zone: ZoneInfo, *, without: Collection[str] = ()
) -> Iterator[Markup]:
    """Return the lines that say when, how and where a session is, but for the fields in `without`."""
    if session.starts_at is not None and "starts_at" not in without:
        yield t("🗓 {when}", when=dates.weekday_and_time(session.starts_at, zone).capitalize())
    if session.modality is not None and "modality" not in without:
        yield t("Modalidad: {modality}", modality=modality_name(session.modality))
    if session.place and "place" not in without:
        yield t("Lugar: {place}", place=session.place)
    if session.link and "link" not in without:
        yield t("Enlace: {link}", link=session.link)


def agenda(session: Particulars, room: int = _POINTS) -> Iterator[Markup]:
    """Return the lines of the agenda, under a blank one: the first point and those for which there is room."""
    if session.points:
        yield Markup("")
        yield t("<b>Orden del día</b>")
        yield from fitting(numbered([point.text for point in session.points]), room)
    papers = len(list(session.all_papers()))
    if papers:
        yield tn(
            "📎 {n} anexo: ábralo desde el orden del día.", "📎 {n} anexos: ábralos desde el orden del día.", papers
        )


def numbered(points: Sequence[str]) -> list[Markup]:
    """Return the points with their numbers, from 1."""
    return [t("{n}. {point}", n=number, point=point) for number, point in enumerate(points, start=1)]


def fitting(points: Sequence[Markup], room: int) -> Iterator[Markup]:
    """Yield the first point and those for which there is room, and say how many are left out."""
    shown = max(1, sum(length <= room for length in accumulate(visible_length(point) for point in points)))
    yield from points[:shown]
    if shown < len(points):
        yield tn("… y {n} punto más", "… y {n} puntos más", len(points) - shown)


def change(
    after: Particulars,
    before: Particulars,
    reason: str,
    zone: ZoneInfo,
    *,
    correction: bool,
    brief: bool = False,
) -> Markup:
    """Return the words that tell the change of a convened session: each thing as it was and as it is, and why.

    Whoever had not heard of a change that was taken back finds nothing changed: they are told just that.
    """
    found = differences(before, after)
    lines: list[Markup | str] = [
        *_heading(after, correction=correction, changed=bool(found)),
        *_changes(found, before, after, zone),
        *_stays(found, after, zone),
        *edits(found, _EDITS_IN_BRIEF if brief else _EDITS),
    ]
    if reason:
        lines += ["", t("Motivo: {reason}", reason=reason)]
    return _joined(*lines)


def _heading(after: Particulars, *, correction: bool, changed: bool) -> Iterator[Markup]:
    if correction:
        yield t("✏️ <b>Fe de erratas</b>")
    else:
        yield t("🔁 <b>Cambio en la convocatoria</b>") if changed else t("🔁 <b>Convocatoria nueva</b>")
    if not changed:
        yield t("La <b>{name}</b> queda como ya se le había comunicado, sin cambios:", name=meeting_name(after))
    elif correction:
        yield t(
            "Se corrige la convocatoria a la <b>{name}</b>. Los acuses de recibo ya dados siguen siendo válidos.",
            name=meeting_name(after),
        )
    else:
        yield t("La <b>{name}</b> cambió.", name=meeting_name(after))


def _changes(found: Differences, before: Particulars, after: Particulars, zone: ZoneInfo) -> Iterator[Markup | str]:
    """Return the lines of each thing that differs: what it is, how it was and how it is, under one another."""
    was, now = _said(before, zone), _said(after, zone)
    for name, title in _titles().items():
        if name in found.appointment:
            yield ""
            yield t("<b>{title}</b>", title=title)
            if was[name]:
                yield t("Antes: <s>{what}</s>", what=was[name])
            yield t("Ahora: <b>{what}</b>", what=now[name]) if now[name] else t("Ahora: no aplica")


def _stays(found: Differences, after: Particulars, zone: ZoneInfo) -> Iterator[Markup | str]:
    lines = list(appointment(after, zone, without=found.appointment))
    if lines:
        yield ""
        yield from lines


def _titles() -> dict[str, Markup]:
    """Return what each part of an appointment is called, in the order in which it is told."""
    return {
        "name": t("Sesión"),
        "starts_at": t("🗓 Fecha y hora"),
        "modality": t("Modalidad"),
        "place": t("Lugar"),
        "link": t("Enlace"),
    }


def _said(session: Particulars, zone: ZoneInfo) -> dict[str, Markup | str]:
    return {
        "name": session.name,
        "starts_at": dates.weekday_and_time(session.starts_at, zone),
        "modality": modality_name(session.modality) if session.modality else "",
        "place": session.place,
        "link": session.link,
    }


def edits(found: Differences, room: int = _EDITS) -> Iterator[Markup]:
    """Return the lines that say what became of points and annexes, as far as there is room."""
    lines = [_point(edit) for edit in found.points] + [_paper(edit) for edit in found.papers]
    if not lines:
        return
    yield Markup("")
    yield t("<b>Cambios en el orden del día</b>") if found.points else t("<b>Cambios en los anexos</b>")
    shown = max(1, sum(length <= room for length in accumulate(visible_length(line) for line in lines)))
    yield from lines[:shown]
    if shown < len(lines):
        yield tn("… y {n} cambio más", "… y {n} cambios más", len(lines) - shown)


def _point(edit: PointEdit) -> Markup:
    text, was = shorten(edit.text, _POINT), shorten(edit.was, _POINT)
    match edit.edit:
        case Edit.ADDED:
            return t("➕ Se agrega el punto {n}: {text}", n=edit.number, text=text)
        case Edit.REMOVED:
            return t("➖ Se quita el punto {n}: <s>{text}</s>", n=edit.was_number, text=text)
        case Edit.CHANGED:
            return t("✏️ Cambia el punto {n}\nAntes: <s>{was}</s>\nAhora: {text}", n=edit.number, text=text, was=was)
        case Edit.MOVED:
            return t("↕️ Pasa a ser el punto {n} (era el {was}): {text}", n=edit.number, was=edit.was_number, text=text)


def _paper(edit: PaperEdit) -> Markup:
    name, where = edit.paper.name, of_point(edit.number)
    match edit.edit:
        case Edit.ADDED:
            return t("📎 Se agrega el anexo {name} ({where})", name=name, where=where)
        case Edit.REMOVED:
            return t("📎 Se retira el anexo <s>{name}</s> ({where})", name=name, where=where)
        case Edit.CHANGED:
            return t(
                "📎 {name} ({where}): v{version}, reemplaza a v{was}",
                name=name,
                where=where,
                version=edit.paper.version,
                was=edit.was.version if edit.was else 0,
            )
        case Edit.MOVED:
            return t("📎 {name}: ahora es anexo {where}", name=name, where=where)


def of_point(number: int | None) -> Markup:
    """Say to what an annex belongs: `del punto 3`, or `de la sesión`."""
    return t("de la sesión") if number is None else t("del punto {n}", n=number)


def _joined(*lines: Markup | str) -> Markup:
    return Markup("\n").join(lines)
