"""/orden: the agenda of a session, and drawing it up."""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from markupsafe import Markup

from prep_bot.domain.agenda import MOST_POINTS, POINT_LENGTH
from prep_bot.domain.particulars import Paper, Point
from prep_bot.i18n import t, tn
from prep_bot.services.agenda import AgendaView, Offer, PointView, UnfinishedPoint
from prep_bot.services.meetings import MeetingView
from prep_bot.texts import dates
from prep_bot.texts.actions.agenda import (
    AddStandardPoint,
    AskPoints,
    CarryPoint,
    DrawUpAgenda,
    EditPoint,
    MarkUnfinished,
    MovePoint,
    RemovePoint,
    RestorePoint,
    ShowAgenda,
    ShowPoint,
    ShowUnfinished,
)
from prep_bot.texts.actions.annexes import AskAnnex, OpenAnnex, ShowAnnex
from prep_bot.texts.actions.calendar import ShowMeeting
from prep_bot.texts.actions.convening import TellChanges
from prep_bot.texts.message import Button, Message, Toast
from prep_bot.texts.pages import Item, Section, page_of, shorten, tap
from prep_bot.texts.words import file_size, standard_point_name

_LISTED = 8
"""Annexes that are named under one point; each has its button."""

_OFFERED = 20
"""Unfinished points that are offered; as they are taken up, others follow."""

_NAME = 40
"""Characters of a file's name in a list."""


def agenda(view: AgendaView, zone: ZoneInfo, page: int = 0, *, in_group: bool = False) -> Message:
    """Return the agenda with its annexes; for whoever may change it, with what can be done about it."""
    meeting = view.meeting
    title = Markup("\n").join([*_title(meeting, zone), *_standing(view, in_group=in_group)])
    sections = []
    if view.points:
        points = enumerate(view.points, start=1)
        sections.append(Section(Markup(""), tuple(_point(view, n, point, in_group=in_group) for n, point in points)))
    if view.papers:
        own = tuple(Item(_paper(paper), buttons=_paper_button(view, paper, in_group=in_group)) for paper in view.papers)
        sections.append(Section(t("<b>Anexos de la sesión</b>"), own))
    if not sections:
        sections.append(Section(t("Todavía no tiene puntos.")))
    return page_of(
        title,
        sections,
        page,
        lambda turned: ShowAgenda(meeting.commission_id, meeting.number, turned),
        footer=tuple(_offers(view)),
    )


def _title(meeting: MeetingView, zone: ZoneInfo) -> Iterator[Markup]:
    yield t("<b>Orden del día</b>")
    yield t("Sesión {n}: {name}", n=meeting.number, name=meeting.name)
    if meeting.starts_at is not None:
        yield t("🗓 {when}", when=dates.weekday_and_time(meeting.starts_at, zone).capitalize())


def _standing(view: AgendaView, *, in_group: bool) -> Iterator[Markup]:
    if view.untold:
        yield t("✏️ <b>Hay cambios sin comunicar</b>: las personas convocadas aún ven la versión anterior.")
    elif not view.convened and not view.meeting.state.ended:
        if view.drawn_up:
            yield t("<i>En preparación: puede cambiar hasta que se convoque.</i>")
        else:
            yield t("<i>Son los temas del programa: el orden del día aún no se elabora.</i>")
    if in_group and (view.papers or any(point.papers for point in view.points)):
        yield t("Los anexos se abren en privado, con <code>/orden {n}</code>.", n=view.meeting.number)


def _point(view: AgendaView, number: int, point: Point, *, in_group: bool) -> Item:
    lines = [t("{n}. {text}", n=number, text=point.text), *(_paper(paper) for paper in point.papers[:_LISTED])]
    if len(point.papers) > _LISTED:
        lines.append(tn("… y {n} anexo más", "… y {n} anexos más", len(point.papers) - _LISTED))
    text = Markup("\n").join(lines)
    if view.editable and point.item is not None:
        return Item(text, number, ShowPoint(view.meeting.commission_id, point.item))
    return Item(
        text, buttons=tuple(b for paper in point.papers for b in _paper_button(view, paper, number, in_group=in_group))
    )


def _paper(paper: Paper) -> Markup:
    size, name = file_size(paper.size), shorten(paper.name, _NAME)
    if paper.version == 1:
        return t("    📎 {name} ({size})", name=name, size=size)
    return t("    📎 {name} ({size}; v{version})", name=name, size=size, version=paper.version)


def _paper_button(view: AgendaView, paper: Paper, number: int | None = None, *, in_group: bool) -> tuple[Button, ...]:
    ids = (view.meeting.commission_id, view.meeting.id, paper.series)
    name = shorten(paper.name, _NAME)
    if in_group:
        return ()
    if view.editable:
        return (tap(t("📎 {name}", name=name), ShowAnnex(*ids)),)
    label = t("📎 {n}. {name}", n=number, name=name) if number else t("📎 {name}", name=name)
    return (tap(label, OpenAnnex(*ids, paper.version)),)


def _offers(view: AgendaView) -> Iterator[tuple[Button, ...]]:
    ids = (view.meeting.commission_id, view.meeting.id)
    if view.editable:
        if not view.drawn_up:
            yield (tap(t("Elaborar con los puntos usuales"), DrawUpAgenda(*ids)),)
        yield (tap(t("➕ Puntos"), AskPoints(*ids)), tap(t("📎 Anexo de la sesión"), AskAnnex(*ids, 0)))
    if view.untold:
        yield (tap(t("Comunicar los cambios"), TellChanges(*ids)),)
    if view.keeps_record:
        yield (tap(t("Puntos sin concluir"), ShowUnfinished(*ids)),)
    yield (tap(t("Ver sesión"), ShowMeeting(view.meeting.commission_id, view.meeting.number)),)


def point(view: PointView) -> Message:
    """Return one point, with what can be done about it."""
    meeting, ids = view.meeting, (view.meeting.commission_id, view.id)
    lines = [
        t("<b>Punto {n}</b> · Sesión {number}: {name}", n=view.number, number=meeting.number, name=meeting.name),
        Markup(""),
        t("{text}", text=view.text),
        *(_paper(paper) for paper in view.papers),
    ]
    up = (tap(t("▲ Subir"), MovePoint(*ids, view.number, True)),) if view.number > 1 else ()
    down = () if view.last else (tap(t("▼ Bajar"), MovePoint(*ids, view.number, False)),)
    annexes = tuple(
        (tap(t("📎 {name}", name=shorten(p.name, _NAME)), ShowAnnex(meeting.commission_id, meeting.id, p.series)),)
        for p in view.papers
    )
    rows = (
        (tap(t("✏️ Editar"), EditPoint(*ids)), tap(t("Quitar"), RemovePoint(*ids))),
        (*up, *down),
        *annexes,
        (tap(t("📎 Agregar anexo"), AskAnnex(meeting.commission_id, meeting.id, view.id)),),
        (_back(meeting),),
    )
    return Message(Markup("\n").join(lines), tuple(row for row in rows if row))


def _back(meeting: MeetingView) -> Button:
    return tap(t("Orden del día"), ShowAgenda(meeting.commission_id, meeting.number))


def ask_points(offer: Offer) -> Message:
    """Offer the usual points that are missing and those that earlier sessions left; ask for others."""
    meeting = offer.meeting
    lines = [
        t("<b>Agregar puntos</b> · Sesión {n}: {name}", n=meeting.number, name=meeting.name),
        Markup(""),
        t("Escriba el punto como deba leerse; si son varios, uno por renglón."),
    ]
    if offer.standard or offer.unfinished:
        lines.append(t("O toque uno de estos:"))
    standard = tuple(
        (tap(standard_point_name(p), AddStandardPoint(meeting.commission_id, meeting.id, p)),) for p in offer.standard
    )
    unfinished = tuple((_carry(meeting, left),) for left in offer.unfinished[:_OFFERED])
    if unfinished:
        lines.append(t("↩️ Quedó sin concluir en la sesión que se indica."))
    return Message(Markup("\n").join(lines), (*standard, *unfinished, (_back(meeting),)))


def _carry(meeting: MeetingView, left: UnfinishedPoint) -> Button:
    label = t("↩️ Sesión {n}: {text}", n=left.meeting_number, text=shorten(left.text, 50))
    return tap(label, CarryPoint(meeting.commission_id, meeting.id, left.id))


def ask_words(view: PointView) -> Message:
    """Ask how a point is to read."""
    return Message(
        t(
            "<b>Punto {n}</b>. Ahora dice:\n\n<code>{text}</code>\n\nEscriba cómo debe leerse, o /cancelar para dejarlo.",
            n=view.number,
            text=view.text,
        )
    )


def too_long(points: Sequence[str]) -> Message:
    """Say which of the points that were written is too long, and that none was kept."""
    number, length = next((n, len(p)) for n, p in enumerate(points, start=1) if len(p) > POINT_LENGTH)
    if len(points) == 1:
        return Message(
            t(
                "Ese punto tiene {length} caracteres y el máximo es de {limit}. Envíelo más breve, o /cancelar para "
                "dejarlo. Lo que no quepa puede ir en un anexo.",
                length=length,
                limit=POINT_LENGTH,
            )
        )
    return Message(
        t(
            "El renglón {n} tiene {length} caracteres y el máximo es de {limit}. No se agregó ninguno: envíelos de nuevo "
            "con ese más breve, o /cancelar para dejarlo.",
            n=number,
            length=length,
            limit=POINT_LENGTH,
        )
    )


def too_many() -> Message:
    """Say how many points an agenda may have, and that none was added."""
    return Message(
        t(
            "El orden del día puede tener hasta {limit} puntos y con esos se pasaría: no se agregó ninguno. Quite alguno "
            "con /orden, o envíe menos.",
            limit=MOST_POINTS,
        )
    )


def removed(view: PointView, below: Message) -> Message:
    """Say that a point was taken off, above the agenda as it is now, with a way back."""
    lines = [t("Se quitó el punto {n}: <s>{text}</s>", n=view.number, text=shorten(view.text, 200))]
    if view.papers:
        lines.append(tn("Con él se quitó su anexo.", "Con él se quitaron sus {n} anexos.", len(view.papers)))
    back = tap(t("Deshacer: volver a ponerlo"), RestorePoint(view.meeting.commission_id, view.id))
    return Message(Markup("\n").join([*lines, "", below.text]), ((back,), *below.buttons))


def unfinished(meeting: MeetingView, points: Sequence[UnfinishedPoint], page: int = 0) -> Message:
    """Return the points of a session that was held; a tap on its number says that one was left unfinished, or not."""
    title = Markup("\n").join(
        [
            t("<b>Puntos sin concluir</b> · Sesión {n}: {name}", n=meeting.number, name=meeting.name),
            t("Toque el número de cada punto que no se concluyó: se ofrecerá en la siguiente sesión."),
        ]
    )
    items = tuple(
        Item(
            t("{mark} {n}. {text}", mark="↩️" if p.unfinished else "✅", n=p.number, text=shorten(p.text, 120)),
            p.number,
            MarkUnfinished(meeting.commission_id, p.id, not p.unfinished, page),
        )
        for p in points
    )
    return page_of(
        title,
        [Section(Markup(""), items)] if items else [Section(t("La sesión no tuvo puntos."))],
        page,
        lambda turned: ShowUnfinished(meeting.commission_id, meeting.id, turned),
        footer=((_back(meeting),),),
    )


def none_to_come() -> Message:
    """Say that there is no session whose agenda could be shown."""
    return Message(t("No hay una sesión por celebrarse. Para otra, escriba su número: <code>/orden 3</code>."))


def gone() -> Toast:
    """Say that a point or a session is no longer there."""
    return Toast(t("Ese punto ya no está en el orden del día. Véalo de nuevo con /orden."))


def changed() -> Toast:
    """Say that the agenda is not as it was shown."""
    return Toast(t("El orden del día cambió mientras tanto y no se hizo nada. Véalo de nuevo con /orden."))


def closed() -> Toast:
    """Say that the agenda of a session that has begun stays as it is."""
    return Toast(t("Esa sesión ya comenzó o terminó: su orden del día y sus anexos quedan como están."))
