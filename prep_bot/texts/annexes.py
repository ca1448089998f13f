"""Annexes: where a file that was sent belongs, its versions, and opening it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from markupsafe import Markup

from prep_bot.domain.annex import MOST_ANNEXES, Refusal
from prep_bot.domain.filing import Filing
from prep_bot.domain.particulars import Paper
from prep_bot.i18n import t, tn
from prep_bot.services.agenda import AgendaView
from prep_bot.services.annexes import AnnexView, OpenedFile
from prep_bot.services.meetings import MeetingView
from prep_bot.texts import dates
from prep_bot.texts.actions.agenda import ShowAgenda, ShowPoint
from prep_bot.texts.actions.annexes import (
    AskAnnex,
    ChooseFileMeeting,
    ChooseFilePoint,
    OpenAnnex,
    ReplaceAnnex,
    TakeForSigned,
    WithdrawAnnex,
)
from prep_bot.texts.actions.convening import TellChanges
from prep_bot.texts.message import Button, Message, Toast, Upload
from prep_bot.texts.pages import shorten, tap
from prep_bot.texts.particulars import of_point
from prep_bot.texts.words import file_size

_NAME = 40
"""Characters of a file's name on a button."""

_MEETINGS = 12
"""Sessions to choose from: those that come first."""

_UNSIGNED = 3
"""Convocations to choose from whose signed document may have come: those of the next sessions."""

_POINTS = 60
"""Points to choose from at most: beside them, the session itself."""

_VERSIONS = 10
"""Versions that are listed, the newest first."""


def ask_file(where: Markup, replaces: Paper | None = None) -> Message:
    """Ask for the file of an annex; `where` says to what it will belong."""
    what = t("<b>Anexo</b> {where}.", where=where)
    if replaces is not None:
        what = t(
            "<b>Nueva versión</b> de «{name}» ({where}), que reemplazará a la v{version}.",
            name=replaces.name,
            where=where,
            version=replaces.version,
        )
    ask = t("Envíe el archivo: documento, hoja de cálculo, presentación o imagen, de 20 MB como máximo. O /cancelar.")
    return Message(Markup("\n").join([what, ask]))


def refused(why: Refusal, name: str) -> Message:
    """Say why a file is not taken."""
    named = shorten(name, 60)
    match why:
        case Refusal.TOO_BIG:
            words = t(
                "«{name}» pesa más de 20 MB y Telegram no permite que lo reciba. Envíelo comprimido o en partes.",
                name=named,
            )
        case Refusal.EMPTY:
            words = t("«{name}» está vacío: no se guardó. Revíselo y envíelo de nuevo.", name=named)
        case Refusal.PROGRAM:
            words = t("«{name}» es un programa, no un documento: no se guardó.", name=named)
        case Refusal.TYPE:
            words = t(
                "No se reciben archivos como «{name}». Envíe PDF, Word, Excel, PowerPoint, OpenDocument, texto, imagen o "
                "ZIP.",
                name=named,
            )
    return Message(words)


def ask_meeting(
    filing: Filing,
    meetings: Sequence[MeetingView],
    unsigned: Sequence[tuple[MeetingView, int]],
    commissions: Mapping[int, str],
    zone: ZoneInfo,
) -> Message:
    """Ask to which session a file belongs, or of which of the `unsigned` convocations it is the signed document.

    Of several commissions, each session is named with its own.
    """
    several = len(commissions) > 1
    signed = tuple(
        (
            tap(
                _signed(meeting, commissions[meeting.commission_id] if several else ""),
                TakeForSigned(meeting.commission_id, convocation, filing.stamp),
            ),
        )
        for meeting, convocation in unsigned[:_UNSIGNED]
    )
    rows = tuple(
        (
            tap(
                _meeting(meeting, commissions[meeting.commission_id] if several else "", zone),
                ChooseFileMeeting(meeting.commission_id, meeting.id, filing.stamp),
            ),
        )
        for meeting in meetings[:_MEETINGS]
    )
    name = filing.files[0].name
    if signed:
        ask = t("Recibí «{name}». ¿De qué sesión es anexo, o es una convocatoria firmada? O /cancelar.", name=name)
        return Message(ask, (*signed, *rows))
    return Message(t("Recibí «{name}». ¿De qué sesión es anexo? O /cancelar.", name=name), rows)


def _meeting(meeting: MeetingView, commission: str, zone: ZoneInfo) -> Markup:
    when = dates.short_moment(meeting.starts_at, zone) if meeting.starts_at else dates.month_name(meeting.month)
    label = t("{n}. {name} · {when}", n=meeting.number, name=shorten(meeting.name, 40), when=when)
    return t("{commission}: {label}", commission=commission, label=label) if commission else label


def _signed(meeting: MeetingView, commission: str) -> Markup:
    label = t("Es la convocatoria firmada (sesión {n})", n=meeting.number)
    return t("{commission}: {label}", commission=commission, label=label) if commission else label


def no_meetings() -> Message:
    """Say that there is no session to which a file could belong."""
    return Message(t("No hay sesiones por celebrarse a las que anexar el archivo: no se guardó."))


def ask_point(filing: Filing, view: AgendaView) -> Message:
    """Ask to which point of the agenda a file belongs."""
    lines = [
        t("¿De qué punto es anexo «{name}»?", name=filing.files[0].name),
        t("Sesión {n}: {name}", n=view.meeting.number, name=view.meeting.name),
    ]
    if not view.drawn_up:
        lines.append(
            t(
                "Para anexarlo a un punto, elabore primero el orden del día con <code>/orden {n}</code>.",
                n=view.meeting.number,
            )
        )
    own = (tap(t("De la sesión"), ChooseFilePoint(filing.commission, 0, filing.stamp)),)
    points = tuple(
        (
            tap(
                t("{n}. {text}", n=n, text=shorten(point.text, 50)),
                ChooseFilePoint(filing.commission, point.item, filing.stamp),
            ),
        )
        for n, point in enumerate(view.points[:_POINTS], start=1)
        if point.item is not None
    )
    return Message(Markup("\n").join(lines), (*points, own))


def ask_series(filing: Filing, where: Markup, papers: Sequence[Paper]) -> Message:
    """Ask whether a file replaces one of the annexes that are there."""
    text = tn(
        "Ya hay un anexo {where}. ¿Lo reemplaza «{name}»?",
        "Ya hay {n} anexos {where}. ¿«{name}» reemplaza alguno?",
        len(papers),
        name=filing.files[0].name,
        where=where,
    )
    new = (tap(t("No: es un anexo nuevo"), ReplaceAnnex(filing.commission, 0, filing.stamp)),)
    rows = tuple(
        (
            tap(
                t("Reemplaza a {name} (v{version})", name=shorten(paper.name, _NAME), version=paper.version),
                ReplaceAnnex(filing.commission, paper.series, filing.stamp),
            ),
        )
        for paper in papers
    )
    return Message(text, (*rows, new))


def queued(name: str) -> Message:
    """Say that another file came and waits until the question about the one before is answered."""
    return Message(t("Recibí también «{name}»: le preguntaré por él después del anterior.", name=name))


def added(view: AnnexView, *, untold: bool) -> Message:
    """Say that an annex was kept, and under which hash."""
    paper = view.paper
    lines: list[Markup | str] = [
        _kept(view),
        t(
            "{where} · Sesión {n}: {name}",
            where=of_point(view.number).capitalize(),
            n=view.meeting.number,
            name=view.meeting.name,
        ),
        _proof(paper),
    ]
    rows = [(_agenda(view.meeting),)]
    if untold:
        lines += ["", t("Todavía no se comunica: las personas convocadas ven la versión anterior.")]
        rows.insert(0, (tap(t("Comunicar los cambios"), TellChanges(view.meeting.commission_id, view.meeting.id)),))
    return Message(Markup("\n").join(lines), tuple(rows))


def _kept(view: AnnexView) -> Markup:
    if len(view.versions) == 1:
        return t("✔️ Anexo guardado: <b>{name}</b>", name=view.paper.name)
    return t(
        "✔️ Anexo guardado: <b>{name}</b> (v{version}, reemplaza a v{was})",
        name=view.paper.name,
        version=view.paper.version,
        was=view.versions[1].paper.version,
    )


def _proof(paper: Paper) -> Markup:
    return t("{size} · SHA-256 <code>{hash}</code>", size=file_size(paper.size), hash=paper.sha256)


def _agenda(meeting: MeetingView) -> Button:
    return tap(t("Orden del día"), ShowAgenda(meeting.commission_id, meeting.number))


def then(done: Message, question: Message) -> Message:
    """Return what was done, and below it the question about the next file."""
    return replace(question, text=f"{done.text}\n\n{question.text}")


def same_content(name: str) -> Message:
    """Say that a file is the version in force, so that there is no other."""
    return Message(t("«{name}» es idéntico a la versión vigente (mismo SHA-256): no se guardó otra.", name=name))


def too_many() -> Message:
    """Say how many annexes a session may have."""
    return Message(t("La sesión ya tiene {limit} anexos, que es el máximo: no se guardó.", limit=MOST_ANNEXES))


def closed(name: str) -> Message:
    """Say that a session that has begun takes no annexes."""
    return Message(t("«{name}» no se guardó: esa sesión ya comenzó o terminó.", name=name))


def place_gone(name: str) -> Message:
    """Say that the point or the annex for which a file was meant is no longer there."""
    return Message(
        t("«{name}» no se guardó: el punto o el anexo cambió mientras tanto. Envíe el archivo de nuevo.", name=name)
    )


def stale() -> Toast:
    """Say that the file for which a button was made does not wait any more."""
    return Toast(t("Ese archivo ya no está en espera: si hace falta, envíelo de nuevo."))


def annex(view: AnnexView, zone: ZoneInfo, *, editable: bool) -> Message:
    """Return an annex with all its versions, for whoever convenes."""
    meeting, paper = view.meeting, view.paper
    ids = (meeting.commission_id, meeting.id, paper.series)
    lines: list[Markup | str] = [
        t("📎 <b>{name}</b>", name=paper.name),
        t(
            "{where} · Sesión {n}: {name}",
            where=of_point(view.number).capitalize(),
            n=meeting.number,
            name=meeting.name,
        ),
    ]
    versions = view.versions[:_VERSIONS]
    for version in versions:
        lines += [
            "",
            t("<b>v{n}</b> · {name}", n=version.paper.version, name=version.paper.name)
            if version.paper is paper
            else t("v{n} (reemplazada) · {name}", n=version.paper.version, name=version.paper.name),
            t("{when}, {who}", when=dates.moment(version.added_at, zone), who=version.added_by),
            _proof(version.paper),
        ]
    opening = tuple(
        tap(t("Abrir v{n}", n=version.paper.version), OpenAnnex(*ids, version.paper.version)) for version in versions
    )
    rows = [opening[start : start + 4] for start in range(0, len(opening), 4)]
    if editable:
        new = AskAnnex(meeting.commission_id, meeting.id, view.item_id or 0, paper.series)
        rows.append((tap(t("Nueva versión"), new), tap(t("Retirar"), WithdrawAnnex(*ids, paper.version))))
    back = (tap(t("Ver punto"), ShowPoint(meeting.commission_id, view.item_id)),) if view.item_id and editable else ()
    rows.append((*back, _agenda(meeting)))
    return Message(Markup("\n").join(lines), tuple(rows))


def withdrawn(view: AnnexView, *, untold: bool) -> Message:
    """Say that an annex was withdrawn."""
    lines = [t("Se retiró el anexo <s>{name}</s>. Sus versiones quedan en el registro.", name=view.paper.name)]
    rows = [(_agenda(view.meeting),)]
    if untold:
        lines.append(t("Todavía no se comunica: las personas convocadas aún lo ven."))
        rows.insert(0, (tap(t("Comunicar los cambios"), TellChanges(view.meeting.commission_id, view.meeting.id)),))
    return Message(Markup("\n").join(lines), tuple(rows))


def opened(file: OpenedFile) -> Message:
    """Return the file itself, with what proves which one it is."""
    paper = file.paper
    caption = [
        t("📎 <b>{name}</b> · v{version}", name=paper.name, version=paper.version),
        t(
            "{where} · Sesión {n}: {name}",
            where=of_point(file.number).capitalize(),
            n=file.meeting.number,
            name=shorten(file.meeting.name, 200),
        ),
        _proof(paper),
    ]
    upload = Upload(paper.name, file.content, file_id=file.file_id, sha256=paper.sha256)
    return Message(Markup("\n").join(caption), document=upload)


def superseded(meeting: MeetingView, paper: Paper) -> Message:
    """Say that a version was replaced, with the one in force behind a button."""
    ids = (meeting.commission_id, meeting.id, paper.series)
    return Message(
        t("Ese anexo fue reemplazado: la versión vigente es la v{n}, «{name}».", n=paper.version, name=paper.name),
        ((tap(t("Abrir v{n}", n=paper.version), OpenAnnex(*ids, paper.version)),), (_agenda(meeting),)),
    )


def no_such_annex() -> Toast:
    """Say that an annex cannot be opened."""
    return Toast(t("Ese anexo ya no está en el orden del día. Véalo de nuevo con /orden."))
