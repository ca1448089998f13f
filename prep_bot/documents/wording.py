"""What the document of a convocation says, in words: the same for Word and for PDF."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from prep_bot.domain.meeting import MeetingKind
from prep_bot.domain.particulars import Paper
from prep_bot.i18n import t
from prep_bot.services.papers import ConvocationPaper, Named
from prep_bot.texts import dates
from prep_bot.texts.words import modality_name, role_name


@dataclass(frozen=True)
class Addressee:
    """To whom it is addressed: plain text, as everything here."""

    name: str
    role: str


@dataclass(frozen=True)
class Annex:
    """An annex as it is listed."""

    name: str
    detail: str
    """Its version and size."""


@dataclass(frozen=True)
class AgendaPoint:
    """A point of the agenda with its annexes."""

    number: int
    text: str
    annexes: tuple[Annex, ...]


@dataclass(frozen=True)
class ConvocationWords:
    """The document, part by part."""

    institution: str
    commission: str
    process: str
    number: str
    subject: str
    place_and_date: str
    addressees: tuple[Addressee, ...]
    remarks: tuple[str, ...]
    """What makes it no first convocation: what it replaces or corrects, and why."""
    legal_basis: tuple[str, ...]
    convenes: str
    """ "Se convoca a": the act itself."""
    session: str
    when: str
    modality: str
    place: str
    link: str
    points: tuple[AgendaPoint, ...]
    annexes: tuple[Annex, ...]
    """Those of no point."""
    signatory: str
    signatory_role: str
    mark: str
    """What is written over a document that is worth nothing; otherwise nothing."""


def words_of(paper: ConvocationPaper) -> ConvocationWords:
    """Return the document of a convocation in words of the language that is spoken now."""
    particulars, zone = paper.particulars, paper.zone
    return ConvocationWords(
        institution=paper.institution,
        commission=paper.commission,
        process=paper.process,
        number=plain(t("Convocatoria {number}", number=number_of(paper))),
        subject=plain(t("Se convoca a la {session}", session=particulars.name)),
        place_and_date=_place_and_date(paper),
        # Whoever signs is convened as well, but writes to the others.
        addressees=tuple(
            Addressee(person.name, position_of(person)) for person in paper.addressees if person != paper.made_by
        ),
        remarks=tuple(plain(remark) for remark in _remarks(paper)),
        legal_basis=tuple(part for part in (paper.legal_basis, paper.convening) if part),
        convenes=plain(_convenes(paper)),
        session=particulars.name,
        when=plain(dates.weekday_and_time(particulars.starts_at, zone)).capitalize(),
        modality=plain(modality_name(particulars.modality)).capitalize() if particulars.modality else "",
        place=particulars.place,
        link=particulars.link,
        points=tuple(
            AgendaPoint(number, point.text, tuple(_annex(annex) for annex in point.papers))
            for number, point in enumerate(particulars.points, start=1)
        ),
        annexes=tuple(_annex(annex) for annex in particulars.papers),
        signatory=paper.made_by.name,
        signatory_role=position_of(paper.made_by),
        mark=plain(mark()) if paper.simulated else "",
    )


def plain(text: Markup | str) -> str:
    """Return words as they are read: what `t` escaped is undone."""
    return text.unescape() if isinstance(text, Markup) else text


def mark() -> Markup:
    """Return what is written over what comes from a simulation."""
    return t("SIMULACIÓN, SIN VALIDEZ")


def number_of(paper: ConvocationPaper) -> str:
    """Return the number of a convocation, such as `3/2022`."""
    return f"{paper.number}/{paper.year}"


def position_of(person: Named) -> str:
    """Return what somebody is in the commission: by the plan's own words, or their role."""
    return person.position or plain(role_name(person.role))


def size_of(size: int) -> str:
    """Return a number of bytes as people read it: `640 bytes`, `12 KB`, `1.4 MB`."""
    if size < 1024:
        return f"{size} bytes"
    return f"{size / 1024:.0f} KB" if size < 1000 * 1024 else f"{size / 1024**2:.1f} MB"


def exact(instant: datetime, zone: ZoneInfo) -> str:
    """Return `24/02/2022 11:00:05 (UTC−06:00)`: to the second, wall time in `zone` with its offset."""
    local = instant.astimezone(zone)
    offset = local.utcoffset() or timedelta(0)
    sign = "−" if offset < timedelta(0) else "+"
    shift = datetime.min.replace(tzinfo=UTC) + abs(offset)
    return f"{local:%d/%m/%Y %H:%M:%S} (UTC{sign}{shift:%H:%M})"


def _place_and_date(paper: ConvocationPaper) -> str:
    day = dates.day_and_year(paper.made_at.astimezone(paper.zone).date())
    return plain(t("{place}, a {day}.", place=paper.city, day=day) if paper.city else t("A {day}.", day=day))


def _convenes(paper: ConvocationPaper) -> Markup:
    particulars, when = paper.particulars, dates.formal(paper.particulars.starts_at, paper.zone)
    if particulars.call > 1:
        return t(
            "Se convoca, en segunda convocatoria, a la {session}, que se celebrará el {when}, conforme al siguiente "
            "orden del día.",
            session=particulars.name,
            when=when,
        )
    return t(
        "Se convoca a la {session}, que se celebrará el {when}, conforme al siguiente orden del día.",
        session=particulars.name,
        when=when,
    )


def _remarks(paper: ConvocationPaper) -> Iterator[Markup]:
    if paper.correction:
        yield t("Fe de erratas: corrige la versión {version} de la convocatoria.", version=paper.version - 1)
    elif paper.version > 1:
        yield t("Sustituye a la versión {version} de la convocatoria.", version=paper.version - 1)
    if paper.reason:
        yield t("Motivo del cambio: {reason}", reason=paper.reason)
    # Why another session was convened with too little notice is the log's and the constancia's to tell.
    if paper.term_reason and paper.particulars.kind is MeetingKind.URGENT:
        yield t("Motivo de la urgencia: {reason}", reason=paper.term_reason)


def _annex(paper: Paper) -> Annex:
    return Annex(paper.name, plain(t("versión {version}, {size}", version=paper.version, size=size_of(paper.size))))
