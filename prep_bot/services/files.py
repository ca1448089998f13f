"""The files that belong to the records: each content is kept once."""

import hashlib

from sqlalchemy.ext.asyncio import AsyncSession

from prep_bot.db.file import StoredFile


async def keep(session: AsyncSession, content: bytes, media_type: str) -> str:
    """Keep a content, in the caller's transaction, unless it is there; return its SHA-256."""
    digest = hashlib.sha256(content).hexdigest()
    if await session.get(StoredFile, digest) is None:
        session.add(StoredFile(sha256=digest, size=len(content), media_type=media_type, content=content))
        await session.flush()
    return digest
