"""Make the Word template of the convocation, prep_bot/documents/templates/convocatoria.docx.

    python tools/template.py

What stands between {{ }} is filled in, and {%p %} repeats or leaves out whole paragraphs; all else can be edited in
Word. docs/operation.md lists what can be filled in.
"""

from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

TEMPLATE = Path(__file__).parent.parent / "prep_bot/documents/templates/convocatoria.docx"
INK = RGBColor(0x1F, 0x2A, 0x37)
LEFT, CENTRE, RIGHT, JUSTIFY = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)


class Template:
    """A document that is written from top to bottom."""

    def __init__(self) -> None:
        self.document = Document()
        (section,) = self.document.sections
        section.page_width, section.page_height = Cm(21.59), Cm(27.94)
        section.left_margin = section.right_margin = Cm(2.5)
        section.top_margin, section.bottom_margin = Cm(2.2), Cm(2.2)
        style = self.document.styles["Normal"]
        style.font.name, style.font.size, style.font.color.rgb = "Arial", Pt(10.5), INK
        style.paragraph_format.space_after, style.paragraph_format.line_spacing = Pt(6), 1.15

    def line(
        self, text: str, align: WD_ALIGN_PARAGRAPH = LEFT, *, size: float = 10.5, after: float = 6, indent: float = 0
    ) -> Paragraph:
        """Add a paragraph; what stands between ** is bold."""
        paragraph = self.document.add_paragraph()
        paragraph.alignment = align
        paragraph.paragraph_format.space_after = Pt(after)
        if indent:
            paragraph.paragraph_format.left_indent = Cm(indent)
            paragraph.paragraph_format.first_line_indent = Cm(-min(indent, 0.8))
        for place, part in enumerate(text.split("**")):
            run = paragraph.add_run(part)
            run.bold, run.font.size = place % 2 == 1, Pt(size)
        return paragraph

    def control(self, *tags: str) -> None:
        """Add paragraphs that only repeat or leave out what stands between them: they go when it is filled in."""
        for tag in tags:
            self.line(f"{{%p {tag} %}}", after=0)


def rule(paragraph: Paragraph) -> None:
    """Draw a line below a paragraph."""
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in {"val": "single", "sz": "8", "space": "6", "color": "1F2A37"}.items():
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().append(borders)


def field(paragraph: Paragraph, code: str) -> None:
    """Add a field that Word computes, such as the number of the page."""
    element = OxmlElement("w:fldSimple")
    element.set(qn("w:instr"), code)
    paragraph._p.append(element)


def make() -> Template:
    """Return the template, written."""
    it = Template()
    it.line("**{{ institution }}**", CENTRE, size=13, after=2)
    it.line("{{ commission }}", CENTRE, size=9.5, after=0)
    rule(it.line("{{ process }}", CENTRE, size=9.5, after=12))

    it.line("**{{ number }}**", RIGHT, after=0)
    it.line("**Asunto:** {{ subject }}", RIGHT, after=0)
    it.line("{{ place_and_date }}", RIGHT, after=14)

    it.control("for person in addressees")
    it.line("**{{ person.name }}** · {{ person.role }}", after=0)
    it.control("endfor")
    it.line("**Presentes**", after=10)

    it.control("for remark in remarks")
    it.line("{{ remark }}", JUSTIFY)
    it.control("endfor", "if legal_basis")
    it.line("**Fundamento**")
    it.control("endif", "for paragraph in legal_basis")
    it.line("{{ paragraph }}", JUSTIFY)
    it.control("endfor")

    it.line("**{{ convenes }}**", JUSTIFY, after=8)
    it.line("**Fecha y hora:** {{ when }}", after=1)
    for label, name in (("Modalidad", "modality"), ("Lugar", "place"), ("Enlace", "link")):
        it.control(f"if {name}")
        it.line(f"**{label}:** {{{{ {name} }}}}", after=1)
        it.control("endif")

    it.control("if points")
    it.line("**Orden del día**").paragraph_format.space_before = Pt(10)
    it.control("endif", "for point in points")
    point = it.line("{{ point.number }}.\t{{ point.text }}", after=2, indent=0.8)
    point.paragraph_format.tab_stops.add_tab_stop(Cm(0.8))
    it.control("for annex in point.annexes")
    it.line("Anexo: {{ annex.name }} ({{ annex.detail }})", size=8.5, after=2, indent=1.6)
    it.control("endfor", "endfor", "if annexes")
    it.line("**Anexos**").paragraph_format.space_before = Pt(10)
    it.control("endif", "for annex in annexes")
    it.line("{{ annex.name }} ({{ annex.detail }})", size=8.5, after=2)
    it.control("endfor")

    atentamente = it.line("Atentamente", CENTRE, after=44)
    atentamente.paragraph_format.space_before = Pt(26)
    signed = [atentamente, it.line("_" * 38, CENTRE, after=2), it.line("**{{ signatory }}**", CENTRE, after=0)]
    for paragraph in signed:
        paragraph.paragraph_format.keep_with_next = True
    it.line("{{ signatory_role }}", CENTRE)

    it.document.styles["Footer"].font.size = Pt(8)
    footer = it.document.sections[0].footer.paragraphs[0]
    footer.alignment = RIGHT
    footer.add_run("{{ number }} · Página ").font.size = Pt(8)
    field(footer, "PAGE")
    footer.add_run(" de ").font.size = Pt(8)
    field(footer, "NUMPAGES")
    properties = it.document.core_properties
    properties.author, properties.title, properties.comments = "prep-bot", "Convocatoria", ""
    return it


if __name__ == "__main__":
    TEMPLATE.parent.mkdir(exist_ok=True)
    make().document.save(str(TEMPLATE))
    print(f"{TEMPLATE}: written.")
