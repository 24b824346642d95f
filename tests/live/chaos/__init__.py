"""The kill test's parts: an installation that can be killed piece by piece, clients, a killer, and what must hold."""
