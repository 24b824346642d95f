"""Documents that cannot rot: commands exist, links resolve, decisions are listed, settings are described."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from api.routes import commands, directory, health, history, links, operations, tickets
from bootstrap.settings import Settings
from tests.architecture.checkout import ROOT, files, short
from tests.architecture.settings_table import settings_table

DOCUMENTS = files(".md")
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
TARGETS = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def anchors(document: Path) -> set[str]:
    """The headings of a document as links name them."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", document.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=short)
def test_links_lead_somewhere(document: Path) -> None:
    broken = []
    for link in LINK.findall(FENCED.sub("", document.read_text())):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            broken.append(link)
    assert not broken


@pytest.mark.parametrize("document", DOCUMENTS, ids=short)
def test_make_targets_that_documents_name_exist(document: Path) -> None:
    named = set(re.findall(r"(?:^|`)make ([a-z][a-z-]*)", document.read_text(), re.MULTILINE))
    assert named <= TARGETS


@pytest.mark.parametrize("document", DOCUMENTS, ids=short)
def test_files_that_documents_name_exist(document: Path) -> None:
    """`room/module.py` in code marks is a promise that there is one."""
    named = re.findall(r"`((?:[a-z_]+/)+[\w.-]+\.(?:py|yaml|md|lock|sh))`", document.read_text())
    assert not [
        name for name in named if not (ROOT / name).exists() and not (document.parent / name).exists()
    ]


def test_decisions_are_numbered_without_gaps_and_have_three_parts() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    for path in DECISIONS:
        text = path.read_text()
        assert text.startswith(f"# {path.name[:4]}: "), path.name
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"], (
            path.name
        )


def test_the_index_lists_every_decision_by_its_title() -> None:
    index = (ROOT / "docs" / "decisions" / "README.md").read_text()
    listed = re.findall(r"^\| \[(\d{4})\]\(([^)]+)\) \| (.+?) \|$", index, re.MULTILINE)
    titles = [
        (path.name[:4], path.name, path.read_text().splitlines()[0].split(": ", 1)[1]) for path in DECISIONS
    ]
    assert listed == titles


def test_the_changelog_has_a_place_for_what_comes() -> None:
    assert "## Unreleased\n" in (ROOT / "CHANGELOG.md").read_text()


def test_every_document_can_be_found_from_an_index() -> None:
    index = ROOT / "docs" / "README.md"
    linked = {
        (one.parent / link.partition("#")[0]).resolve()
        for one in (index, ROOT / "docs" / "language" / "README.md")
        for link in LINK.findall(one.read_text())
    }
    decisions = ROOT / "docs" / "decisions"
    missing = {
        path for path in DOCUMENTS if ROOT / "docs" in path.parents and path != index and path not in linked
    }
    assert not {short(path) for path in missing if decisions not in path.parents or path.name == "README.md"}


def test_requests_that_the_api_guide_names_exist() -> None:
    guide = (ROOT / "docs" / "guides" / "api.md").read_text()
    routes = [
        (method, re.compile(re.sub(r"{[^}]*}", "[^/]+", route.path.removeprefix("/api/v1")) + "$"))
        for module in (commands, directory, health, history, links, operations, tickets)
        for route in module.router.routes
        if isinstance(route, APIRoute)
        for method in sorted(route.methods or ())
    ]
    named = re.findall(r"`(GET|POST|PUT|PATCH) (/[^`?]+)`", guide)
    assert named
    assert not [
        one for one in named if not any(one[0] == method and path.match(one[1]) for method, path in routes)
    ]


def test_the_operating_guide_describes_every_setting() -> None:
    guide = (ROOT / "docs" / "guides" / "operating.md").read_text()
    table = settings_table(Settings)
    assert table in guide, f"put this into docs/guides/operating.md:\n\n{table}"


def test_every_setting_says_what_it_is() -> None:
    assert not [name for name, field in Settings.model_fields.items() if not field.description]
