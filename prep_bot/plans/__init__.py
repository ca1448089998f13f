"""A commission's plan as data: a TOML file, its model, its linter, and its renewal for another process."""
