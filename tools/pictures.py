"""Make the pictures of the documents in docs/ from the demo's data: all of them marked SIMULACIÓN, SIN VALIDEZ.

    python tools/pictures.py

That of the Word document needs LibreOffice (`soffice`); without it, it stays as it is.
"""

import asyncio
import hashlib
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2

from prep_bot.documents import certificate_of, pdf_of
from prep_bot.documents.convocation_docx import convocation_docx
from prep_bot.domain.role import Permission
from prep_bot.services.identity import Seat
from prep_bot.simulation import script
from prep_bot.simulation.play import Play
from prep_bot.simulation.stage import open_stage

DOCS = Path(__file__).parent.parent / "docs"
SESSION = 4
"""The number of the demo's session whose papers are shown: it has an agenda and an annex."""


async def papers(folder: str) -> dict[str, bytes]:
    """Perform the demo; return its documents by the names of their pictures."""
    zone = script.plan().rules.zone
    start = datetime.fromisoformat(script.OPENING).replace(tzinfo=zone)
    async with open_stage(start, f"sqlite+aiosqlite:///{folder}/demo.sqlite3") as stage:
        play = Play(stage, zone, lambda _: None)
        await script.perform(play)
        services, seat = stage.services, await _secretary(play)
        meeting = await services.meetings.numbered(seat, SESSION)
        convocation = await services.convocations.latest(seat, meeting.id) if meeting else None
        if convocation is None:
            raise LookupError(f"the demo never convenes the session {SESSION}")
        paper = await services.papers.of(seat, convocation)
        constancia, _ = certificate_of(await services.certificates.prepare(seat, convocation))
        return {"convocatoria": pdf_of(paper), "constancia": constancia, "convocatoria-docx": convocation_docx(paper)}


async def _secretary(play: Play) -> Seat:
    for account in play.accounts:
        actor = await play.stage.services.identity.of(account)
        if actor is not None and (seats := actor.seats_with(Permission.CONVENE)):
            return seats[0]
    raise LookupError("nobody convenes at the end of the demo")


def draw(pdf: bytes, picture: Path) -> None:
    """Write the first page of a PDF as a picture."""
    with pypdfium2.PdfDocument(pdf) as document:
        document[0].render(scale=1.25).to_pil().quantize(64).save(picture, optimize=True)
    print(f"{picture}: {hashlib.sha256(picture.read_bytes()).hexdigest()[:8]}, {picture.stat().st_size // 1024} KB")


def as_pdf(docx: bytes, folder: Path) -> bytes | None:
    """Return a Word document as LibreOffice lays it out, None where there is no LibreOffice."""
    program = shutil.which("soffice")
    if program is None:
        return None
    source = folder / "convocatoria.docx"
    source.write_bytes(docx)
    command = [program, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 -- LibreOffice, on a file of our own
    return source.with_suffix(".pdf").read_bytes()


def main() -> None:
    """Draw them all."""
    with TemporaryDirectory() as folder:
        for name, content in asyncio.run(papers(folder)).items():
            pdf = as_pdf(content, Path(folder)) if name.endswith("-docx") else content
            if pdf is None:
                print("convocatoria-docx.png: LibreOffice is not here, so it stays as it was.")
            else:
                draw(pdf, DOCS / f"{name}.png")


if __name__ == "__main__":
    main()
