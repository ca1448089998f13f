"""November and December of 2021."""

from prep_bot.domain.role import Role
from prep_bot.plans.document import PlanDocument
from prep_bot.simulation.play import code_in
from prep_bot.simulation.script.company import PLACE, Company


async def november(company: Company, plan: PlanDocument) -> None:
    """The commission is installed, and its people enrol."""
    play, secretary, presidency = company.play, company.secretary, company.presidency
    play.scene("Noviembre de 2021 · Se instala la Comisión")
    play.tells(
        "Quien opera el bot importa el programa de trabajo y entrega su enlace a la Secretaría Técnica.", secretary
    )
    await play.imports(plan)
    await secretary.enrols(await play.invites(secretary.name, Role.TECHNICAL_SECRETARY))
    await secretary.taps("Qué está pendiente ahora")
    await secretary.taps("diciembre ▶")

    await play.at("2021-11-11 13:20")
    codes = company.codes
    councillors = (presidency, company.councillor_1, company.councillor_2)
    await secretary.says("/integrantes")
    for place, councillor in enumerate(councillors, start=1):
        await secretary.taps(str(place))
        codes[councillor] = code_in(await secretary.taps("Enviar enlace de registro"))
        await secretary.taps("◂ Integrantes")
    codes[company.unit] = await secretary.asks_for_link("Instancia interna", company.unit.name)
    for party in (company.party_1, company.party_2):
        codes[party] = await secretary.asks_for_link("Representación de partido", party.name)
    play.tells("La Secretaría Técnica hace llegar a cada persona su enlace.", *codes)

    await play.at("2021-11-11 16:05")
    await presidency.enrols(codes[presidency])
    await presidency.taps("Qué está pendiente ahora")
    await presidency.taps("diciembre ▶")
    await presidency.taps("2")
    await play.at("2021-11-11 17:40")
    await company.councillor_1.enrols(codes[company.councillor_1])
    await company.councillor_1.taps("La próxima sesión")
    await play.at("2021-11-12 09:10")
    await company.councillor_2.enrols(codes[company.councillor_2])
    await company.councillor_2.says("/actividades")
    await company.councillor_2.taps("Ver más ▸")
    await play.at("2021-11-12 10:30")
    await company.unit.enrols(codes[company.unit])
    await company.unit.says("/ayuda")
    await play.at("2021-11-12 12:15")
    await company.party_1.enrols(codes[company.party_1])
    await company.party_1.says("/calendario")

    await play.at("2021-11-16 10:00")
    company.group = play.group("Comisión del PREP", secretary, *councillors, company.unit, company.party_1)
    play.tells("La Secretaría Técnica reúne a la Comisión en un grupo.", company.group)
    await secretary.adds_bot(company.group)
    await secretary.says("/vincular", company.group)
    play.diary.group_linked_at = play.acted_at
    await presidency.says("Gracias. Buen día a todas y todos.", company.group)
    await company.councillor_1.says("/misdatos", company.group)
    await company.party_1.says("/Pendientes@prep_prueba_bot diciembre", company.group)

    await play.at("2021-11-18 19:32")
    await company.stranger.says("Hola, ¿aquí se puede saber quién va ganando?")
    await company.stranger.says("¿Hay alguien?")


async def december(company: Company) -> None:
    """The first sessions, and the first progress."""
    play, unit, secretary, presidency = company.play, company.unit, company.secretary, company.presidency
    play.scene("Diciembre de 2021 · El plan de trabajo")
    await play.at("2021-12-01 09:06")
    await company.dates(
        2,
        "2021-12-03 12:00",
        "[Fijar fecha: Sesión Extraordinaria]",
        "3 de diciembre a las 12",
        "[Sí, es correcta]",
        "[Presencial]",
        PLACE,
    )
    await company.convenes(2, "[Convocar]", "[Convocar ahora]")
    await company.acknowledge(
        ("2021-12-01 09:20", presidency),
        ("2021-12-01 09:31", unit),
        ("2021-12-01 10:02", company.councillor_2),
    )
    play.tells("Representación 2 aún no se registra: la Secretaría Técnica le notifica por oficio.", secretary)
    await play.at("2021-12-01 13:20")
    await company.notifies(2, "Representación 2", "oficio IEEPCO/CTSPREP/ST/004/2021", "hoy a las 13:00")
    await company.acknowledge(("2021-12-01 19:10", company.party_1))
    await play.at("2021-12-02 08:40")
    await presidency.says("/proxima")
    await presidency.taps("Ver sesión")
    await company.acknowledge(("2021-12-02 09:25", company.councillor_1))
    await play.at("2021-12-03 13:40")
    await company.closes(2)

    await play.at("2021-12-06 10:12")
    await unit.records(1, "🔸 En proceso", "Se elabora el anteproyecto con las áreas técnica y jurídica.")
    await play.at("2021-12-09 10:05")
    await company.dates(
        3,
        "2021-12-17 11:00",
        "/fijar 3 viernes 17 de diciembre a las 11",
        "[Sí, es correcta]",
        "[Como la última: …]",
    )
    await play.at("2021-12-13 11:12")
    await company.convenes(3, "[Convocar]", "[Convocar ahora]")
    await company.acknowledge(("2021-12-13 11:40", presidency), ("2021-12-13 12:10", unit))
    await play.at("2021-12-13 12:30")
    await company.notifies(3, "Representación 2", "correo electrónico", "hoy 12:15")
    await company.acknowledge(("2021-12-13 13:05", company.councillor_2))
    await play.at("2021-12-14 20:34")
    await company.party_1.acknowledges()
    await play.at("2021-12-14 20:41")
    await company.councillor_2.says("/pendiente")
    await company.councillor_2.taps("/pendientes")
    await company.acknowledge(("2021-12-15 08:20", company.councillor_1))
    await play.at("2021-12-15 17:05")
    await unit.says("/registrar")
    await unit.taps("1")
    await unit.taps("✅ Concluida")
    await unit.says("Proyecto entregado a la Secretaría Técnica.")
    await unit.records(2, "✅ Concluida")
    await play.at("2021-12-16 11:03")
    await company.councillor_1.taps("Esta tarde")
    await play.at("2021-12-17 13:05")
    await company.closes(3)
    await play.at("2021-12-20 09:50")
    await secretary.says("/avance")
