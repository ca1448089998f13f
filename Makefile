# Everything here works from a clean clone with only Python 3.11 or later, git and make: what a target needs
# is installed into .venv, with the versions of constraints.txt.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory

# The Python that creates .venv: the first one that is recent enough. `make PYTHON=… demo` chooses another.
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
WORKERS ?= 2
ARGS ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

##@ Use
.PHONY: demo install run
demo: .venv/.runtime ## Watch the bot at work in a simulated Telegram: no token, no network
	$(BIN)/prep-bot demo $(ARGS)

install: .venv/.runtime ## Create or renew .venv with all that running needs

run: .venv/.runtime ## Start the bot; it needs PREP_BOT_TOKEN, here or in .env (see .env.example)
	$(BIN)/prep-bot run $(ARGS)

##@ Develop
.PHONY: setup test check lint types imports dependencies words dockerfile format catalogues lock clean help
setup: .venv/.development ## Create .venv with all that development needs

test: .venv/.development ## Run the tests; ARGS="tests/domain -x" goes to pytest
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile $(ARGS)

check: lint types imports dependencies words dockerfile ## Run every check that is not a test

lint: .venv/.development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.development
	$(BIN)/mypy

imports: .venv/.development
	$(BIN)/lint-imports --no-logo

dependencies: .venv/.development
	$(BIN)/deptry .

words: .venv/.development
	$(BIN)/python tools/catalogues.py --check

dockerfile: .venv/.development
	$(BIN)/hadolint Dockerfile

format: .venv/.development ## Format the code and correct what can be corrected
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

catalogues: .venv/.development ## Bring the gettext catalogues in step with the code
	$(BIN)/python tools/catalogues.py

# Of the locks, only this form names no index: each machine takes the versions from the index it is set up for.
lock: .venv/.development ## Bring constraints.txt to the newest versions that pyproject.toml allows
	$(BIN)/uv pip compile pyproject.toml --extra postgres --group dev --universal --python-version 3.11 \
		--no-header --no-annotate --upgrade --quiet --output-file constraints.txt

clean: ## Remove .venv, caches and what was built
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } /^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# pip reads dependency groups and build constraints only in its newer versions, so it is the first thing installed.
.venv/.runtime: pyproject.toml hatch_build.py constraints.txt
	@test -n "$(PYTHON)" || { echo "Install Python 3.11 or later, or name one: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(PIP) install --constraint constraints.txt --upgrade pip
	$(PIP) install --constraint constraints.txt --build-constraint constraints.txt --editable '.[postgres]'
	@touch $@

.venv/.development: .venv/.runtime
	$(PIP) install --constraint constraints.txt --group dev
	@touch $@
