"""A copy of the database, to try something that must leave no trace: no table, no migration, no stamp of a clock."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import make_url


@contextmanager
def scratch(url: str) -> Iterator[str]:
    """Give the address of a copy of that SQLite database, an empty one if there is none; it is thrown away then.

    A server's database is given as it is: there a transaction that is rolled back has to do.
    """
    address = make_url(url)
    if not url.startswith("sqlite") or not address.database:
        yield url
        return
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.sqlite3"
        file = Path(address.database)
        if file.exists():
            source = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
            with closing(source), closing(sqlite3.connect(copy)) as target:
                source.backup(target)
        yield address.set(database=str(copy)).render_as_string(hide_password=False)
