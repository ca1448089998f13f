"""PDF pages: letterhead, page numbers, and the mark of what is worth nothing. The same data give the same bytes."""

import io
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any

from markupsafe import Markup
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_RIGHT
from reportlab.lib.fonts import addMapping
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, HRFlowable, Paragraph, SimpleDocTemplate, Spacer

from prep_bot.i18n import t

FONT = "Vera"
"""It comes with the library, and has the accents; neither depends on the machine."""

INK = HexColor("#1f2a37")
FAINT = HexColor("#6b7280")
RULE = HexColor("#9ca3af")
_MARK = HexColor("#b91c1c")

_MARGIN = 2.5 * cm
_PADDING = 6
"""Points that the library leaves free within the margins."""
WIDTH = LETTER[0] - 2 * _MARGIN
"""Between the margins, in points."""

_BASE = ParagraphStyle("base", fontName=FONT, fontSize=9.5, leading=14, textColor=INK, splitLongWords=1)
BODY = ParagraphStyle("body", _BASE, alignment=TA_JUSTIFY, spaceAfter=7)
PLAIN = ParagraphStyle("plain", _BASE)
SMALL = ParagraphStyle("small", _BASE, fontSize=7.5, leading=10.5)
FAINTER = ParagraphStyle("fainter", SMALL, textColor=FAINT)
RIGHT = ParagraphStyle("right", _BASE, alignment=TA_RIGHT)
CENTRE = ParagraphStyle("centre", _BASE, alignment=TA_CENTER)
TITLE = ParagraphStyle("title", CENTRE, fontName="Vera-Bold", fontSize=13, leading=18, spaceBefore=4, spaceAfter=10)
HEADING = ParagraphStyle("heading", _BASE, fontName="Vera-Bold", spaceBefore=11, spaceAfter=5, keepWithNext=1)
ITEM = ParagraphStyle("item", _BASE, fontSize=8.5, leading=12, leftIndent=14, firstLineIndent=-14, spaceAfter=2)
UNDER_ITEM = ParagraphStyle("under item", SMALL, textColor=FAINT, leftIndent=14, spaceAfter=2)
PERSON = ParagraphStyle("person", _BASE, fontSize=8.5, leading=12, spaceBefore=6, spaceAfter=3, keepWithNext=1)
_LETTERHEAD = ParagraphStyle("letterhead", CENTRE, fontName="Vera-Bold", fontSize=11.5, leading=15)
_UNDER = ParagraphStyle("under", CENTRE, fontSize=8.5, leading=12)


def text(words: Markup | str, style: ParagraphStyle = BODY) -> Paragraph:
    """Return a paragraph; what is not Markup is escaped."""
    _fonts()
    return Paragraph(_printable(str(Markup.escape(words))), style)


def letterhead(institution: str, commission: str, process: str) -> list[Flowable]:
    """Return the head of a document: whose it is."""
    return [
        text(institution, _LETTERHEAD),
        Spacer(1, 2),
        text(commission, _UNDER),
        *([text(process, _UNDER)] if process else []),
        Spacer(1, 5),
        HRFlowable(width="100%", thickness=1.1, color=INK),
        Spacer(1, 12),
    ]


def pdf(story: Callable[[], Sequence[Flowable]], *, title: str, footer: str, author: str, mark: str = "") -> bytes:
    """Return the pages of a story: laid out twice, the first time to count them."""
    _fonts()
    pages = 0
    for _ in range(2):
        file = io.BytesIO()
        document = SimpleDocTemplate(
            file,
            pagesize=LETTER,
            leftMargin=_MARGIN - _PADDING,
            rightMargin=_MARGIN - _PADDING,
            topMargin=2 * cm,
            bottomMargin=2.2 * cm,
            title=title,
            author=author,
            lang="es-MX",
            invariant=1,  # no clock and no chance in it
        )
        page = partial(_page, footer=_printable(footer), mark=mark, pages=pages)
        document.build(list(story()), onFirstPage=page, onLaterPages=page)
        pages = document.page
    return file.getvalue()


def _page(canvas: Any, document: Any, *, footer: str, mark: str, pages: int) -> None:
    width, height = LETTER
    canvas.saveState()
    if mark:
        canvas.saveState()
        canvas.translate(width / 2, height / 2)
        canvas.rotate(52)
        canvas.setFont("Vera-Bold", 42)
        canvas.setFillColor(_MARK, alpha=0.13)
        canvas.drawCentredString(0, -14, mark)
        canvas.restoreState()
        canvas.setFont("Vera-Bold", 8)
        canvas.setFillColor(_MARK)
        canvas.drawCentredString(width / 2, height - 1.2 * cm, mark)
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.5)
    canvas.line(_MARGIN, 1.7 * cm, width - _MARGIN, 1.7 * cm)
    canvas.setFont(FONT, 7.5)
    canvas.setFillColor(FAINT)
    canvas.drawString(_MARGIN, 1.25 * cm, footer)
    number = t("Página {page} de {pages}", page=document.page, pages=pages).unescape()
    canvas.drawRightString(width - _MARGIN, 1.25 * cm, number)
    canvas.restoreState()


@cache
def _fonts() -> None:
    """Make the fonts known to the library, once."""
    for name, file in (
        (FONT, "Vera"),
        ("Vera-Bold", "VeraBd"),
        ("Vera-Italic", "VeraIt"),
        ("Vera-BoldItalic", "VeraBI"),
    ):
        pdfmetrics.registerFont(TTFont(name, f"{file}.ttf"))
    for bold, italic, name in ((0, 0, ""), (1, 0, "-Bold"), (0, 1, "-Italic"), (1, 1, "-BoldItalic")):
        addMapping(FONT, bold, italic, f"{FONT}{name}")


def _printable(words: str) -> str:
    """Return the words with a mark in place of what the font cannot write, such as an emoji in somebody's name."""
    _fonts()
    glyphs = pdfmetrics.getFont(FONT).face.charToGlyph
    return "".join(c if ord(c) in glyphs or c == "\n" else " " if c.isspace() else "?" for c in words)
