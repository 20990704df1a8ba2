# Four commands: `make run`, `make test`, `make lint`, `make setup`. The rest serves them.
# What is set up is remembered under the checksum of its lock file, so that a second run of any
# command needs no network, and a changed lock file is noticed.

PYTHON ?= python3
BIN := .venv/bin
RUN_STAMP := .venv/.ready-to-run-$(shell cksum requirements.txt | cut -d' ' -f1)
DEV_STAMP := .venv/.ready-to-test-$(shell cat requirements.txt requirements-dev.txt | cksum | cut -d' ' -f1)
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --no-input --require-hashes
COMPILE := $(BIN)/pip-compile --quiet --no-header --strip-extras --generate-hashes --allow-unsafe \
  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

.PHONY: setup run test lint format lock messages
.DEFAULT_GOAL := run

setup: $(DEV_STAMP)
	@$(BIN)/python -m crisisdesk.launch.catalogues

# ARGS="--port 8001" passes options on.
run: $(RUN_STAMP)
	@exec $(BIN)/python manage.py desk --demo $(ARGS)

test: setup
	@$(BIN)/python -m tests.everything

lint: setup
	@$(BIN)/python -m tests.everything --lint

format: setup
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# Collects the texts for people into locale/fr, where new ones stand untranslated.
messages: setup
	@$(BIN)/python -m tests.catalogues --update

lock: setup
	$(COMPILE) --output-file requirements.txt requirements.in
	$(COMPILE) --output-file requirements-dev.txt requirements-dev.in

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "CrisisDesk needs Python 3.11 or newer: install it, or name it with make PYTHON=/path/to/python3." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Python's venv is missing. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Making the virtual environment in .venv"
	@$(PYTHON) -m venv .venv

$(RUN_STAMP): | $(BIN)/python
	@echo "Installing what CrisisDesk needs, once"
	@$(INSTALL) -r requirements.txt
	@rm -f .venv/.ready-to-run-* && touch $@

$(DEV_STAMP): | $(BIN)/python
	@echo "Installing what CrisisDesk and its tests need, once"
	@$(INSTALL) -r requirements-dev.txt
	@rm -f .venv/.ready-to-* && touch $@ $(RUN_STAMP)
