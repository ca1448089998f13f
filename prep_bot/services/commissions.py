"""Which commissions there are."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import col

from prep_bot.db.commission import Commission
from prep_bot.db.engine import Database
from prep_bot.domain.rules import Rules


@dataclass(frozen=True)
class CommissionView:
    """A commission, for the operator."""

    id: int
    key: str
    short_name: str
    zone: ZoneInfo


class Commissions:
    """Lists commissions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> tuple[CommissionView, ...]:
        """Return all of them, the first imported first."""
        query = select(
            col(Commission.id), col(Commission.key), col(Commission.short_name), col(Commission.rules)
        ).order_by(col(Commission.id))
        async with self._database.read() as session:
            rows = (await session.execute(query)).all()
        return tuple(
            CommissionView(row.id, row.key, row.short_name, Rules.model_validate(row.rules).zone) for row in rows
        )
