"""A convocation as its documents are given it."""

from datetime import datetime

import pytest

from prep_bot.domain.meeting import MeetingKind, Modality
from prep_bot.domain.particulars import Paper, Particulars, Point
from prep_bot.domain.role import Role
from prep_bot.services.papers import ConvocationPaper, Named, Standing
from tests.support.small_plan import ZONE

AWKWARD = """Núñez <3 & "Peña" {{ 7 * 7 }}"""
"""What a name may hold that means something to HTML, to Word or to a template."""


@pytest.fixture
def paper() -> ConvocationPaper:
    particulars = Particulars(
        kind=MeetingKind.ORDINARY,
        name="Segunda sesión ordinaria",
        starts_at=datetime(2022, 2, 24, 11, tzinfo=ZONE),
        modality=Modality.MIXED,
        place="Sala de sesiones, calle 5; piso 2, Oaxaca",
        link="https://video.example.org/j/123?pwd=abc",
        points=(
            Point(text="Lista de asistencia."),
            Point(
                text=f"Informe de {AWKWARD}",
                papers=(Paper(series=1, version=2, name="informe <3.pdf", sha256="ab" * 32, size=123_456),),
            ),
        ),
        papers=(Paper(series=2, version=1, name="programa.docx", sha256="cd" * 32, size=999),),
    )
    return ConvocationPaper(
        convocation_id=7,
        commission_id=1,
        meeting_id=5,
        meeting_number=5,
        institution="Instituto Estatal Electoral",
        commission="Comisión del PREP",
        process="Proceso 2021-2022",
        city="Oaxaca de Juárez, Oaxaca",
        number=3,
        year=2022,
        version=2,
        correction=False,
        reason="La sala no estará disponible.",
        made_at=datetime(2022, 2, 18, 10, tzinfo=ZONE),
        sends_at=datetime(2022, 2, 18, 10, tzinfo=ZONE),
        zone=ZONE,
        particulars=particulars,
        addressees=(
            Named("Mtra. Carmelita Sibaja Ochoa", Role.PRESIDENCY, "Consejera Presidenta de la Comisión"),
            Named(AWKWARD, Role.PARTY_REPRESENTATIVE, ""),
        ),
        legal_basis="Mediante acuerdo IEEPCO-CG-108/2021 se aprobó su integración.",
        convening="Las Sesiones Ordinarias serán convocadas por la Secretaría Técnica.",
        term={},
        term_reason="",
        made_by=Named("Ana López Ríos", Role.TECHNICAL_SECRETARY, ""),
        standing=Standing.IN_FORCE,
        ended_at=None,
        signed=None,
        uid="prep.segunda",
        simulated=False,
    )
