"""What the tests of the services share: a plan of a few lines, which they edit, and people who enrol."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from prep_bot.domain.role import Role
from prep_bot.plans.document import PlanDocument
from prep_bot.services.container import Services
from prep_bot.services.identity import Seat

ZONE = ZoneInfo("America/Mexico_City")
NOW = datetime(2022, 2, 5, 10, tzinfo=ZONE)
SINCE = date(2022, 1, 10)

Entry = dict[str, Any]


def activity(key: str, month: str = "2022-02", **more: Any) -> Entry:
    return {"key": key, "month": month, "text": f"Actividad {key}"} | more


def meeting(key: str, month: str = "2022-02", **more: Any) -> Entry:
    return {"key": key, "kind": "ordinary", "name": f"Sesión {key}", "month": month, "topics": ["Lista"]} | more


def person(key: str, name: str, role: Role = Role.MEMBER, since: date = SINCE, **more: Any) -> Entry:
    return {"key": key, "name": name, "role": role.value, "since": since} | more


def plan(key: str = "obra", **sections: Any) -> PlanDocument:
    """Return a plan of those sections, which is small where they do not say otherwise."""
    short_name = sections.pop("short_name", key.capitalize())
    whole = {
        "format": 1,
        "commission": {
            "key": key,
            "name": f"Comisión de {short_name}",
            "short_name": short_name,
            "institution": "Instituto",
            "process": "Proceso 2022",
        },
        "activities": [activity("planos"), activity("permisos"), activity("informe", "2022-03")],
        "sessions": [meeting("primera"), meeting("segunda", "2022-03")],
        "people": [],
        "rules": {"privacy": {"notice": "Se guarda su nombre y su identificador de Telegram."}},
    }
    return PlanDocument.model_validate(whole | sections)


async def enrol(services: Services, name: str, role: Role, telegram_id: int, commission_id: int = 1) -> Seat:
    """Enrol somebody as they would by their invitation; return their seat."""
    made = await services.invitations.create(commission_id, name, role, by=None)
    await services.invitations.accept(made.code, telegram_id)
    actor = await services.identity.of(telegram_id)
    assert actor is not None
    return next(seat for seat in actor.seats if seat.commission_id == commission_id)
