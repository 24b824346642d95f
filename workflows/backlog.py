"""The entries a run still has to see recorded: pure bookkeeping, tested without a server."""

from __future__ import annotations

from collections.abc import Iterable

from domain.engine.entries import Entry


class Backlog:
    """Journal entries above `floor`, contiguous and in order.

    Everything up to `floor` is in the row, and the deliveries it caused are known to this run. `acked` is how far
    the row is known to be; entries between the two are in the row, but nobody has asked for their deliveries yet.
    """

    def __init__(self, acked_seq: int, unrecorded: Iterable[Entry]) -> None:
        self.floor = acked_seq
        self.acked = acked_seq
        self._entries = list(unrecorded)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Everything above the floor."""
        return tuple(self._entries)

    def add(self, entries: Iterable[Entry]) -> None:
        """Append what the engine just decided."""
        self._entries.extend(entries)

    def above(self, seq: int) -> tuple[Entry, ...]:
        """The entries above a sender's `acked_seq`, as far as they are still here (the row has the others)."""
        return tuple(entry for entry in self._entries if entry.seq > seq)

    def unrecorded(self) -> tuple[Entry, ...]:
        """The entries the row is not known to have."""
        return self.above(self.acked)

    def acknowledge(self, seq: int) -> None:
        """The row has everything up to `seq`. What caused no effect is finished with."""
        self.acked = max(self.acked, seq)
        while self._entries and self._entries[0].seq <= self.acked and not self._entries[0].effects:
            self.floor = self._entries.pop(0).seq

    def recorded(self, seq: int) -> None:
        """`record` came back: the row has everything up to `seq`, and its deliveries are known."""
        self.acked = max(self.acked, seq)
        self.floor = max(self.floor, seq)
        self._entries = [entry for entry in self._entries if entry.seq > self.floor]

    def wants_recording(self) -> bool:
        """Whether nobody else will see to it: timer entries nobody was answered with, and entries with effects.

        The entry of a command without effects is appended by whoever sent the command.
        """
        return any(
            entry.effects or (entry.command is None and entry.seq > self.acked) for entry in self._entries
        )
