"""Publishing a folder: only what changed, and never what is broken."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bootstrap.settings import SHIPPED_DEFINITIONS
from bootstrap.shipped import organisation_of, publish_folder
from domain.errors import DefinitionInvalid
from store.definitions import active_version, versions_of
from store.session import Database


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "definitions"
    shutil.copytree(SHIPPED_DEFINITIONS, made)
    return made


def test_the_shipped_definitions_are_published_once(sqlite_database: Database, folder: Path) -> None:
    first = publish_folder(sqlite_database, folder)
    assert first.ok, first.problems
    assert "incident" in [one.version.process for one in first.publications]
    assert publish_folder(sqlite_database, folder).publications == []


def test_a_changed_file_becomes_a_new_version(sqlite_database: Database, folder: Path) -> None:
    publish_folder(sqlite_database, folder)
    incident = folder / "incident.yaml"
    incident.write_text(incident.read_text().replace("Take it", "Take it over"))
    publish_folder(sqlite_database, folder)
    with sqlite_database.reading() as session:
        assert [version.number for version in versions_of(session, "incident")] == [2, 1]


def test_a_broken_file_says_where_and_the_old_version_stays(sqlite_database: Database, folder: Path) -> None:
    publish_folder(sqlite_database, folder)
    incident = folder / "incident.yaml"
    incident.write_text(incident.read_text().replace("to: in_progress", "to: in_progres", 1))
    report = publish_folder(sqlite_database, folder)
    assert not report.ok
    assert report.kept == ["incident"]
    (problem,) = [str(problem) for problem in report.problems if problem.severity == "error"]
    assert problem.startswith("incident.yaml:")
    assert "in_progress" in problem
    with sqlite_database.reading() as session:
        version = active_version(session, "incident")
    assert version is not None
    assert version.number == 1


def test_names_the_organisation_does_not_have_are_doubted_at_every_publishing(
    sqlite_database: Database, folder: Path
) -> None:
    assert publish_folder(sqlite_database, folder).problems == []
    organisation = folder / "organisation.yaml"
    organisation.write_text(organisation.read_text().replace("  ecab: {", "  ecabs: {"))
    report = publish_folder(sqlite_database, folder)
    assert report.ok and report.publications == []
    (problem,) = [str(problem) for problem in report.problems]
    assert 'warning: organisation.yaml has no group "ecab"; did you mean "ecabs"?' in problem


def test_of_two_files_with_one_id_neither_is_published(sqlite_database: Database, folder: Path) -> None:
    publish_folder(sqlite_database, folder)
    for name, id_ in (("incident", "incident"), ("change", "'incident'  # a copy")):
        old = (folder / f"{name}.yaml").read_text().replace("Take it", "Take it over")
        (folder / f"{name}.yaml").write_text(old.replace(f"id: {name}\n", f"id: {id_}\n"))
    report = publish_folder(sqlite_database, folder)
    assert not report.ok
    assert report.kept == ["incident"]
    assert "incident" not in [one.version.process for one in report.publications]
    first, second = [str(one) for one in report.problems if 'is called "incident" too' in one.message]
    assert first.startswith("change.yaml:5:6: the process of incident.yaml:5 is called")
    assert second.startswith("incident.yaml:5:5: the process of change.yaml:5 is called")


def test_a_broken_organisation_says_where(folder: Path) -> None:
    path = folder / "organisation.yaml"
    path.write_text(path.read_text().replace("kind: organisation", "kind: organization"))
    with pytest.raises(DefinitionInvalid, match=r"organisation\.yaml:\d+:\d+"):
        organisation_of(folder)


def test_a_process_that_does_not_fit_another_stays_out_and_says_where(
    sqlite_database: Database, folder: Path
) -> None:
    (folder / "zoo.yaml").write_text(
        "kind: process\nlang: 1\nid: zoo\nversion: 1\ntitle: Zoo\nowner: team:desk\nnumber: ZOO-{n}\n"
        "starts_in: new\nstates:\n  new: {category: new}\n  closed: {category: closed}\n"
        "transitions:\n  close: {from: new, to: closed, who: everyone}\n"
        "links:\n  incidents: {process: incident, inverse: zoos}\n"
    )
    report = publish_folder(sqlite_database, folder)
    assert [str(problem) for problem in report.problems if problem.severity == "error"] == [
        'zoo.yaml:15:1: "incident" has no link "zoos"; every link has two ends'
    ]
    assert "zoo" not in [one.version.process for one in report.publications]


def test_both_ends_of_a_link_change_together(sqlite_database: Database, folder: Path) -> None:
    publish_folder(sqlite_database, folder)
    incident, problem = folder / "incident.yaml", folder / "problem.yaml"
    incident.write_text(incident.read_text().replace("inverse: incidents, many", "inverse: cases, many"))
    alone = publish_folder(sqlite_database, folder)
    assert not alone.ok and alone.kept == ["incident"]
    text = problem.read_text().replace("  incidents: {process", "  cases: {process")
    problem.write_text(
        text.replace("link: incidents", "link: cases")
        .replace("link.incidents", "link.cases")
        .replace("links.incidents", "links.cases")
        .replace("incidents: optional", "cases: optional")
    )
    both = publish_folder(sqlite_database, folder)
    assert both.ok, both.problems
    assert [one.version.process for one in both.publications] == ["incident", "problem"]
