"""A constancia as PDF: what was convened, and what the log tells of how each person was notified."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup
from reportlab.platypus import Flowable, HRFlowable, KeepTogether, Spacer, Table, TableStyle

from prep_bot.documents import sheet
from prep_bot.documents.wording import exact, mark, number_of, plain, position_of, size_of, words_of
from prep_bot.domain.answer import Answer
from prep_bot.domain.history import Act, Happening
from prep_bot.domain.notice import NoticeKind
from prep_bot.domain.particulars import Paper
from prep_bot.domain.term import TermCheck
from prep_bot.i18n import DEFAULT_LOCALE, speaking, t, tn
from prep_bot.services.certificates import Certificate, Notified
from prep_bot.services.papers import Standing
from prep_bot.texts import dates, terms
from prep_bot.texts.certificates import statements
from prep_bot.texts.reasons import unreachability_name
from prep_bot.texts.words import answer_name, role_name

_WHEN = 150
"""Points of the column of instants."""


def certificate_pdf(certificate: Certificate, document_sha256: str) -> bytes:
    """Return the constancia; `document_sha256` is that of the convocation as made from the same data."""
    paper = certificate.paper
    with speaking(DEFAULT_LOCALE):
        title = _title(certificate)
        return sheet.pdf(
            lambda: list(_story(certificate, document_sha256)),
            title=title,
            author=paper.institution,
            footer=title,
            mark=plain(mark()) if paper.simulated else "",
        )


def _title(certificate: Certificate) -> str:
    number = number_of(certificate.paper)
    return plain(t("Constancia {n} de la convocatoria {number}", n=certificate.number, number=number))


def _story(certificate: Certificate, document_sha256: str) -> Iterator[Flowable]:
    paper = certificate.paper
    yield from sheet.letterhead(paper.institution, paper.commission, paper.process)
    yield sheet.text(t("CONSTANCIA DE NOTIFICACIÓN"), sheet.TITLE)
    yield sheet.text(
        t(
            "Se hace constar que, según la bitácora del sistema de avisos de la comisión, la <b>convocatoria {number}"
            "</b> (versión {version}) a la <b>{session}</b> se notificó como aquí se detalla. Constancia {n} de esa "
            "convocatoria, expedida el {when} a petición de {name}, {position}.",
            number=number_of(paper),
            version=paper.version,
            session=paper.particulars.name,
            n=certificate.number,
            when=exact(certificate.issued_at, paper.zone),
            name=certificate.issued_by.name,
            position=position_of(certificate.issued_by),
        )
    )
    yield sheet.text(t("1. La convocatoria"), sheet.HEADING)
    yield _rows([(label, value) for label, value in _facts(certificate, document_sha256) if value])
    yield from _agenda(certificate)
    yield sheet.text(t("3. La notificación a cada persona"), sheet.HEADING)
    for person in certificate.people:
        yield from _person(person, certificate)
    yield sheet.text(t("4. Alcance"), sheet.HEADING)
    for statement in statements():
        yield sheet.text(statement)
    # Nobody signs a page on which nothing else stands.
    yield KeepTogether([*_log(certificate), *_signature(certificate)])


def _facts(certificate: Certificate, document_sha256: str) -> Iterator[tuple[Markup, Markup | str]]:
    paper = certificate.paper
    words, zone = words_of(paper), paper.zone
    yield t("Fecha y hora"), words.when
    yield t("Modalidad"), words.modality
    yield t("Lugar"), words.place
    yield t("Enlace"), words.link
    yield t("Convocó"), f"{paper.made_by.name}, {position_of(paper.made_by)}; {exact(paper.made_at, zone)}"
    yield t("Se dispuso su envío"), exact(paper.sends_at, zone)
    yield t("Vigencia"), _standing(certificate)
    yield t("Cambios"), " ".join(words.remarks)
    yield t("Término"), _term(certificate)
    yield t("Motivo de convocar así"), paper.term_reason
    if paper.signed is not None:
        yield t("Documento firmado"), _digest(paper.signed.sha256, paper.signed.size)
    yield t("Documento generado"), _digest(document_sha256)


def _standing(certificate: Certificate) -> str:
    paper = certificate.paper
    ended = exact(paper.ended_at, paper.zone) if paper.ended_at else ""
    match paper.standing:
        case Standing.IN_FORCE:
            return plain(t("Vigente al expedirse esta constancia."))
        case Standing.REPLACED:
            return plain(t("Sustituida por una versión posterior; {when}.", when=ended))
        case Standing.CALLED_OFF:
            return _called_off(certificate, ended)
        case Standing.OVER:
            return plain(t("Concluida: la sesión comenzó o no tuvo quórum; {when}.", when=ended))


def _called_off(certificate: Certificate, ended: str) -> str:
    """Say, by the log, which act left the convocation without effect, and why."""
    acts = {"meeting.deferred": t("se difirió"), "meeting.cancelled": t("se canceló")}
    since = certificate.paper.ended_at or certificate.issued_at
    entry = next((entry for entry, _ in certificate.entries if entry.act in acts and entry.at >= since), None)
    if entry is None:  # somebody cut the log, as `prep-bot verify` will tell
        return plain(t("Sin efecto: la sesión se canceló o se difirió; {when}.", when=ended))
    return plain(
        t(
            "Sin efecto: la sesión {was_called_off}; {when}. Motivo: {reason}",
            was_called_off=acts[entry.act],
            when=ended,
            reason=entry.details["reason"],
        )
    )


def _term(certificate: Certificate) -> str:
    if not certificate.paper.term:
        return ""
    term = TermCheck.model_validate(certificate.paper.term)
    if not term.minimum:
        return plain(t("Sin término mínimo ({source}).", source=terms.source(term)))
    given = t(
        "Mínimo: {minimum} ({source}). Se convocó con {given} de anticipación; el término vencía el {expiry}.",
        minimum=terms.amount(term, term.minimum),
        source=terms.source(term),
        given=terms.amount(term, term.given),
        expiry=exact(term.expires_at, certificate.paper.zone),
    )
    verdict = t("Se cumplió.") if term.in_time else t("No se cumplió.")
    return plain(given) + " " + plain(verdict)


def _digest(sha256: str, size: int | None = None) -> Markup:
    told = t("SHA-256: {sha256}", sha256=sha256)
    return told if size is None else t("{told} ({size})", told=told, size=size_of(size))


def _agenda(certificate: Certificate) -> Iterator[Flowable]:
    particulars = certificate.paper.particulars
    yield sheet.text(t("2. Orden del día y anexos"), sheet.HEADING)
    if not particulars.points and not particulars.papers:
        yield sheet.text(t("Sin puntos ni anexos."))
    for number, point in enumerate(particulars.points, start=1):
        yield sheet.text(f"{number}. {point.text}", sheet.ITEM)
        yield from _annexes(point.papers)
    if particulars.papers:
        yield sheet.text(t("Anexos de la sesión"), sheet.ITEM)
        yield from _annexes(particulars.papers)


def _annexes(papers: Sequence[Paper]) -> Iterator[Flowable]:
    for paper in papers:
        told = t(
            "{name}, versión {version}, {size}. SHA-256: {sha256}",
            name=paper.name,
            version=paper.version,
            size=size_of(paper.size),
            sha256=paper.sha256,
        )
        yield sheet.text(told, sheet.UNDER_ITEM)


def _person(person: Notified, certificate: Certificate) -> Iterator[Flowable]:
    paper, zone = certificate.paper, certificate.paper.zone
    name = person.name or t("Grupo vinculado de la comisión")
    role = t(" · {role}", role=role_name(person.role)) if person.role else Markup("")
    title = sheet.text(Markup("<b>{}</b>{}").format(name, role), sheet.PERSON)
    told = [
        (happening.at, t("{what} [{n}]", what=_versioned(happening, person, certificate), n=happening.sequence))
        for happening in person.happened
    ]
    if person.convened:
        told.append((paper.made_at, t("Corrigió la convocatoria") if paper.correction else t("Convocó")))
    rows = [(exact(at, zone), what) for at, what in sorted(told, key=lambda row: row[0])]
    if not rows:
        nothing = (
            t("La bitácora no registra ningún intento ni acto.")
            if person.enrolled
            else t("No se le envió nada por Telegram: no está inscrita en el bot.")
        )
        yield KeepTogether([title, sheet.text(nothing, sheet.SMALL)])
        return
    table = _table(
        [[sheet.text(when, sheet.SMALL), sheet.text(what, sheet.SMALL)] for when, what in rows], _WHEN, padding=1.5
    )
    # The name never stands alone at the foot of a page.
    yield KeepTogether([title, table]) if len(rows) < 8 else title
    if len(rows) >= 8:
        yield table
    if person.substitute:
        yield sheet.text(t("En su lugar: {name}", name=person.substitute), sheet.SMALL)


def _versioned(happening: Happening, person: Notified, certificate: Certificate) -> Markup:
    """Say what happened, and with which version where the constancia tells of more than one."""
    what = _what(happening, person, certificate.paper.zone)
    version = certificate.versions.get(happening.convocation)
    if len(certificate.versions) == 1 or version is None:
        return what
    return t("{what} (versión {version})", what=what, version=version)


def _what(happening: Happening, person: Notified, zone: ZoneInfo) -> Markup:
    match happening.act:
        case Act.ACKNOWLEDGED:
            return t("<b>Acusó recibo</b>")
        case Act.TOLD:
            when = exact(datetime.fromisoformat(happening.told_at), zone)
            return t("Se anotó que se le notificó por otro medio ({means}): {when}", means=person.told_means, when=when)
        case Act.ANSWERED:
            return t("Respondió: {answer}", answer=answer_name(Answer(happening.what)))
        case Act.UNSENT:
            return t("{what}: no se intentó; {why}", what=_kind(happening.kind), why=_why_unsent(happening))
        case _:
            what = _kind(happening.kind)
            return t("{what}, intento {n}: {outcome}", what=what, n=happening.attempt, outcome=_outcome(happening))


def _kind(kind: str) -> Markup:
    match kind:
        case NoticeKind.CHANGE:
            return t("Cambio")
        case NoticeKind.CALLED_OFF:
            return t("Cancelación o diferimiento")
        case _:
            return t("Convocatoria")


def _outcome(happening: Happening) -> Markup | str:
    match happening.what:
        case "accepted":
            return t("Telegram lo aceptó")
        case "not_delivered":
            return t("no salió ({why})", why=happening.reason)
        case "uncertain":
            return t("sin respuesta de Telegram, pudo haberse entregado ({why})", why=happening.reason)
        case "migrated":
            return t("el grupo cambió de identificador")
        case "unreachable":
            return t("no se le pudo escribir: {why}", why=unreachability_name(happening.reason))
        case _:
            return t("Telegram no lo aceptó ({why})", why=happening.reason)


def _why_unsent(happening: Happening) -> Markup | str:
    match happening.what:
        case "expired":
            return t("ya no era oportuno")
        case "cancelled":
            return t("ya no hacía falta")
        case _:
            return unreachability_name(happening.reason)


def _log(certificate: Certificate) -> Iterator[Flowable]:
    yield sheet.text(t("5. La bitácora"), sheet.HEADING)
    yield sheet.text(
        tn(
            "Los datos de esta constancia (JSON) contienen {n} registro de la bitácora, tal como se encadenó.",
            "Los datos de esta constancia (JSON) contienen {n} registros de la bitácora, tal como se encadenaron.",
            len(certificate.entries),
        )
        + " "
        + t("Los números entre corchetes son los de cada registro. Al expedirse, el último de la bitácora era:")
    )
    head = certificate.head
    yield _rows([(t("Registro"), str(head.sequence)), (t("SHA-256"), head.hash)])
    yield sheet.text(
        t("Quien opera el sistema la comprueba con: {command}", command="prep-bot verify --constancia ARCHIVO.json"),
        sheet.FAINTER,
    )


def _rows(facts: Sequence[tuple[Markup, Markup | str]]) -> Table:
    cells = [
        [sheet.text(Markup("<b>{}</b>").format(label), sheet.SMALL), sheet.text(value, sheet.SMALL)]
        for label, value in facts
    ]
    return _table(cells, 110, padding=2.5)


def _table(cells: list[list[Flowable]], first: float, *, padding: float) -> Table:
    table = Table(cells, colWidths=[first, sheet.WIDTH - first], hAlign="LEFT", spaceAfter=4)
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, -1), 0.3, sheet.RULE),
                ("LINEABOVE", (0, 0), (-1, 0), 0.3, sheet.RULE),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), padding),
                ("BOTTOMPADDING", (0, 0), (-1, -1), padding + 1),
            ]
        )
    )
    return table


def _signature(certificate: Certificate) -> list[Flowable]:
    return [
        Spacer(1, 18),
        sheet.text(dates.day_and_year(certificate.issued_at.astimezone(certificate.paper.zone).date()), sheet.CENTRE),
        Spacer(1, 42),
        HRFlowable(width=210, thickness=0.7, color=sheet.INK),
        Spacer(1, 3),
        sheet.text(Markup("<b>{}</b>").format(certificate.issued_by.name), sheet.CENTRE),
        sheet.text(position_of(certificate.issued_by), sheet.CENTRE),
    ]
