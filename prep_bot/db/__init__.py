"""The database: engine, column types, tables (a file per aggregate) and migrations."""
