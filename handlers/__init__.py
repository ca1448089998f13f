"""Telegram in: find out who speaks, check the role, call one service, render. One module per command family."""
