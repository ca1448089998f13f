"""Data to messages: pure functions, one module per topic, every visible word through gettext."""
