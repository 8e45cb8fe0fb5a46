# The kit's commands. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-all bench lint lock look clean
SHELL := /bin/bash

# The first Python that fits; `make demo PYTHON=python3.12` names another.
FITS := import sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c '$(FITS)' >/dev/null 2>&1 && echo $$p && break; done)
BIN := .venv/bin

help:  ## list these commands
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

demo: setup  ## take a made-up cohort through a whole week, and say where the pages are
	@$(BIN)/grader demo demo

test: setup lint .venv/browser  ## everything that CI runs
	@$(BIN)/pytest

test-all: setup lint .venv/browser  ## the tests, and the long sweeps as well
	@$(BIN)/pytest -m ""

bench: setup  ## side by side with plain nbgrader
	@$(BIN)/python -m tests.bench.marking
	@$(BIN)/python -m tests.bench.reports

lint: setup  ## style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

setup: .venv/ready .venv/sandbox  ## make .venv from the lock file; again only when that changes

.venv/ready: requirements.lock
	@test -n "$(PYTHON)" || { echo "No Python 3.11 to 3.14 with venv was found. On Debian or Ubuntu: apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -m venv --clear .venv || { echo "Python cannot make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Installing into .venv (once, about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# bubblewrap is what the marking sandbox is built on; without it the kit still works, and says so.
.venv/sandbox: .venv/ready
	@if command -v bwrap >/dev/null; then :; \
	elif command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		{ apt-get update -qq && apt-get install -y -qq --no-install-recommends bubblewrap; } >/dev/null; \
	elif command -v apt-get >/dev/null && sudo -n true 2>/dev/null; then \
		{ sudo -n apt-get update -qq && sudo -n apt-get install -y -qq --no-install-recommends bubblewrap; } >/dev/null; \
	fi; command -v bwrap >/dev/null || echo "bubblewrap is missing and may not be installed from here: sudo apt-get install bubblewrap"
	@touch $@

# The tests look at the reports in a real browser. Debian's own is taken where there is one.
.venv/browser: .venv/ready
	@if command -v chromium chromium-browser google-chrome >/dev/null; then :; \
	elif command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		{ apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-liberation; } >/dev/null; \
	elif command -v apt-get >/dev/null && sudo -n true 2>/dev/null; then \
		{ sudo -n apt-get update -qq && sudo -n apt-get install -y -qq --no-install-recommends chromium fonts-liberation; } >/dev/null; \
	fi; command -v chromium chromium-browser google-chrome >/dev/null || $(BIN)/playwright install chromium \
		|| echo "No Chromium was found and none may be installed from here; the tests in tests/browser will say so"
	@touch $@

look:  ## build the reports' stylesheet from look/ (needs node)
	@cd look && npm install --silent --no-audit --no-fund && npm run --silent build > ../grader/pages/report.css

lock:  ## pin the dependencies of pyproject.toml in requirements.lock (needs uv)
	@uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --quiet -o requirements.lock

clean:  ## remove the environment and the demonstration
	@rm -rf .venv demo
