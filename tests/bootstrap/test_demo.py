"""The demo desk's stories fit the shipped organisation and process."""

from __future__ import annotations

from bootstrap.definition_files import process_files
from bootstrap.demo import stories
from bootstrap.settings import SHIPPED_DEFINITIONS
from bootstrap.shipped import organisation_of


def test_every_story_is_about_people_and_services_of_the_organisation() -> None:
    organisation = organisation_of(SHIPPED_DEFINITIONS)
    assert organisation is not None
    told = list(stories())
    people = {story.requester for story in told} | {person for story in told for person, _, _ in story.acts}
    services = {str(story.fields["service"]) for story in told if "service" in story.fields}
    assets = {str(story.fields["asset"]) for story in told if "asset" in story.fields}

    assert people <= set(organisation.people)
    assert services <= set(organisation.services)
    assert assets <= set(organisation.assets)
    assert {story.process for story in told} <= set(process_files(SHIPPED_DEFINITIONS).values())
    assert len(told) >= 30
