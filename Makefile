# Everything a newcomer runs. It needs python3 (3.11 or newer) with venv, and make; root or not.
#
# Packages come from the lock files of .ci/lock/ with their hashes. A stamp in .venv tells which lock was
# installed, so a second run starts at once and a changed lock installs again.

PYTHON ?= python3
PORT ?= 8000
T ?=
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

mark = $(VENV)/.installed-$(1)-$(shell cat .ci/lock/$(1).txt pyproject.toml 2>/dev/null | cksum | cut -d' ' -f1)
RUN := $(call mark,run)
TEST := $(call mark,test)
DEV := $(call mark,dev)
PRODUCTION := $(call mark,production)

PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input

# Bytecode is left to the first import: most of what is installed is never imported.
# $(1): the lock; $(2): the stamps that hold once it is installed, since the larger locks contain the smaller.
define install
@echo "Installing the packages of .ci/lock/$(1).txt"
@$(PIP) install -qq --no-compile --require-hashes --no-deps -r .ci/lock/$(1).txt
@$(PIP) install -qq --no-deps --no-build-isolation -e .
@rm -f $(foreach stamp,$(2),$(firstword $(subst -, ,$(stamp)))-$(word 2,$(subst -, ,$(stamp)))-*)
@touch $(2)
endef

.PHONY: help install install-production demo demo-reset test check bench storm messages lock tour docs clean

help: ## says what each command does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-20s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(RUN) ## makes .venv and installs the platform alone

install-production: $(PRODUCTION) ## the same with PostgreSQL, Redis, S3 and Sentry

demo: $(RUN) ## three contests with demonstration data on http://localhost:8000 (PORT= to change)
	@PORT=$(PORT) $(BIN)/bangvang demo

demo-reset: $(RUN) ## the demonstration afresh: removes its data under var/ first
	@[ "$${BANGVANG_MODE:-demonstration}" = demonstration ] || { echo "demo-reset removes data: not in production" >&2; exit 2; }
	@cd "$${BANGVANG_VAR:-var}" 2>/dev/null && rm -rf bangvang.db* files cache || true
	@PORT=$(PORT) $(BIN)/bangvang demo

test: $(TEST) ## every test on SQLite, PostgreSQL and Chromium (T=path runs one thing)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(T)

check: $(DEV) ## ruff, mypy, import contracts, templates, source rules, dead dependencies, docs
	@PATH="$(CURDIR)/$(BIN):$$PATH" .ci/check

bench: $(TEST) ## the benchmark, as ratios (B="desk ranking" for some lines; bench/README.md says what each means)
	@$(BIN)/python -m bench $(B)

storm: $(TEST) ## 200 entrants in the last two minutes, then the server killed: is all that was acknowledged there?
	@$(BIN)/python -m bench.storm

tour: $(TEST) ## photographs every page at 390 and 1280 px into tour/
	@$(BIN)/python -m tests.browser.tour

docs: $(DEV) ## builds docs/ into docs/_build/html
	@$(BIN)/python -m sphinx -q -W --keep-going -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

messages: $(TEST) ## collects the words of the pages into the English catalogue, keeping its translations
	@$(BIN)/pybabel -q extract -F core/translations/babel.cfg --no-location --sort-output --omit-header -k lazy_gettext -k _l -o .cache-messages.pot core
	@mkdir -p core/translations/en/LC_MESSAGES
	@if [ -f core/translations/en/LC_MESSAGES/messages.po ]; then $(BIN)/pybabel -q update -N --ignore-obsolete --ignore-pot-creation-date -i .cache-messages.pot -d core/translations -l en; \
	  else $(BIN)/pybabel -q init -i .cache-messages.pot -d core/translations -l en; fi
	@rm -f .cache-messages.pot

lock: ## resolves the packages of pyproject.toml again into .ci/lock/
	@PYTHON="$(PYTHON)" .ci/lock/refresh

clean: ## removes .venv, caches and built files; keeps the data under var/
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .cache docs/_build tour build dist *.egg-info

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Bảng Vàng needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12 …" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "$(PYTHON) cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2; rm -rf $(VENV); exit 2; }

$(RUN): | $(BIN)/python
	$(call install,run,$(RUN))

$(PRODUCTION): | $(BIN)/python
	$(call install,production,$(RUN) $(PRODUCTION))

$(TEST): | $(BIN)/python
	$(call install,test,$(RUN) $(TEST))

$(DEV): | $(BIN)/python
	$(call install,dev,$(RUN) $(PRODUCTION) $(TEST) $(DEV))
