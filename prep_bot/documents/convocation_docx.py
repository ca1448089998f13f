"""The document of a convocation for Word, from a template that the institution may replace by its own."""

import io
import re
import zipfile
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prep_bot.documents.wording import Addressee, AgendaPoint, Annex, ConvocationWords, words_of
from prep_bot.i18n import DEFAULT_LOCALE, speaking
from prep_bot.services.papers import ConvocationPaper

TEMPLATE = "convocatoria.docx"
_PACKAGED = Path(__file__).parent / "templates"

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

_own_templates: Path | None = None


class TemplateError(Exception):
    """The template cannot be filled in: one line for the operator that names the file and what is wrong with it."""


def use_templates(folder: Path | None) -> None:
    """Take the template from `folder` if it has one of that name, once it was tried out; None: the packaged one.

    Raises TemplateError.
    """
    global _own_templates
    if folder is not None and (folder / TEMPLATE).is_file():
        _filled(folder / TEMPLATE, _SPECIMEN)
    _own_templates = folder


def convocation_docx(paper: ConvocationPaper) -> bytes:
    """Return the document. Raises TemplateError."""
    own = _own_templates / TEMPLATE if _own_templates else None
    with speaking(DEFAULT_LOCALE):
        return _filled(own if own and own.is_file() else _PACKAGED / TEMPLATE, words_of(paper), paper.made_at)


def _filled(template: Path, words: ConvocationWords, made_at: datetime | None = None) -> bytes:
    from docx.opc.exceptions import PackageNotFoundError
    from docxtpl import DocxTemplate
    from jinja2 import StrictUndefined, UndefinedError
    from jinja2 import TemplateError as JinjaError
    from jinja2.sandbox import SandboxedEnvironment

    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True, finalize=_writable)
    context = {field.name: getattr(words, field.name) for field in fields(words)}
    document = DocxTemplate(template)
    try:
        document.render(context, environment, autoescape=True)
        if words.mark:
            _write_over(document.docx, words.mark)
        if made_at is not None:
            _say_whose(document.docx, words, made_at)
        file = io.BytesIO()
        document.save(file)
    except UndefinedError as error:
        raise TemplateError(f"{template}: {error.message}; it can fill in: {', '.join(sorted(context))}") from None
    except JinjaError as error:
        raise TemplateError(f"{template}: {error.message}") from None
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, PackageNotFoundError):
        raise TemplateError(f"{template}: it is no Word document (.docx) that can be read") from None
    return file.getvalue()


def _say_whose(document: Any, words: ConvocationWords, made_at: datetime) -> None:
    """Let the file's properties tell of the convocation: those of the template are about another day."""
    properties = document.core_properties
    properties.title = _UNWRITABLE.sub("", f"{words.number}. {words.session}")[:255]
    properties.author = _UNWRITABLE.sub("", words.institution)[:255]
    properties.created = properties.modified = made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    properties.last_modified_by, properties.revision = "", 1


def _writable(value: object) -> object:
    """Leave out what no XML can hold."""
    return _UNWRITABLE.sub("", value) if isinstance(value, str) else value


def _write_over(document: Any, mark: str) -> None:
    """Write the mark across every page, as a watermark of Word is: whatever template it is."""
    from docx.oxml import parse_xml

    for section in document.sections:
        headers = [section.header]
        if section.different_first_page_header_footer:
            headers.append(section.first_page_header)
        if document.settings.odd_and_even_pages_header_footer:
            headers.append(section.even_page_header)
        for header in headers:
            header.is_linked_to_previous = False
            header.paragraphs[0]._p.append(parse_xml(_WATERMARK.format(mark=mark)))


_WATERMARK = """\
<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml" \
xmlns:o="urn:schemas-microsoft-com:office:office"><w:rPr><w:noProof/></w:rPr><w:pict>\
<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">\
<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>\
<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>\
<v:f eqn="if @0 @4 21600"/></v:formulas><v:path textpathok="t" o:connecttype="rect"/>\
<v:textpath on="t" fitshape="t"/></v:shapetype>\
<v:shape id="mark" o:spid="_x0000_s2049" type="#_x0000_t136" style="position:absolute;margin-left:0;margin-top:0;\
width:520pt;height:52pt;rotation:308;z-index:-251658752;mso-position-horizontal:center;\
mso-position-horizontal-relative:margin;mso-position-vertical:center;mso-position-vertical-relative:margin" \
fillcolor="#f3c9c9" stroked="f"><v:textpath style="font-family:&quot;Arial&quot;;font-weight:bold" string="{mark}"/>\
</v:shape></w:pict></w:r>"""
"""What Word itself writes for a watermark; `{mark}` goes into an attribute, and has nothing to be escaped."""

_SPECIMEN = ConvocationWords(
    institution="Instituto",
    commission="Comisión",
    process="Proceso",
    number="Convocatoria 1/2022",
    subject="Se convoca",
    place_and_date="A 1 de febrero de 2022.",
    addressees=(Addressee("Persona", "Integrante"),),
    remarks=("Sustituye a otra.",),
    legal_basis=("Fundamento.",),
    convenes="Se convoca.",
    session="Sesión",
    when="Martes 1 de febrero de 2022, 11:00 h",
    modality="Mixta",
    place="Sala",
    link="https://example.org",
    points=(AgendaPoint(1, "Punto", (Annex("anexo.pdf", "versión 1"),)),),
    annexes=(Annex("anexo.pdf", "versión 1"),),
    signatory="Persona",
    signatory_role="Secretaría Técnica",
    mark="",
)
"""With something everywhere, so that a template that asks for what there is not shows it when the bot starts."""
