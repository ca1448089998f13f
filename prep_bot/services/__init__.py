"""Use cases, one noun per module: the only code that commits. They take and return plain frozen data."""
