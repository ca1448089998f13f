"""Every table: whoever asks the metadata for all of them imports this module."""

from prep_bot.db import (  # noqa: F401
    agenda,
    announcement,
    attendance,
    audit,
    commission,
    convocation,
    dialogue,
    file,
    meeting,
    outbox,
    person,
    petition,
    plan,
    runtime,
)
