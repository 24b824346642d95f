"""Which row each box stands in: cycles opened, then rows chosen so that edges are short."""

from __future__ import annotations

from collections.abc import Sequence


def ranks(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> tuple[dict[str, int], list[bool]]:
    """A row for each node from 0 on, and for each edge whether it goes up.

    `nodes` in the order of the author, which is kept unless another one turns fewer edges round.
    Every edge joins different rows; none goes from a node to itself.
    """
    order = _order(nodes, edges)
    reversed_ = [order[source] > order[target] for source, target in edges]
    downward = [
        (target, source) if back else (source, target)
        for (source, target), back in zip(edges, reversed_, strict=True)
    ]
    return _short(nodes, downward, order), reversed_


def _order(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    written = {name: at for at, name in enumerate(nodes)}
    greedy = {name: at for at, name in enumerate(_greedy(nodes, edges))}

    def against(order: dict[str, int]) -> int:
        return sum(order[source] > order[target] for source, target in edges)

    return greedy if against(greedy) + 2 < against(written) else written


def _greedy(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> list[str]:
    """Eades, Lin and Smyth: sources first, sinks last, else whoever sends most more than it receives."""
    left, right = [], []
    rest = list(nodes)
    open_ = list(edges)
    while rest:
        receives = {name: sum(target == name for _, target in open_) for name in rest}
        sends = {name: sum(source == name for source, _ in open_) for name in rest}
        sink = next((name for name in rest if not sends[name] and receives[name]), None)
        source = next((name for name in rest if not receives[name]), None)
        if source is not None:
            chosen = source
            left.append(chosen)
        elif sink is not None:
            chosen = sink
            right.append(chosen)
        else:
            chosen = max(rest, key=lambda name: sends[name] - receives[name])
            left.append(chosen)
        rest.remove(chosen)
        open_ = [edge for edge in open_ if chosen not in edge]
    return left + right[::-1]


def _short(nodes: Sequence[str], edges: Sequence[tuple[str, str]], order: dict[str, int]) -> dict[str, int]:
    """Longest path first, then every node to the middle of what it is joined to, as long as that helps."""
    rank: dict[str, int] = {}
    above = {name: [source for source, target in edges if target == name] for name in nodes}
    below = {name: [target for source, target in edges if source == name] for name in nodes}
    for name in sorted(nodes, key=lambda one: order[one]):
        rank[name] = max((rank[other] + 1 for other in above[name]), default=0)
    for _ in range(len(nodes)):
        moved = False
        for name in sorted(nodes, key=lambda one: -order[one]):
            if not above[name] and not below[name]:
                continue
            lowest = max((rank[other] + 1 for other in above[name]), default=0)
            highest = min((rank[other] - 1 for other in below[name]), default=max(rank.values()))

            def length(at: int, name: str = name) -> int:
                return sum(abs(at - rank[other]) for other in above[name] + below[name])

            best = min(range(lowest, highest + 1), key=lambda at: (length(at), at))
            if length(best) < length(rank[name]):
                rank[name] = best
                moved = True
        if not moved:
            break
    first = min(rank.values(), default=0)
    return {name: rank[name] - first for name in nodes}
