"""Nothing of the machine it was written on is in the project: no paths, no registries, no secrets."""

from __future__ import annotations

import re

from tests.architecture.checkout import files, short

# Written in parts, so that this file does not name them either.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        *(
            ("pypi", "org"),
            ("files", "pythonhosted", "org"),
            ("registry", "npmjs", "org"),
            ("registry", "yarnpkg", "com"),
        ),
        *(("proxy", "golang", "org"), ("static", "crates", "io"), ("index", "crates", "io")),
        *(("repo", "maven", "apache", "org"), ("repo1", "maven", "org"), ("deb", "debian", "org")),
    )
]
PATHS = re.compile(r"(?<![\w.~}])/(?:root|home|Users|work|tmp)/\w")
TEXT = (
    ".py",
    ".md",
    ".yaml",
    ".yml",
    ".toml",
    ".lock",
    ".sh",
    ".html",
    ".css",
    ".js",
    ".json",
    ".svg",
    ".in",
    "",
)


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    """Where a pattern is found in the project's texts."""
    return [
        f"{short(path)}:{number}: {line.strip()[:100]}"
        for path in files(*TEXT)
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_path_of_a_machine_is_named() -> None:
    assert not lines_with(PATHS)


def test_no_package_registry_is_named() -> None:
    assert not lines_with(re.compile("|".join(re.escape(name) for name in REGISTRIES)))


def test_no_private_key_is_kept() -> None:
    assert not lines_with(re.compile("BEGIN [A-Z ]*" + "PRIVATE KEY"))
