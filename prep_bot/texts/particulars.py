"""To what a session is convened, in words, and what differs between two versions of it."""

from collections.abc import Iterator, Sequence
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


def appointment(session: MeetingView | Particulars, zone: ZoneInfo) -> Iterator[Markup]:
    """Return the lines that say when, how and where a session is."""
    if session.starts_at is not None:
        yield t("🗓 {when}", when=dates.weekday_and_time(session.starts_at, zone).capitalize())
    if session.modality is not None:
        yield t("Modalidad: {modality}", modality=modality_name(session.modality))
    if session.place:
        yield t("Lugar: {place}", place=session.place)
    if session.link:
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
    """Return the words that tell the change of a convened session: how it was, how it is, and why."""
    found = differences(before, after)
    lines: list[Markup | str] = [
        *_heading(after, correction=correction),
        "",
        *(t("Antes: <s>{what}</s>", what=what) for what in _given_up(found, before, zone)),
        *appointment(after, zone),
        *edits(found, _EDITS_IN_BRIEF if brief else _EDITS),
    ]
    if reason:
        lines += ["", t("Motivo: {reason}", reason=reason)]
    return _joined(*lines)


def _heading(after: Particulars, *, correction: bool) -> Iterator[Markup]:
    if correction:
        yield t("✏️ <b>Fe de erratas</b>")
        yield t(
            "Se corrige la convocatoria a la <b>{name}</b>. Los acuses de recibo ya dados siguen siendo válidos.",
            name=meeting_name(after),
        )
    else:
        yield t("🔁 <b>Cambio en la convocatoria</b>")
        yield t("La <b>{name}</b> cambió.", name=meeting_name(after))


def _given_up(found: Differences, was: Particulars, zone: ZoneInfo) -> Iterator[Markup | str]:
    """Return what is no longer so."""
    if "name" in found.appointment:
        yield was.name
    if "starts_at" in found.appointment:
        yield dates.weekday_and_time(was.starts_at, zone)
    if "modality" in found.appointment and was.modality is not None:
        yield modality_name(was.modality)
    if "place" in found.appointment and was.place:
        yield was.place
    if "link" in found.appointment and was.link:
        yield was.link


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
            return t("✏️ El punto {n} dice: {text}\nDecía: <s>{was}</s>", n=edit.number, text=text, was=was)
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
