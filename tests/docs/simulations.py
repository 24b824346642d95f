"""Examples of simulations: a page's profile, and what `evertick definition simulate` answers under it.

```yaml profile for repair.yaml           a profile
```yaml more of profile for repair.yaml   added to it, as `more of` adds
```yaml compared with repair.yaml         added to the process for its other version
```text simulated repair.yaml             stands like this in the answer, seed 7 and 30 days
```text compared repair.yaml              the same, with `--compare`
"""

from __future__ import annotations

from pathlib import Path

import yaml

from cli.definition_simulate import streams
from domain.language.definition import Definition
from domain.language.loader import load_process
from domain.language.published import publish
from domain.simulation.profile import Profile
from domain.simulation.profile_files import begins, load_profile
from domain.simulation.report.comparison import comparison_text
from domain.simulation.report.text import text_report
from domain.simulation.results import Results
from domain.simulation.study import profile_for_other, study, whole_profile
from tests.docs.examples import PUBLISHED, Block, Page, added, holidays, page_until

SEED, DAYS = 7, 30


def answer(path: Path, block: Block) -> str:
    """What the command says to the example above a block."""
    page = page_until(path, block)
    above = [one for one in page.blocks if one.line < block.line]
    definition = page.definition(block.file)
    profile = whole_profile(_profile(above, definition), definition)
    found = _study(definition, profile)
    if block.kind == "simulated":
        return text_report(found, SEED)
    other = _other(page, above, block.file)
    first = whole_profile(_profile(above, definition, only_first=True), definition)
    return comparison_text(_study(definition, first), _study(other, profile_for_other(first, other)), SEED)


def _profile(above: list[Block], definition: Definition, *, only_first: bool = False) -> Profile:
    data: object = {}
    for one in above:
        if one.kind == "profile for" or (one.kind == "more of profile for" and not only_first):
            data = added(data, yaml.safe_load(one.text))
    loaded = load_profile("profile.yaml", yaml.safe_dump(data), definition)
    assert loaded.profile is not None and not loaded.problems, "\n".join(map(str, loaded.problems))
    return loaded.profile


def _other(page: Page, above: list[Block], file: str) -> Definition:
    change = [one for one in above if one.kind == "compared with"][-1]
    text = yaml.safe_dump(
        added(yaml.safe_load(page.files[file]), yaml.safe_load(change.text)), sort_keys=False
    )
    loaded = load_process(file, lambda name: text.encode() if name == file else page.read(name))
    assert loaded.ok, "\n".join(map(str, loaded.problems))
    return Definition.from_published(publish(loaded, holidays(), PUBLISHED))


def _study(definition: Definition, profile: Profile) -> Results:
    start = begins(profile, definition)
    return study(definition, profile, holidays(), streams(SEED), start=start, days=DAYS, tickets=None)
