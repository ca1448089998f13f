"""January, February and March of 2022."""

from prep_bot.simulation.expectation.history import Act
from prep_bot.simulation.faults import FloodWait, ServerError, TimeOut
from prep_bot.simulation.play import code_in
from prep_bot.simulation.script.company import Company


async def january(company: Company) -> None:
    """A slip that is undone, a session, a group that becomes a supergroup, and an answer that is lost on the way."""
    play, unit, councillor = company.play, company.unit, company.councillor_1
    play.scene("Enero de 2022 · Los primeros proyectos")
    await play.at("2022-01-10 08:45")
    await company.presidency.says("pendientes")
    await company.presidency.taps("◀ diciembre")
    await company.presidency.taps("enero ▶")
    await play.at("2022-01-14 12:20")
    await unit.records(4, "🔸 En proceso", "En revisión jurídica.")
    await play.at("2022-01-18 09:40")
    await company.dates(
        4,
        "2022-01-27 11:00",
        "[Fijar fecha]",
        "jueves 27 de enero 11 hrs",
        "[Sí, es correcta]",
        "[Como la última: …]",
    )
    play.tells("El grupo se convierte en supergrupo, y su identificador cambia: el bot lo sigue.", company.group)
    await play.migrates(company.group)
    await play.at("2022-01-19 09:15")
    await councillor.says("/proxima", company.group)

    await agenda(company)
    await play.at("2022-01-20 17:40")
    play.tells(
        "La respuesta de Telegram a un envío se pierde: el bot no puede saber si llegó y prefiere repetirlo.",
        company.councillor_2,
    )
    company.councillor_2.misses(TimeOut(delivered=True))
    await company.convenes(4, "/convocar", "[Convocar ahora]")
    await play.at("2022-01-20 17:50")
    await company.notifies(4, "Representación 2", "oficio IEEPCO/CTSPREP/ST/002/2022", "hoy 17:45")
    await play.at("2022-01-20 18:02")
    await unit.acknowledges()
    await unit.records(3, "✅ Concluida")
    await unit.says("/registrar")
    await unit.taps("5")
    await unit.taps("✅ Concluida")
    await unit.taps("Deshacer")
    await unit.records(6, "✅ Concluida", "Con visto bueno del área jurídica.")
    await company.acknowledge(
        ("2022-01-20 18:30", company.presidency),
        ("2022-01-20 19:15", company.councillor_2),
        ("2022-01-21 08:05", company.party_1),
        ("2022-01-21 18:20", councillor),
    )
    await correction(company)
    play.stage.telegram.fail_next("sendMessage", FloodWait(7), chat=company.group)
    await play.at("2022-01-26 21:14")
    await councillor.says("¿cuándo es la sesión?")
    await councillor.says("próxima")
    await play.at("2022-01-27 13:20")
    await company.closes(4)
    await play.at("2022-01-31 16:30")
    await unit.records(7, "✅ Concluida")


async def agenda(company: Company) -> None:
    """The secretary draws up the agenda, with an annex."""
    await company.play.at("2022-01-20 12:10")
    await company.secretary.talks("/orden 4", "[Elaborar con los puntos usuales]", "[6]", "[📎 Agregar anexo]")
    await company.secretary.sends("Proyecto de instrumento jurídico.pdf", paper("Primera versión"))


async def correction(company: Company) -> None:
    """An annex is replaced after the session was convened: everyone is told, and what they acknowledged stands."""
    play, secretary = company.play, company.secretary
    await play.at("2022-01-24 10:20")
    await secretary.sends("Proyecto de instrumento jurídico.pdf", paper("Versión con observaciones"))
    await secretary.talks(
        "[4. Segunda…]",
        "[6. Aprobación…]",
        "[Reemplaza a …]",
        "[Comunicar los cambios]",
        "[Es una corrección]",
        "El área jurídica envió observaciones al proyecto.",
        "[Sí, …]",
    )
    play.notes(4, Act.CORRECTED, by=secretary.name)


def paper(words: str) -> bytes:
    """Return a document of that content: only its bytes matter here."""
    return f"%PDF-1.4\n% SIMULACIÓN, SIN VALIDEZ: {words}\n%%EOF\n".encode()


async def february(company: Company) -> None:
    """Something is overdue; a representative who comes late; a guest, for one session, which moves."""
    play, unit, secretary, presidency = company.play, company.unit, company.secretary, company.presidency
    play.scene("Febrero de 2022 · Dos sesiones y lo que quedó vencido")
    await play.at("2022-02-01 09:30")
    await presidency.says("/pendientes")
    await presidency.taps("4")
    await play.at("2022-02-03 10:00")
    await company.dates(5, "2022-02-10 11:00", "/fijar 5 10/02/2022 11:00", "[Sí, es correcta]", "[Como la última: …]")
    await unit.records(8, "🔸 En proceso")
    await unit.records(13, "✅ Concluida", "Se designó por acuerdo del Consejo General.")
    await play.at("2022-02-04 12:00")
    await company.convenes(5, "/convocar 5", "[Convocar ahora]")
    await company.acknowledge(
        ("2022-02-04 12:15", presidency),
        ("2022-02-04 12:40", unit),
        ("2022-02-04 14:02", company.councillor_1),
        ("2022-02-04 18:31", company.councillor_2),
        ("2022-02-05 13:10", company.party_1),
    )

    await play.at("2022-02-07 09:40")
    late = company.party_2
    await late.says(f"/start {company.codes[late]}")
    play.tells("Representación 2 dejó vencer su enlace: la Secretaría Técnica le envía otro.", late, secretary)
    await secretary.says("/integrantes")
    await secretary.taps("6")
    code = code_in(await secretary.taps("Enviar enlace de registro"))
    await play.at("2022-02-07 10:04")
    await late.enrols(code)
    await play.at("2022-02-07 10:09")
    await late.acknowledges()
    await late.says("/pendientes")
    await play.at("2022-02-08 13:10")
    await unit.records(4, "✅ Concluida", "Firmado por ambas partes.")
    await unit.records(5, "✅ Concluida")
    await play.at("2022-02-08 19:22")
    await company.councillor_2.says("/ajustes")
    await company.councillor_2.taps("✔️ Recordatorio una hora antes")
    await quorum(company)
    await play.at("2022-02-10 13:00")
    await company.closes(5)

    await play.at("2022-02-15 10:00")
    await company.dates(
        6, "2022-02-24 11:00", "[Fijar fecha]", "jueves 24 a las 11 am", "[Sí, es correcta]", "[Como la última: …]"
    )
    await play.at("2022-02-15 12:00")
    await secretary.says("/invitar")
    await secretary.taps("Persona invitada")
    await secretary.taps("6. Cuarta sesión ordinaria")
    code = code_in(await secretary.says(company.guest.name))
    play.diary.invited[company.guest.name] = frozenset({6})
    await play.at("2022-02-15 18:25")
    await company.guest.enrols(code)
    await company.guest.taps("La próxima sesión")
    await company.guest.says("/pendientes")
    await play.at("2022-02-17 10:30")
    await company.convenes(6, "/convocar", "[Convocar ahora]")
    await company.acknowledge(
        ("2022-02-17 10:44", presidency),
        ("2022-02-17 11:20", unit),
        ("2022-02-17 12:05", company.councillor_2),
        ("2022-02-17 16:48", company.party_2),
        ("2022-02-17 18:30", company.councillor_1),
        ("2022-02-18 09:00", company.guest),
        ("2022-02-18 11:15", company.party_1),
    )
    await play.at("2022-02-18 14:00")
    for number in (8, 9, 10):
        await unit.records(number, "✅ Concluida")
    await unit.records(14, "🔸 En proceso", "Faltan las observaciones de un Consejo Distrital.")
    unit.misses(ServerError(502))
    await play.at("2022-02-21 18:10")
    await secretary.talks(
        "/sesion 6",
        "[Mover]",
        "viernes 25 de febrero, 11:00",
        "[Sí, es correcta]",
        "[Conservar: …]",
        "[Es una convocatoria nueva]",
        "El Consejo General sesiona el jueves a la misma hora.",
        "[Sí, mover]",
    )
    play.notes(6, Act.MOVED, "2022-02-25 11:00", by=secretary.name)
    await company.acknowledge(
        ("2022-02-21 18:22", presidency),
        ("2022-02-21 18:40", unit),
        ("2022-02-21 19:03", company.guest),
        ("2022-02-21 19:30", company.councillor_2),
        ("2022-02-22 08:45", company.councillor_1),
        ("2022-02-22 10:10", company.party_2),
        ("2022-02-22 20:05", company.party_1),
    )
    await play.at("2022-02-23 20:05")
    await company.councillor_2.says("/sesion 6")
    await roll_call(company)
    await play.at("2022-02-25 13:15")
    await secretary.talks("[Cerrar la sesión]", "[Sin observaciones]")
    play.notes(6, Act.HELD)
    await play.at("2022-02-25 17:30")
    for number in (11, 12, 15):
        await unit.records(number, "✅ Concluida")
    await play.at("2022-02-25 18:15")
    await company.councillor_1.says("/actividad 14")
    await play.at("2022-02-28 09:30")
    await secretary.says("/integrantes")
    await secretary.taps("8")
    await secretary.taps("Dar de baja")
    await secretary.taps("Hoy")


async def roll_call(company: Company) -> None:
    """The secretary takes the roll on their phone, and declares the quorum."""
    await company.play.at("2022-02-25 10:58")
    await company.secretary.talks(
        "/asistencia",
        "[▫️ Presidencia · voto]",
        "[▫️ Consejería 1 · voto]",
        "[▫️ Secretaría Técnica]",
        "[▫️ Instancia interna]",
        "[▫️ Representación 2]",
        "[A distancia]",
        "[▫️ Persona invitada]",
        "[Justificada]",
        "[▫️ Representación 1]",
    )
    await company.play.at("2022-02-25 11:03")
    await company.secretary.taps("Declarar quórum")
    company.play.notes(6, Act.GATHERED)
    await company.play.at("2022-02-25 11:25")
    await company.secretary.taps("▫️ Consejería 2 · voto")


async def quorum(company: Company) -> None:
    """Two of the three who vote will not come: the session is held at a distance too, and its quorum is rescued."""
    play, secretary = company.play, company.secretary
    await play.at("2022-02-09 09:05")
    await company.presidency.taps("Asistiré")
    await company.councillor_1.talks("[No asistiré]", "Estaré de comisión fuera de la ciudad.")
    await play.at("2022-02-09 09:20")
    await company.councillor_2.talks("[No asistiré]", "[Omitir motivo]")
    await play.at("2022-02-09 09:31")
    await secretary.talks(
        "[A distancia]",
        "[Mixta]",
        "[Conservar: …]",
        "https://videoconferencia.example/ctsprep-3",
        "[Es una convocatoria nueva]",
        "Dos personas integrantes asistirán a distancia.",
        "[Sí, cambiar]",
    )
    play.notes(5, Act.MOVED, "2022-02-10 11:00", by=secretary.name)
    await company.acknowledge(
        ("2022-02-09 09:50", company.presidency),
        ("2022-02-09 10:02", company.unit),
        ("2022-02-09 10:15", company.councillor_1),
        ("2022-02-09 10:40", company.councillor_2),
        ("2022-02-09 12:30", company.party_2),
        ("2022-02-09 13:05", company.party_1),
    )
    for councillor in (company.councillor_1, company.councillor_2):
        await councillor.taps("A distancia")
    await company.presidency.taps("Asistiré")


async def march(company: Company) -> None:
    """Somebody blocks the bot, and comes back; then the bot itself is away for three days."""
    play, unit, secretary, late = company.play, company.unit, company.secretary, company.councillor_1
    play.scene("Marzo de 2022 · Alguien bloquea el bot, y el bot se detiene tres días")
    await play.at("2022-03-01 09:20")
    await company.presidency.says("/pendientes")
    await play.at("2022-03-02 11:20")
    await unit.records(14, "✅ Concluida", "Recibidas las últimas observaciones.")
    await play.at("2022-03-08 18:10")
    await company.party_1.blocks()
    await play.at("2022-03-09 08:35")
    await secretary.says("/integrantes")
    await play.at("2022-03-14 16:00")
    await unit.records(20, "➖ No aplica", "Los simulacros son los de mayo: actividad 27.")
    await unit.records(16, "🔸 En proceso")
    await play.at("2022-03-18 09:45")
    await company.dates(
        7,
        "2022-03-29 11:00",
        "[Fijar fecha]",
        "martes 29 de marzo 11:00 hrs",
        "[Sí, es correcta]",
        "[Como la última: …]",
    )
    await play.at("2022-03-22 10:00")
    await company.convenes(7, "/convocar", "[Convocar ahora]")
    await company.councillor_2.says("/proxima", company.group)
    await company.acknowledge(
        ("2022-03-22 10:18", company.presidency),
        ("2022-03-22 10:51", unit),
        ("2022-03-22 12:33", company.councillor_2),
    )
    await play.at("2022-03-24 09:20")
    await company.party_1.unblocks()
    await company.party_1.says("/start")
    await play.at("2022-03-24 09:26")
    await company.party_1.acknowledges()
    await play.at("2022-03-25 15:45")
    for number in (16, 17, 18):
        await unit.records(number, "✅ Concluida")

    await play.at("2022-03-26 09:30")
    play.tells("El servidor en el que vive el bot se queda sin energía: el bot se detiene tres días.")
    await play.goes_down()
    await play.at("2022-03-28 20:10")
    await late.acknowledges()
    await play.at("2022-03-29 09:30")
    play.tells("El bot vuelve: cada persona recibe en un solo mensaje lo que sigue vigente.")
    await play.comes_up()
    await company.acknowledge(("2022-03-29 09:41", company.party_2))
    await play.at("2022-03-29 13:00")
    await company.closes(7)
    await play.at("2022-03-30 17:10")
    await unit.records(19, "✅ Concluida")
    await unit.records(21, "✅ Concluida")
    await play.at("2022-03-31 09:00")
    await secretary.says("/avance")
