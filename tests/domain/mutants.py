"""`make mutants`: which small changes of the core no test would notice.

mutmut writes the mutants. They are run here, since a whole run has to be cheap: the tests are collected and timed
once, then each mutant gets a fork of that process, which runs only the tests that reach its function, those that
killed a neighbour first, and stops at the first that fails. A fork may use so much processor time and no more: a
machine that is busy elsewhere kills nothing.

A sample is drawn so that each of its beginnings is one too: within each module the mutants are shuffled by the seed,
and all modules are gone through at the pace of their sizes. So it can be stopped, and gone on with, at any time.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from fnmatch import fnmatch
from io import StringIO
from itertools import accumulate
from math import sqrt
from pathlib import Path
from random import Random
from time import process_time, time

import pytest
from _pytest.runner import runtestprotocol
from mutmut.__main__ import create_mutants
from mutmut.configuration import config
from mutmut.mutation.data import SourceFileMutationData
from mutmut.state import state
from mutmut.utils.file_utils import copy_also_copy_files, copy_src_dir, walk_mutatable_files

LONGEST = 10.0  # seconds of processor for one mutant, as its tests take while it is noted what they reach
_HOPELESS = 3  # a test that has killed nothing yet is tried like one that takes so many times as long
UNDER_TEST = "MUTANT_UNDER_TEST"  # mutmut's word to its mutants
KILLED, SURVIVED, UNREACHED, OUT_OF_TIME = 1, 0, 33, 36  # mutmut's numbers, which `mutmut results` reads
WORDS = {KILLED: "killed", SURVIVED: "survived", UNREACHED: "no test", OUT_OF_TIME: "out of time"}


def main() -> None:
    asked = argparse.ArgumentParser(prog="make mutants", description=__doc__.partition("\n")[0])
    asked.add_argument("names", nargs="*", default=["*"], help="names with *, as domain.engine.clocks*")
    asked.add_argument("--sample", type=int, help="only so many, drawn over all modules")
    asked.add_argument("--seed", type=int, default=1, help="of the sample")
    asked.add_argument("--again", action="store_true", help="also what was run before; else only what is new")
    asked.add_argument("--survivors", action="store_true", help="only what survived before")
    asked.add_argument("--tests", nargs="+", help="judge by these tests only; else by those of the room")
    options = asked.parse_args()
    root = Path.cwd()
    chosen = _choose(_written(), options)
    print(f"{len(chosen)} mutants to run", flush=True)
    if chosen:
        todo = root / "mutants/todo.json"
        todo.write_text(json.dumps({"mutants": chosen, "tests": options.tests}))
        inside = subprocess.run(
            [sys.executable, "-c", "from tests.domain.mutants import judge; judge()"],
            cwd=root / "mutants",
            env={**os.environ, "PYTHONPATH": str(root / "mutants")},
            check=False,
        )
        if inside.returncode:
            sys.exit(inside.returncode)
    os.chdir(root)
    known = {name: code for file in _files() for name, code in file.exit_code_by_key.items()}
    print(summary({name: code for name, code in known.items() if _asked_for(name, options.names)}))


def _written() -> dict[str, int | None]:
    """Every mutant, written below mutants/, with what came out of it when it was run before."""
    Path("mutants").mkdir(exist_ok=True)
    with redirect_stdout(StringIO()):  # every file it looks at
        copy_src_dir()
        copy_also_copy_files()
        create_mutants(2)
    return {name: code for file in _files() for name, code in file.exit_code_by_key.items()}


def _files() -> Iterator[SourceFileMutationData]:
    for path in walk_mutatable_files():
        file = SourceFileMutationData(path=path)
        file.load()
        yield file


def _asked_for(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def _choose(known: dict[str, int | None], options: argparse.Namespace) -> list[str]:
    names = drawn((name for name in known if _asked_for(name, options.names)), options.seed)
    if options.sample is not None:
        names = names[: options.sample]
    if options.survivors:
        return [name for name in names if known[name] in (SURVIVED, UNREACHED)]
    return names if options.again else [name for name in names if known[name] is None]


def drawn(names: Iterable[str], seed: int) -> list[str]:
    """All names in the order of a sample: each beginning of it has of each module what is its share."""
    modules: dict[str, list[str]] = defaultdict(list)
    for name in names:
        modules[name.rpartition(".")[0]].append(name)
    order: list[tuple[float, str]] = []
    for module, own in modules.items():
        random = Random(f"{seed} {module}")
        own.sort()
        random.shuffle(own)
        offset = random.random()
        order += [((place + offset) / len(own), name) for place, name in enumerate(own)]
    return [name for _, name in sorted(order)]


def summary(codes: dict[str, int | None]) -> str:
    """What came out of those that were run, by room, with the interval that holds the true share in 95% of samples."""
    lines = []
    for room in sorted({name.rsplit(".", 2)[0] for name in codes}):
        of = [code for name, code in codes.items() if name.startswith(room + ".")]
        run = Counter(code for code in of if code is not None)
        if not (total := run.total()):
            continue
        low, high = wilson(run[KILLED] + run[OUT_OF_TIME], total)
        parts = ", ".join(f"{run[code]} {word}" for code, word in WORDS.items())
        lines.append(f"{room}: {total} of {len(of)} run: {parts}; noticed {_percent(run, total)}")
        lines[-1] += f" (95% interval {low:.1%} to {high:.1%})" if total < len(of) else ""
    return "\n".join(lines)


def _percent(run: Counter[int], total: int) -> str:
    return f"{(run[KILLED] + run[OUT_OF_TIME]) / total:.1%}"


def wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's score interval of a share."""
    share, square = hits / of, z * z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = z * sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return middle - half, middle + half


# ---- in mutants/, where domain/ is the mutated one


def judge() -> None:
    """Run the mutants that todo.json names."""
    os.environ[UNDER_TEST] = ""
    options = config()
    arguments = ["-q", "-n0", "-p", "no:terminalreporter", "-p", "no:randomly"]
    todo = json.loads(Path("todo.json").read_text())
    jury = _Jury(todo["mutants"])
    rooms = sorted({name.split(".")[1] for name in jury.mutants})
    left_out = [one for one in options.pytest_add_cli_args_test_selection if one.startswith("--ignore")]
    selection = [*(todo["tests"] or (f"tests/domain/{room}" for room in rooms)), *left_out]
    code = pytest.main([*arguments, *options.pytest_add_cli_args, *selection], plugins=[jury])
    sys.exit(0 if jury.done else int(code) or 1)


@dataclass
class _Jury:
    """A pytest plugin that, instead of the tests, runs mutants by the tests."""

    mutants: list[str]
    done: bool = False
    seconds: dict[str, float] = field(default_factory=dict)
    reaching: dict[str, list[pytest.Item]] = field(default_factory=lambda: defaultdict(list))
    kills: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    killed: Counter[str] = field(default_factory=Counter)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed or not session.items:
            print("the tests could not be collected", file=sys.stderr)
            return True
        self._look_who_reaches_what(session.items)
        gc.collect()
        gc.freeze()  # so that the forks share what is there
        self._run_all()
        self.done = True
        return True

    def _look_who_reaches_what(self, items: list[pytest.Item]) -> None:
        """Run every test once, on code that is not mutated."""
        os.environ[UNDER_TEST] = "stats"
        os.environ["MUTMUT_DEPENDENCY_DEPTH"] = "-1"
        for at, item in enumerate(items):
            state()._stats.clear()
            before = process_time()
            if not _passes(item, items[at + 1] if at + 1 < len(items) else None, loud=True):
                sys.exit(f"{item.nodeid} fails on code that is not mutated")
            self.seconds[item.nodeid] = process_time() - before
            for function in state()._stats:
                self.reaching[function].append(item)
        print(f"{len(items)} tests in {sum(self.seconds.values()):.0f} s of processor time", flush=True)

    def _run_all(self) -> None:
        files = {_module(file.path): file for file in self._files()}
        begun, spent = time(), 0.0
        for number, name in enumerate(self.mutants, 1):
            before = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
            code = self._fate(name)
            spent += sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - before
            file = files[name.rpartition(".")[0]]
            file.exit_code_by_key[name] = code
            file.save()
            if code != KILLED:
                print(f"{WORDS[code]}: {name}", flush=True)
            if number % 100 == 0:
                print(
                    f"{number} in {time() - begun:.0f} s, {spent / number:.2f} s of processor each",
                    flush=True,
                )

    def _files(self) -> list[SourceFileMutationData]:
        os.chdir("..")  # where mutmut keeps its notes
        return list(_files())

    def _fate(self, name: str) -> int:
        function = name.partition("__mutmut_")[0]
        module = function.rsplit(".", 2)[-2]
        tests = self.reaching.get(function, [])
        if not tests:
            return UNREACHED
        known, mirror = self.kills[function], f"/test_{module.removesuffix('s')}"
        tests.sort(key=lambda one: (-known[one.nodeid], mirror not in one.nodeid, self._pace(one)))
        tests = self._within(tests)
        limit = 10 * sum(self.seconds[one.nodeid] for one in tests) + 5
        said, tell = os.pipe()
        if (child := os.fork()) == 0:
            os.close(said)
            _die_or_live(name, tests, int(limit), tell)
        os.close(tell)
        with os.fdopen(said) as killer:
            killers = [*filter(None, [killer.read()])]
        self.kills[function].update(killers)
        self.killed.update(killers)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return code if code in (KILLED, SURVIVED) else OUT_OF_TIME if code < 0 else KILLED

    def _pace(self, test: pytest.Item) -> tuple[float, float]:
        """Seconds for each mutant of any function that it killed; the quickest first of those that killed none."""
        killed, seconds = self.killed[test.nodeid], self.seconds[test.nodeid]
        return (seconds / killed if killed else seconds * _HOPELESS, seconds)

    def _within(self, tests: list[pytest.Item]) -> list[pytest.Item]:
        """The first of them, as many as there is time for."""
        spent = accumulate(self.seconds[one.nodeid] for one in tests)
        return [one for one, seconds in zip(tests, spent, strict=True) if seconds <= LONGEST] or tests[:1]


def _module(path: Path | str) -> str:
    return str(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _die_or_live(name: str, tests: list[pytest.Item], limit: int, tell: int) -> None:
    """In the fork: run the tests until one fails; never returns."""
    os.chdir("mutants")
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    os.environ[UNDER_TEST] = name
    for at, item in enumerate(tests):
        try:
            passed = _passes(item, tests[at + 1] if at + 1 < len(tests) else None)
        except BaseException:  # noqa: BLE001 - whatever a mutant does to pytest, it is noticed
            passed = False
        if not passed:
            os.write(tell, item.nodeid.encode())
            os._exit(KILLED)
    os._exit(SURVIVED)


def _passes(item: pytest.Item, then: pytest.Item | None, *, loud: bool = False) -> bool:
    reports = runtestprotocol(item, log=False, nextitem=then)
    if loud:
        print(*(report.longreprtext for report in reports if report.failed), sep="\n", end="")
    return not any(report.failed for report in reports)


if __name__ == "__main__":
    main()
