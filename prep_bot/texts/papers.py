"""The papers of a convocation: /documento, the signed one, the PDF, and the session for a calendar."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from prep_bot.domain.meeting import MeetingState
from prep_bot.i18n import t
from prep_bot.services.meetings import MeetingView
from prep_bot.services.papers import ConvocationPaper, Signed, Standing
from prep_bot.texts.actions.calendar import ShowMeeting
from prep_bot.texts.actions.convening import AskSigned, SendCalendar, SendConvocation, SendDocument
from prep_bot.texts.actions.general import RunCommand
from prep_bot.texts.message import Button, Message, Toast, Upload
from prep_bot.texts.pages import shorten, tap

_CHOICES = 40


def choose(commission_id: int, command: str, meetings: Sequence[MeetingView]) -> Message:
    """Ask of which convened session `command` is wanted."""
    if not meetings:
        return Message(t("Todavía no hay sesiones convocadas. Se convoca con /convocar."))
    rows = tuple(
        (tap(f"{m.number}. {shorten(m.name, 40)}", RunCommand(commission_id, command, str(m.number))),)
        for m in meetings[-_CHOICES:]
    )
    return Message(t("¿De qué sesión?"), rows)


def not_convened(meeting: MeetingView) -> Message:
    """Say that there are no papers of a session that was never convened."""
    see = tap(t("Ver sesión"), ShowMeeting(meeting.commission_id, meeting.number))
    return Message(t("La {name} aún no se convoca: todavía no hay documentos.", name=meeting.name), ((see,),))


def document(paper: ConvocationPaper, content: bytes) -> Message:
    """Return the document for Word, and say what to do with it."""
    lines = [_title(paper), *_standing(paper)]
    signable = paper.standing not in {Standing.REPLACED, Standing.CALLED_OFF}
    if paper.signed is not None:
        lines.append(t("La versión firmada ya está aquí; si sube otra, la sustituye."))
    elif signable:
        lines.append(t("Revísela, fírmela y suba aquí el PDF firmado: será el que reciban las personas convocadas."))
    upload = Upload(f"convocatoria-{paper.number}-{paper.year}.docx", content)
    rows = [_pdf_button(paper)]
    if signable:
        rows.insert(0, (tap(t("Subir la firmada"), AskSigned(paper.commission_id, paper.convocation_id)),))
    return Message(Markup("\n").join(lines), tuple(rows), document=upload)


def template_trouble() -> Toast:
    """Say that the institution's own template is at fault, to whoever can do nothing about it."""
    return Toast(
        t("La plantilla del documento tiene un error y no se pudo generar. Avise a quien opera el bot, por favor.")
    )


def ask_signed(paper: ConvocationPaper) -> Message:
    """Ask for the signed document."""
    return Message(
        t(
            "Envíe como archivo el PDF firmado de la <b>convocatoria {number}/{year}</b> ({name}), de hasta 20 MB. "
            "O escriba /cancelar.",
            number=paper.number,
            year=paper.year,
            name=paper.particulars.name,
        )
    )


def not_pdf() -> Message:
    """Say that only a PDF will do."""
    return Message(t("Eso no es un PDF. Envíe el documento firmado como archivo PDF, o escriba /cancelar."))


def too_big() -> Message:
    """Say how large the file may be."""
    return Message(t("El archivo pasa de 20 MB y Telegram no me deja recibirlo. Envíe uno menor, o escriba /cancelar."))


def signed(paper: ConvocationPaper, kept: Signed) -> Message:
    """Confirm that the signed document counts from now on."""
    return Message(
        t(
            "✔️ Recibida la convocatoria {number}/{year} firmada. Desde ahora es la que reciben las personas "
            "convocadas.\nSHA-256: <code>{sha256}</code>",
            number=paper.number,
            year=paper.year,
            sha256=kept.sha256,
        ),
        (_pdf_button(paper),),
    )


def not_to_sign() -> Toast:
    """Say that the convocation is not to be signed any more."""
    return Toast(t("Esa convocatoria se sustituyó o quedó sin efecto: ya no se firma. Consulte /documento."))


def convocation(paper: ConvocationPaper, content: bytes, sha256: str) -> Message:
    """Return the convocation as PDF: the signed one if there is one."""
    lines = [_title(paper), *_standing(paper)]
    if paper.signed is not None:
        lines.append(t("Documento firmado."))
    lines.append(t("SHA-256: <code>{sha256}</code>", sha256=sha256))
    name = f"convocatoria-{paper.number}-{paper.year}{'-firmada' if paper.signed else ''}.pdf"
    return Message(Markup("\n").join(lines), document=Upload(name, content))


def calendar(paper: ConvocationPaper, content: bytes) -> Message:
    """Return the session for a calendar."""
    text = (
        t("La <b>{name}</b> quedó sin efecto: abra el archivo para quitarla de su calendario.", name=_name(paper))
        if paper.standing is Standing.CALLED_OFF
        else t(
            "Abra el archivo para agregar la <b>{name}</b> a su calendario, con avisos un día y una hora antes. "
            "Si la sesión cambia, ábralo de nuevo.",
            name=_name(paper),
        )
    )
    return Message(text, document=Upload(f"sesion-{paper.meeting_number}.ics", content))


def no_such_paper() -> Toast:
    """Say that there is no such convocation to be shown."""
    return Toast(t("Esa convocatoria ya no puede mostrarse. Consulte /calendario."))


def buttons(commission_id: int, convocation_id: int, name: str = "") -> tuple[tuple[Button, ...], ...]:
    """Return the rows of what each convened person may have of a convocation; `name` of its session: of several."""
    calendar = calendar_button(commission_id, convocation_id, name)
    document = tap(_of(t("Convocatoria (PDF)"), name), SendConvocation(commission_id, convocation_id))
    return ((document,), (calendar,)) if name else ((document, calendar),)


def offers(meeting: MeetingView, convocation_id: int) -> tuple[tuple[Button, ...], ...]:
    """Return the rows of papers of a session that was convened: no calendar wants one that is over or called off."""
    (both,) = buttons(meeting.commission_id, convocation_id)
    return (both,) if meeting.state is MeetingState.CONVENED else (both[:1],)


def calendar_button(commission_id: int, convocation_id: int, name: str = "", *, called_off: bool = False) -> Button:
    """Return the button for the session in a calendar, or to take it out of there."""
    label = t("Quitar de mi calendario") if called_off else t("Agregar a mi calendario")
    return tap(_of(label, name), SendCalendar(commission_id, convocation_id))


def _of(label: Markup, name: str) -> Markup:
    return t("{label}: {name}", label=label, name=name) if name else label


def secretary_button(commission_id: int, convocation_id: int) -> Button:
    """Return the button for the document that the secretary signs."""
    return tap(t("Documento (Word)"), SendDocument(commission_id, convocation_id))


def _pdf_button(paper: ConvocationPaper) -> tuple[Button]:
    return (tap(t("Convocatoria (PDF)"), SendConvocation(paper.commission_id, paper.convocation_id)),)


def _title(paper: ConvocationPaper) -> Markup:
    return t(
        "<b>Convocatoria {number}/{year}</b>: {name}, versión {version}.",
        number=paper.number,
        year=paper.year,
        name=_name(paper),
        version=paper.version,
    )


def _name(paper: ConvocationPaper) -> str:
    return shorten(paper.particulars.name, 200)


def _standing(paper: ConvocationPaper) -> Iterator[Markup]:
    if paper.standing is Standing.REPLACED:
        yield t("⚠️ Ya no está vigente: hay una versión posterior.")
    elif paper.standing is Standing.CALLED_OFF:
        yield t("⚠️ Quedó sin efecto: la sesión se canceló o se difirió.")
