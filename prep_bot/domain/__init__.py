"""The rules of a commission, pure: no database, no network, no clock of their own."""
