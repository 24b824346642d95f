# `make` alone says what there is. A fresh machine needs Python >= 3.11 and make, nothing else.
.DEFAULT_GOAL := help
SHELL := /bin/sh
export PYTHON

BIN := .venv/bin
WORKERS ?= 4
PYTEST := $(BIN)/python -m pytest

.PHONY: help
help: ## this list
	@awk 'BEGIN { FS = ":.*## " } /^## / { printf "\n%s\n", substr($$0, 4) } \
	     /^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

## Use it

.PHONY: run tour
run: ready-to-run ## start Evertick: Temporal, worker, API and pages in one process tree; Ctrl-C stops it
	@exec $(BIN)/evertick run $(ARGS)
tour: ready-to-run ## the story of one incident, told in the terminal by a temporary desk
	@exec $(BIN)/evertick tour $(ARGS)

## Test it

.PHONY: test lint format types imports unit live chaos fuzz mutants
test: ready-to-test ## everything: lint, format, types, imports, then all tests (ARGS="…" goes to pytest)
	@$(MAKE) --no-print-directory lint types imports
	@$(PYTEST) -n $(WORKERS) $(ARGS)
lint: ready-to-test ## ruff: rules and format
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check --output-format concise || { echo "run: make format"; exit 1; }
format: ready-to-test ## let ruff put the code in order
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format
types: ready-to-test ## mypy, strict
	@$(BIN)/mypy
imports: ready-to-test ## import-linter: imports go inwards
	@$(BIN)/lint-imports
unit: ready-to-test ## only the tests that need no server and no browser
	@$(PYTEST) -n $(WORKERS) -m "not live and not browser" $(ARGS)
live: ready-to-test ## only the tests against real servers: Temporal, PostgreSQL, SMTP
	@$(PYTEST) -m live $(ARGS)
chaos: ready-to-test ## the long form of the kill test: 200 kills on each database
	@EVERTICK_CHAOS_KILLS=$${EVERTICK_CHAOS_KILLS:-200} $(PYTEST) -m chaos -s $(ARGS)
fuzz: ready-to-test ## the random tests with new examples, and more: expressions, votes, calendars, YAML, lives of tickets
	@EVERTICK_SEED=$${EVERTICK_SEED:-$$(date +%s)} EVERTICK_WALKS=$${EVERTICK_WALKS:-300} \
	    EVERTICK_EXPRESSIONS=$${EVERTICK_EXPRESSIONS:-100000} EVERTICK_GARBAGE=$${EVERTICK_GARBAGE:-50000} \
	    $(PYTEST) -n $(WORKERS) -m "not live and not browser" --hypothesis-profile exploring \
	    $$(grep -rlE "EVERTICK_SEED|from hypothesis" tests --include='test_*.py') $(ARGS)
mutants: ready-to-test ## change the engine and the expressions a little, thousands of times (ARGS="--sample 500", "NAME…" for some)
	@EVERTICK_SEED=7 EVERTICK_EXPRESSIONS=300 $(BIN)/python -m tests.domain.mutants $(ARGS)

## Look at it

.PHONY: bench screenshots reference
bench: ready-to-test ## measure everything beside bare Temporal and a bare FastAPI insert; some minutes
	@exec $(BIN)/python -m bench $(ARGS)
screenshots: ready-to-test ## pictures of every page, both languages, 1280 and 360 px wide, into screenshots/
	@exec $(BIN)/python -m tests.web.pictures $(ARGS)
reference: ready-to-test ## write docs/language/reference.md, every key of the language, from the models
	@exec $(BIN)/python -m tests.docs.reference

## Keep house

.PHONY: lock hooks clean ready-to-run ready-to-test
lock: ## write requirements/*.lock anew from pyproject.toml (ARGS=--upgrade takes newer versions)
	@uv=$$(requirements/prepare.sh uv) && compile() { \
	    "$$uv" pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 $(ARGS) "$$@" >/dev/null; \
	} && compile requirements/uv.in -o requirements/uv.lock \
	  && compile requirements/build.in -o requirements/build.lock \
	  && compile pyproject.toml -o requirements/run.lock \
	  && compile pyproject.toml --group dev -c requirements/run.lock -o requirements/dev.lock
hooks: ready-to-test ## let git run the quick checks before each commit
	@$(BIN)/pre-commit install
clean: ## remove .venv and every cache (an installation's data is elsewhere and stays)
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build screenshots mutants
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
ready-to-run:
	@requirements/prepare.sh run
ready-to-test:
	@requirements/prepare.sh dev
