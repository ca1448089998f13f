"""Alembic's entry: always in process, on the connection that `prep_bot.db.migrate` holds under its lock."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import TypeDecorator
from sqlmodel import SQLModel

from prep_bot.db import tables  # noqa: F401


def plain_type(kind: str, item: object, _: AutogenContext) -> str | Literal[False]:
    """Write our column types as what the database stores: a migration must not change when the program does."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=plain_type,
)
with context.begin_transaction():
    context.run_migrations()
