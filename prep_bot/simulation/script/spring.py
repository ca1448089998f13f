"""From April of 2022 to the first morning of July."""

from prep_bot.domain.meeting import MeetingKind
from prep_bot.simulation.expectation.history import Act
from prep_bot.simulation.play import code_in
from prep_bot.simulation.script.company import Company


async def april(company: Company) -> None:
    """A lost phone, and a session that is deferred."""
    play, unit, secretary = company.play, company.unit, company.secretary
    play.scene("Abril de 2022 · Un teléfono perdido y una sesión diferida")
    await play.at("2022-04-04 10:15")
    new_phone = play.player(company.councillor_2.name, account="Consejería 2 (otro teléfono)")
    play.tells("Consejería 2 perdió su teléfono y cambió de número: pide otro enlace.", company.councillor_2, secretary)
    company.councillor_2 = new_phone
    await secretary.says("/integrantes")
    await secretary.taps("3")
    code = code_in(await secretary.taps("Nuevo enlace (cambió de teléfono)"))
    await play.at("2022-04-04 11:02")
    await new_phone.enrols(code)
    await new_phone.taps("Qué está pendiente ahora")
    await play.at("2022-04-08 13:00")
    await unit.records(22, "🔸 En proceso")
    await play.at("2022-04-18 10:05")
    await company.dates(
        8,
        "2022-04-22 12:00",
        "[Fijar fecha]",
        "el viernes 22 de abril a mediodía",
        "[Sí, es correcta]",
        "[Como la última: …]",
    )
    await company.convenes(8, "[Convocar]", "[Convocar ahora]")
    await company.acknowledge(
        ("2022-04-18 10:25", company.presidency),
        ("2022-04-18 11:00", unit),
        ("2022-04-18 12:17", new_phone),
        ("2022-04-18 13:40", company.party_2),
        ("2022-04-18 19:55", company.councillor_1),
    )
    await play.at("2022-04-20 17:30")
    await secretary.talks(
        "/sesion 8",
        "[Diferir]",
        "La sala no estará disponible por mantenimiento eléctrico.",
        "[Sí, diferir]",
    )
    play.notes(8, Act.DEFERRED)
    await play.at("2022-04-20 18:05")
    await company.dates(
        8,
        "2022-04-27 12:00",
        "[Fijar nueva fecha]",
        "miércoles 27 de abril, 12:00",
        "[Sí, es correcta]",
        "[Como la última: …]",
    )
    await play.at("2022-04-21 09:15")
    await company.convenes(8, "/convocar", "[Convocar ahora]")
    await company.acknowledge(
        ("2022-04-21 09:31", company.presidency),
        ("2022-04-21 09:50", unit),
        ("2022-04-21 10:12", new_phone),
        ("2022-04-21 11:45", company.party_1),
        ("2022-04-21 12:20", company.party_2),
        ("2022-04-22 18:02", company.councillor_1),
    )
    await play.at("2022-04-26 17:20")
    for number in (22, 23, 24, 25):
        await unit.records(number, "✅ Concluida")
    await unit.records(26, "🔸 En proceso", "La prueba se reprogramó para la primera semana de mayo.")
    await play.at("2022-04-27 13:30")
    await company.closes(8)
    await play.at("2022-04-28 09:05")
    await new_phone.says("/avance")


async def may(company: Company) -> None:
    """A representative is replaced; the rehearsals of the count; a session convened at night."""
    play, unit, secretary = company.play, company.unit, company.secretary
    play.scene("Mayo de 2022 · Los simulacros")
    await play.at("2022-05-02 08:40")
    await company.presidency.says("/pendientes")
    await company.presidency.taps("26")
    await play.at("2022-05-06 18:30")
    await unit.records(26, "✅ Concluida", "Prueba realizada sin incidencias.")
    await play.at("2022-05-09 12:00")
    play.tells("Un partido sustituye a su representante.", company.party_2, company.party_2_new, secretary)
    await secretary.says("/integrantes")
    await secretary.taps("6")
    await secretary.taps("Sustituir")
    await secretary.taps("Hoy")
    code = code_in(await secretary.says(company.party_2_new.name))
    await play.at("2022-05-09 13:15")
    await company.party_2_new.enrols(code)
    await company.party_2_new.taps("La próxima sesión")
    await play.at("2022-05-10 09:00")
    await company.party_2.says("/pendientes")
    await play.at("2022-05-12 11:30")
    await secretary.talks(
        "/aviso",
        "El primer simulacro del PREP será el domingo 15 de mayo a las 10:00 h, en el CATD central. "
        "Quienes deseen observarlo pueden llegar desde las 9:30 h.",
        "[A todas las personas]",
        "[Enviar]",
        "[Actualizar informe]",
    )
    await play.at("2022-05-16 19:00")
    await unit.records(27, "🔸 En proceso", "Primer simulacro realizado.")
    await play.at("2022-05-17 10:00")
    await company.dates(
        9,
        "2022-05-26 11:00",
        "/fijar 9",
        "jueves 26",
        "11 de la mañana",
        "[Sí, es correcta]",
        "[Mixta]",
        "[Como la última: …]",
        "https://videoconferencia.example/ctsprep-7",
    )
    await company.party_1.says("/pendientes mayo", company.group)
    await play.at("2022-05-19 21:30")
    await company.convenes(9, "/convocar", "[A las …]", sends="2022-05-20 08:00")
    await company.acknowledge(
        ("2022-05-20 08:12", company.presidency),
        ("2022-05-20 08:40", unit),
        ("2022-05-20 09:05", company.councillor_2),
        ("2022-05-20 10:30", company.party_2_new),
        ("2022-05-21 09:15", company.councillor_1),
        ("2022-05-21 12:00", company.party_1),
    )
    await play.at("2022-05-25 21:30")
    await company.councillor_1.says("/proxima")
    await play.at("2022-05-26 13:10")
    await company.closes(9, "Asistieron todas las personas integrantes.")
    await play.at("2022-05-30 18:00")
    await unit.records(27, "✅ Concluida", "Se realizaron los tres simulacros.")
    for number in (28, 29, 30):
        await unit.records(number, "✅ Concluida")


async def june(company: Company) -> None:
    """After election day: the reports."""
    play, unit, secretary = company.play, company.unit, company.secretary
    play.scene("Junio de 2022 · Los informes finales")
    await play.at("2022-06-05 08:00")
    play.tells("Es domingo 5 de junio: hoy es la Jornada Electoral.")
    await petition(company)
    await play.at("2022-06-10 11:30")
    await unit.records(31, "✅ Concluida")
    await play.at("2022-06-14 10:00")
    await company.dates(
        10,
        "2022-06-23 11:00",
        "/fijar 10 el 23 de junio a las 11 de la mañana",
        "[Sí, es correcta]",
        "[Presencial]",
        "[Como la última: …]",
    )
    await company.presidency.says("/proxima")
    await play.at("2022-06-16 10:00")
    await company.convenes(10, "/convocar", "[Convocar ahora]")
    await company.acknowledge(
        ("2022-06-16 10:15", company.presidency),
        ("2022-06-16 10:32", company.councillor_1),
        ("2022-06-16 11:10", unit),
        ("2022-06-16 13:24", company.councillor_2),
        ("2022-06-16 18:05", company.party_1),
        ("2022-06-17 11:40", company.party_2_new),
    )
    await play.at("2022-06-22 16:10")
    await unit.records(33, "✅ Concluida", "Listo para su presentación en la sesión.")
    await unit.records(32, "🔸 En proceso", "En espera del documento del COTAPREP.")
    await play.at("2022-06-24 10:00")
    await company.closes(10)
    await secretary.talks("/envios", "/asistencias")
    await company.presidency.says("/calendario", company.group)
    await play.at("2022-06-24 10:30")
    await secretary.says("/constancia 6")
    data = await secretary.taps("Datos para verificarla (JSON)")
    if data.file is not None:
        await play.checks(data.file.data)
    await play.at("2022-06-27 19:45")
    await company.party_1.says("/misdatos")
    await company.party_1.taps("Borrar mis datos de contacto")
    await company.party_1.taps("No, conservarlos")


async def petition(company: Company) -> None:
    """Two of the three who vote ask for an extraordinary session: that is the majority."""
    play, secretary = company.play, company.secretary
    await play.at("2022-06-07 09:40")
    await company.councillor_1.talks(
        "/solicitar Revisión de las incidencias en la publicación de resultados preliminares",
        "Conviene conocerlas antes de que se rinda el informe final.",
        "[Firmar y presentar]",
    )
    await play.at("2022-06-07 10:25")
    await company.councillor_2.taps("Firmar")
    await play.at("2022-06-07 10:50")
    await company.adds(
        11,
        MeetingKind.EXTRAORDINARY,
        "2022-06-09 10:00",
        "[Preparar la sesión]",
        "jueves 9 de junio a las 10",
        "[Sí, es correcta]",
        "[Presencial]",
        "[Como la última: …]",
        "[Agregar]",
    )
    await company.convenes(11, "[Convocar]", "[Convocar ahora]")
    await company.acknowledge(
        ("2022-06-07 11:05", company.councillor_1),
        ("2022-06-07 11:12", company.presidency),
        ("2022-06-07 11:40", company.unit),
        ("2022-06-07 12:20", company.councillor_2),
        ("2022-06-07 17:10", company.party_1),
        ("2022-06-07 18:30", company.party_2_new),
    )
    await play.at("2022-06-09 11:30")
    await company.closes(11)
    await secretary.says("/solicitudes")


async def july(company: Company) -> None:
    """The morning after the last deadline."""
    play = company.play
    await play.at("2022-07-01 00:00")  # what the bot says in the last days of June is no part of the scene
    play.scene("Julio de 2022 · El balance")
    await play.at("2022-07-01 08:30")
    await company.presidency.says("/avance")
