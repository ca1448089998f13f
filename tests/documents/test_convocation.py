"""The document of a convocation, for Word and as PDF."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from prep_bot.documents.convocation_docx import TEMPLATE, TemplateError, convocation_docx, use_templates
from prep_bot.documents.convocation_pdf import convocation_pdf
from prep_bot.documents.wording import exact, size_of, words_of
from prep_bot.domain.meeting import MeetingKind
from prep_bot.domain.particulars import Point
from prep_bot.domain.role import Role
from prep_bot.i18n import speaking
from prep_bot.services.papers import ConvocationPaper, Named
from tests.documents.conftest import AWKWARD
from tests.support.files import docx_headers, pages_of, read_docx, read_pdf
from tests.support.small_plan import NOW, ZONE

MARK = "SIMULACIÓN, SIN VALIDEZ"


def with_points(paper: ConvocationPaper, *texts: str) -> ConvocationPaper:
    points = tuple(Point(text=text) for text in texts)
    return replace(paper, particulars=paper.particulars.model_copy(update={"points": points}))


# What they say


def test_what_word_says(paper: ConvocationPaper, snapshot: SnapshotAssertion) -> None:
    assert read_docx(convocation_docx(paper)) == snapshot


def test_what_the_pdf_says(paper: ConvocationPaper, snapshot: SnapshotAssertion) -> None:
    assert read_pdf(convocation_pdf(paper)) == snapshot


def test_words_file_tells_whose_it_is_and_of_when(paper: ConvocationPaper) -> None:
    told = Document(io.BytesIO(convocation_docx(paper))).core_properties
    assert (told.author, told.created, told.modified) == (paper.institution, paper.made_at, paper.made_at)
    assert paper.particulars.name in told.title


def test_whoever_signs_is_not_addressed(paper: ConvocationPaper) -> None:
    signatory = Named("Ana Sol", Role.TECHNICAL_SECRETARY, "")
    words = words_of(replace(paper, addressees=(*paper.addressees, signatory), made_by=signatory))
    assert [person.name for person in words.addressees] == [person.name for person in paper.addressees]


@pytest.mark.parametrize("points", range(20, 32))
def test_nobody_signs_a_page_of_its_own(paper: ConvocationPaper, points: int) -> None:
    agenda = tuple(Point(text=f"Punto {number} del orden") for number in range(points))
    particulars = paper.particulars.model_copy(update={"points": agenda, "papers": ()})
    *_, last = pages_of(convocation_pdf(replace(paper, particulars=particulars)))
    assert f"Punto {points - 1} del orden" in last
    assert "Atentamente" in last


def test_only_an_urgent_session_says_why_so_soon(paper: ConvocationPaper) -> None:
    """Of another one it is told to nobody but the log and the constancia."""
    soon = replace(paper, term_reason="Vence un plazo")
    urgent = replace(soon, particulars=soon.particulars.model_copy(update={"kind": MeetingKind.URGENT}))
    for read, make in ((read_docx, convocation_docx), (read_pdf, convocation_pdf)):
        assert "Vence un plazo" not in read(make(soon))
        assert "Motivo de la urgencia: Vence un plazo" in read(make(urgent))


def test_a_second_call_and_a_correction_say_so(paper: ConvocationPaper) -> None:
    second = paper.particulars.model_copy(update={"call": 2})
    said = read_pdf(convocation_pdf(replace(paper, particulars=second, correction=True)))
    assert "en segunda convocatoria" in said
    assert "Fe de erratas: corrige la versión 1" in said
    assert "Sustituye" not in said


def test_what_is_not_known_leaves_no_gap(paper: ConvocationPaper) -> None:
    """An institution that gives neither city nor legal basis, and a first convocation without a link."""
    bare = paper.particulars.model_copy(update={"link": "", "modality": None, "place": "", "points": (), "papers": ()})
    plain = replace(paper, city="", legal_basis="", convening="", version=1, reason="", particulars=bare)
    for said in (read_docx(convocation_docx(plain)), read_pdf(convocation_pdf(plain))):
        assert "A 18 de febrero de 2022." in said
        for word in ("Fundamento", "Enlace", "Modalidad", "Lugar", "Orden del día\n", "Anexo", "Sustituye"):
            assert word not in said


def test_they_are_in_the_institutions_language(paper: ConvocationPaper) -> None:
    with speaking("en"):
        assert "Orden del día" in read_docx(convocation_docx(paper))
        assert "Orden del día" in read_pdf(convocation_pdf(paper))


# What stands in people's names


def test_what_means_something_to_others_is_only_written(paper: ConvocationPaper) -> None:
    assert AWKWARD in read_docx(convocation_docx(paper))
    assert AWKWARD in read_pdf(convocation_pdf(paper))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80))
def test_any_text_can_be_written(paper: ConvocationPaper, words: str) -> None:
    paper = with_points(replace(paper, institution=words), words)
    assert pages_of(convocation_pdf(paper))
    written = read_docx(convocation_docx(paper))
    assert all(c in written for c in words if c.isalnum())


# The PDF


def test_the_same_data_give_the_same_bytes(paper: ConvocationPaper) -> None:
    once = convocation_pdf(paper)
    convocation_pdf(with_points(paper, "Otra", "cosa"))
    assert convocation_pdf(paper) == once
    assert convocation_pdf(replace(paper, number=4)) != once


def test_pages_are_numbered(paper: ConvocationPaper) -> None:
    long = "Informe de avance de la unidad técnica sobre las actividades del programa de trabajo. " * 4
    pages = pages_of(convocation_pdf(with_points(paper, *[long] * 40)))
    assert len(pages) > 3
    for number, page in enumerate(pages, start=1):
        assert f"Página {number} de {len(pages)}" in page
        assert "Convocatoria 3/2022" in page


def test_a_point_longer_than_a_page(paper: ConvocationPaper) -> None:
    pages = pages_of(convocation_pdf(with_points(paper, "palabra " * 1500, "x" * 3000)))
    assert sum(page.count("palabra") for page in pages) == 1500
    assert sum(page.count("x") for page in pages) >= 3000


def test_what_the_font_lacks_is_marked(paper: ConvocationPaper) -> None:
    assert "Aprobación ? ñ" in read_pdf(convocation_pdf(with_points(paper, "Aprobación 😀 ñ")))


# What comes from a simulation


def test_a_simulation_marks_every_page(paper: ConvocationPaper) -> None:
    simulated = with_points(replace(paper, simulated=True), *["Informe " * 60] * 30)
    pages = pages_of(convocation_pdf(simulated))
    assert len(pages) > 1
    assert all(page.count(MARK) == 2 for page in pages)
    assert docx_headers(convocation_docx(simulated)).count(f'string="{MARK}"') == 1


def test_nothing_else_is_marked(paper: ConvocationPaper) -> None:
    assert MARK not in read_pdf(convocation_pdf(paper))
    assert MARK not in docx_headers(convocation_docx(paper))


# Templates of an institution's own


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    use_templates(None)


def write(folder: Path, *lines: str, first_page: bool = False) -> None:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    document.sections[0].different_first_page_header_footer = first_page
    document.save(str(folder / TEMPLATE))


def test_its_own_template_goes_before(folder: Path, paper: ConvocationPaper) -> None:
    write(folder, "OFICIO {{ number }}", "{{ signatory }}")
    use_templates(folder)
    assert read_docx(convocation_docx(paper)) == "OFICIO Convocatoria 3/2022\nAna López Ríos"
    use_templates(None)
    assert "Instituto" in read_docx(convocation_docx(paper))


def test_its_own_template_is_marked_too(folder: Path, paper: ConvocationPaper) -> None:
    write(folder, "{{ number }}", first_page=True)
    use_templates(folder)
    assert docx_headers(convocation_docx(replace(paper, simulated=True))).count(f'string="{MARK}"') == 2


def test_a_folder_without_it_leaves_the_packaged_one(folder: Path, paper: ConvocationPaper) -> None:
    use_templates(folder)
    assert "Instituto" in read_docx(convocation_docx(paper))


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{{ secretaria }}", "'secretaria' is undefined; it can fill in: addressees, annexes, commission"),
        ("{%p for p in points %}{{ p.texto }}{%p endfor %}", ""),
        ("{% if number %}", "Unexpected end of template"),
        ("{{ ''.__class__.__mro__ }}", "access to attribute '__class__'"),
        ("{{ number.nada }}", "has no attribute 'nada'"),
    ],
)
def test_a_template_with_an_error_is_refused(folder: Path, line: str, problem: str) -> None:
    write(folder, line)
    with pytest.raises(TemplateError) as refused:
        use_templates(folder)
    assert str(refused.value).startswith(f"{folder / TEMPLATE}: ")
    assert problem in str(refused.value)


def test_what_is_no_word_document_is_refused(folder: Path) -> None:
    (folder / TEMPLATE).write_bytes(b"PK nothing of the kind")
    with pytest.raises(TemplateError, match="it is no Word document"):
        use_templates(folder)


def test_a_template_that_breaks_later(folder: Path, paper: ConvocationPaper) -> None:
    write(folder, "{{ number }}")
    use_templates(folder)
    write(folder, "{{ numero }}")
    with pytest.raises(TemplateError, match="'numero' is undefined"):
        convocation_docx(paper)


def test_the_packaged_template_is_what_its_script_makes() -> None:
    from tools.template import TEMPLATE as PACKAGED
    from tools.template import make

    made = io.BytesIO()
    make().document.save(made)
    assert read_docx(made.getvalue()) == read_docx(PACKAGED.read_bytes())


# How things are written


def test_how_sizes_are_written() -> None:
    written = [size_of(size) for size in (0, 1023, 1024, 12_345, 1_023_999, 1_500_000)]
    assert written == ["0 bytes", "1023 bytes", "1 KB", "12 KB", "1000 KB", "1.4 MB"]


def test_how_exact_moments_are_written() -> None:
    """Mexico City's clocks went forward on 3 April 2022."""
    assert exact(NOW, ZONE) == "05/02/2022 10:00:00 (UTC−06:00)"
    assert exact(NOW.astimezone(ZONE) + timedelta(days=60, seconds=7), ZONE) == "06/04/2022 10:00:07 (UTC−05:00)"


def test_a_role_stands_where_there_is_no_position(paper: ConvocationPaper) -> None:
    paper = replace(paper, addressees=(Named("Beto", Role.TECHNICAL_UNIT, ""),))
    assert "Beto · Instancia interna" in read_docx(convocation_docx(paper))
