"""The document of a convocation as PDF, for members as long as the secretary uploaded no signed one."""

from collections.abc import Iterator

from markupsafe import Markup
from reportlab.platypus import Flowable, HRFlowable, KeepTogether, ListFlowable, ListItem, Spacer, Table, TableStyle

from prep_bot.documents import sheet
from prep_bot.documents.wording import Annex, ConvocationWords, words_of
from prep_bot.i18n import DEFAULT_LOCALE, speaking, t
from prep_bot.services.papers import ConvocationPaper


def convocation_pdf(paper: ConvocationPaper) -> bytes:
    """Return the document; the same data give the same bytes, so its SHA-256 can be told."""
    with speaking(DEFAULT_LOCALE):
        words = words_of(paper)
        return sheet.pdf(
            lambda: list(_story(words)),
            title=f"{words.number}. {words.session}",
            author=words.institution,
            footer=f"{words.number} · {words.session}"[:90],
            mark=words.mark,
        )


def _story(words: ConvocationWords) -> Iterator[Flowable]:
    yield from sheet.letterhead(words.institution, words.commission, words.process)
    yield sheet.text(t("<b>{number}</b>", number=words.number), sheet.RIGHT)
    yield sheet.text(t("<b>Asunto:</b> {subject}", subject=words.subject), sheet.RIGHT)
    yield sheet.text(words.place_and_date, sheet.RIGHT)
    yield Spacer(1, 10)
    yield from _addressees(words)
    for remark in words.remarks:
        yield sheet.text(Markup("<i>{}</i>").format(remark))
    if words.legal_basis:
        yield sheet.text(t("Fundamento"), sheet.HEADING)
    for paragraph in words.legal_basis:
        yield sheet.text(paragraph)
    yield sheet.text(Markup("<b>{}</b>").format(words.convenes))
    # Nobody signs a page on which nothing else stands: what comes last goes with the signature.
    *agenda, last = [_particulars(words), *_agenda(words)]
    yield from agenda
    yield KeepTogether([last, *_signature(words)])


def _addressees(words: ConvocationWords) -> Iterator[Flowable]:
    for person in words.addressees:
        yield sheet.text(Markup("<b>{}</b> · {}").format(person.name, person.role), sheet.PLAIN)
    yield Spacer(1, 4)
    yield sheet.text(t("<b>Presentes</b>"), sheet.PLAIN)
    yield Spacer(1, 8)


def _particulars(words: ConvocationWords) -> Flowable:
    rows = [
        (t("Fecha y hora"), words.when),
        (t("Modalidad"), words.modality),
        (t("Lugar"), words.place),
        (t("Enlace"), words.link),
    ]
    cells = [
        [sheet.text(Markup("<b>{}</b>").format(label), sheet.PLAIN), sheet.text(value, sheet.PLAIN)]
        for label, value in rows
        if value
    ]
    table = Table(cells, colWidths=[95, sheet.WIDTH - 95], hAlign="LEFT", spaceBefore=3, spaceAfter=4)
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, sheet.RULE),
                ("LINEABOVE", (0, 0), (-1, 0), 0.4, sheet.RULE),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 3),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
            ]
        )
    )
    return table


def _agenda(words: ConvocationWords) -> Iterator[Flowable]:
    if words.points:
        yield sheet.text(t("Orden del día"), sheet.HEADING)
        look = {"bulletFontName": sheet.FONT, "bulletFontSize": 9.5, "bulletColor": sheet.INK, "bulletFormat": "%s."}
        for point in words.points:
            lines = [sheet.text(point.text, sheet.PLAIN), *_annexes(point.annexes)]
            yield ListFlowable([ListItem(lines, value=point.number, spaceAfter=4)], leftIndent=24, **look)
    if words.annexes:
        yield sheet.text(t("Anexos"), sheet.HEADING)
        yield from (sheet.text(f"{annex.name} ({annex.detail})", sheet.FAINTER) for annex in words.annexes)


def _annexes(annexes: tuple[Annex, ...]) -> Iterator[Flowable]:
    for annex in annexes:
        yield sheet.text(t("Anexo: {name} ({detail})", name=annex.name, detail=annex.detail), sheet.FAINTER)


def _signature(words: ConvocationWords) -> list[Flowable]:
    return [
        Spacer(1, 26),
        sheet.text(t("Atentamente"), sheet.CENTRE),
        Spacer(1, 44),
        HRFlowable(width=210, thickness=0.7, color=sheet.INK),
        Spacer(1, 3),
        sheet.text(Markup("<b>{}</b>").format(words.signatory), sheet.CENTRE),
        sheet.text(words.signatory_role, sheet.CENTRE),
        Spacer(1, 16),
        sheet.text(
            t(
                "Documento generado con los datos de la convocatoria. Si la Secretaría Técnica entrega la versión "
                "firmada, es esa la que cuenta."
            ),
            sheet.FAINTER,
        ),
    ]
