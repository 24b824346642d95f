"""Files made to cost time or memory, or to be read as something they are not; each with what is said of it.

Run as a program, this reads every one in a process of its own, and prints what was said and what it took.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path

from domain.language.loader import load_process
from tests.domain.language.files import SMALL

MIB = 1024 * 1024


def _filled(start: str, piece: str, end: str = "") -> str:
    """As many pieces as one allowed file holds."""
    return start + piece * ((MIB - len(start) - len(end)) // len(piece)) + end


def _laughs() -> str:
    lines = ["a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    for level in range(1, 12):
        lines.append(f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]")
    return "\n".join(lines) + "\n"


def _entries(section: str, entry: str, count: int) -> str:
    lines = "".join(f"  {entry.replace('N', str(index))}\n" for index in range(count))
    return f"{SMALL}{section}:\n{lines}"


HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "billion laughs": (_laughs(), 'the anchor "&a0" is not allowed'),
    "aliases": (_filled("a: [", "*x, ", "]"), "more than 200 mistakes; the rest is not read"),
    "anchors": (_filled("a: [", "&x 1, ", "]"), "more than 200 mistakes; the rest is not read"),
    "tags": (_filled("a: [", "!t 1, ", "]"), "more than 200 mistakes; the rest is not read"),
    "tags on lines": (_filled("", "a: !!python/name:os.system\n"), "more than 200 mistakes"),
    "merge keys": (_filled("", "<<: {a: 1}\n"), "the merge key << is not allowed"),
    "one key again and again": (_filled("a: 1\n", "a: 1\n"), '"a" is written twice here'),
    "deep lists": (_filled("a: ", "["), "nested more than 32 levels deep"),
    "deep mappings": (_filled("a: ", "{a: "), "nested more than 32 levels deep"),
    "deep dashes": (_filled("", "- "), "nested more than 32 levels deep"),
    "deep question marks": (_filled("", "? "), "nested more than 32 levels deep"),
    "deep indentation": (
        "".join(" " * depth + "a:\n" for depth in range(1400)),
        "nested more than 32 levels",
    ),
    "an endless quote": (_filled('a: "', "x"), "this quote is never closed"),
    "one long line of quotes": (_filled("a: ", "'x' "), "a value that starts with a quote ends with it"),
    "one long line of brackets": (_filled("a: {", "b: c ["), "inside { } an expression that contains [ ]"),
    "one long line of colons": (_filled("a: ", "b: "), 'text that contains ": " needs quotes'),
    "only comments": (_filled("", "#"), "the file is empty"),
    "only line ends": (_filled("", "\r\n"), "the file is empty"),
    "only NUL": (_filled("", "\0"), "the character U+0000 may not stand in a definition; remove it"),
    "NUL in text": (b"kind: pro\0cess\n", "the character U+0000 may not stand in a definition; remove it"),
    "UTF-16": ("kind: process\n".encode("utf-16"), "the file is UTF-16; save it as UTF-8"),
    "UTF-16 without mark": ("kind: process\n".encode("utf-16-le"), "the character U+0000 may not stand"),
    "UTF-32": ("kind: process\n".encode("utf-32"), "save it as UTF-8"),
    "Latin-1": (
        "kind: process\ntitle: Störung\n".encode("latin-1"),
        "byte 0xf6 is not UTF-8; save it as UTF-8",
    ),
    "GBK": ("kind: process\ntitle: 事件\n".encode("gbk"), "is not UTF-8; save it as UTF-8"),
    "half a character": (b"kind: process\ntitle: \xe4\xba\n", "byte 0xe4 is not UTF-8; save it as UTF-8"),
    "surrogates": (b"title: \xed\xa0\x80\n", "byte 0xed is not UTF-8; save it as UTF-8"),
    "unknown keys": (
        SMALL + "".join(f"key_{index}: 1\n" for index in range(20_000)),
        "more mistakes are not told",
    ),
    "unknown names": (
        _entries("groups", "g_N: [nwe]", 499),
        "more than 200 mistakes; the rest is not checked",
    ),
    "very many fields": (
        _entries("fields", "f_N: {type: text}", 9_000),
        "more than 500 fields in one process",
    ),
    "very many tasks in a row": (
        _entries("tasks", "tN: {assign: everyone, needs: tN}", 9_000),
        "more than 500 tasks in one process; split it into several",
    ),
    "a long expression": (
        f"{SMALL}fields: {{f: {{type: number, compute: '{'1+' * 400_000}1'}}}}\n",
        "is longer than",
    ),
    "a deep expression": (
        f"{SMALL}fields: {{f: {{type: number, compute: '{'(' * 1500}1{')' * 1500}'}}}}\n",
        "nested",
    ),
    "a text full of placeholders": (
        SMALL.replace("title: Small", "title: '" + "{{ ticket.titel }}" * 50_000 + "'"),
        "more than 200 {{ }} in one text; shorten it",
    ),
    "very many libraries": (
        f"{SMALL}uses: [{', '.join(f'l{index}' for index in range(40_000))}]\n",
        "there is no file",
    ),
}
"""By name: the file, and a part of what is said."""

ODD: dict[str, bytes] = {
    "a byte order mark": b"\xef\xbb\xbf" + SMALL.encode(),
    "Windows line ends": SMALL.replace("\n", "\r\n").encode(),
    "old Macintosh line ends": SMALL.replace("\n", "\r").encode(),
    "no last line end": SMALL.rstrip("\n").encode(),
    "a document start": b"---\n" + SMALL.encode(),
}
"""Not what we would write, and read all the same."""


def _peak_megabytes() -> float:
    status = Path("/proc/self/status")
    if not status.is_file():  # not Linux: the peak since the process began, its parent's memory included
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
    line = next(line for line in status.read_text("ascii").split("\n") if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def _measure(content: str | bytes, write: int) -> None:
    before = time.process_time()
    problems = load_process("p.yaml", {"p.yaml": content}.get).problems
    seconds = time.process_time() - before
    said = [str(problem) for problem in problems[:300]]
    os.write(write, json.dumps([seconds, _peak_megabytes(), len(problems), said]).encode())


def main() -> None:
    """Measure every file."""
    found = {}
    for name, (content, _) in HOSTILE.items():
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read)
            resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
            _measure(content, write)
            os._exit(0)
        os.close(write)
        with os.fdopen(read, "rb") as answer:
            told = answer.read()
        os.waitpid(child, 0)
        found[name] = json.loads(told) if told else None
    print(json.dumps(found))


if __name__ == "__main__":
    main()
