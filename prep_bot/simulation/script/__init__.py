"""The scenario of the demo: who does what, and when. The people are the commission's, each called by their part.

The work plan is the real one; the hours, the notes and the dates of the sessions are invented.
"""

from prep_bot.plans.document import PlanDocument
from prep_bot.plans.file import load, packaged
from prep_bot.simulation.play import Play
from prep_bot.simulation.script.autumn import december, november
from prep_bot.simulation.script.company import Company
from prep_bot.simulation.script.spring import april, july, june, may
from prep_bot.simulation.script.winter import february, january, march

OPENING = "2021-11-11 13:00"
"""Wall time of the commission, like every moment here. The commission was installed that day."""
CLOSING = "2022-07-01 09:00"

PARTS = ("Presidencia", "Consejería 1", "Consejería 2")
"""What the people of the plan are called, in the plan's order."""


def plan() -> PlanDocument:
    """Return the real plan, with its people called by their parts."""
    document = load(packaged("ieepco-prep-2021-2022"))
    people = tuple(
        entry.model_copy(update={"name": part, "title": None})
        for entry, part in zip(document.people, PARTS, strict=True)
    )
    return document.model_copy(update={"people": people})


async def perform(play: Play) -> None:
    """Play it all, from the installation to the last morning."""
    company = Company(
        play,
        presidency=play.player("Presidencia"),
        councillor_1=play.player("Consejería 1"),
        councillor_2=play.player("Consejería 2"),
        secretary=play.player("Secretaría Técnica"),
        unit=play.player("Instancia interna"),
        party_1=play.player("Representación 1"),
        party_2=play.player("Representación 2"),
        party_2_new=play.player("Representación 2 (nueva)"),
        guest=play.player("Persona invitada"),
        stranger=play.player("Persona ajena"),
    )
    await november(company, plan())
    for scene in (december, january, february, march, april, may, june, july):
        await scene(company)
    await play.at(CLOSING)
