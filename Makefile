# Two commands are enough for a fresh Debian machine with Python 3.11: `make demo` and `make test`.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check setup browser postgres lock format pictures bench clean

demo: setup
	$(BIN)/granska demo

# Tests commit to hundreds of databases, each commit waiting for the disk: in memory they take half the time.
test: export TMPDIR := $(shell test -d /dev/shm -a -w /dev/shm && echo /dev/shm || echo /tmp)
test: setup browser postgres check
	$(BIN)/pytest -n 4 --ignore tests/browser  # most wait more than they compute
	$(BIN)/pytest -n 2 tests/browser  # apart: Playwright keeps an event loop running in its process

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

pictures: setup browser
	GRANSKA_TEST_PICTURES=$(CURDIR)/docs/images $(BIN)/pytest tests/browser/test_inspector_runs_a_wave.py

bench: setup
	$(BIN)/granska bench

setup: $(VENV)/ready

$(VENV)/ready: requirements.lock pyproject.toml
	@echo "Installing Granska's locked Python packages (about a minute the first time) ..."
	@bash .ci/system_packages python
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

browser:
	@bash .ci/system_packages browser

postgres:
	@bash .ci/system_packages postgres

lock: setup
	$(BIN)/uv pip compile pyproject.toml --group tests --group checks --group build --python-version 3.11 \
	  --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --quiet -o requirements.lock

clean:
	rm -rf $(VENV) data
