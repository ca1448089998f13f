"""What the bot does by itself: a few jobs that ask services what is due, and drain the outbox."""
