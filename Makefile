# `make` or `make help` lists the targets. PYTHON chooses the interpreter for .venv (3.11 or newer).
PYTHON ?= python3
VENV ?= .venv
WORKERS ?= 2

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate --upgrade
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --cov --cov-report=term

.DEFAULT_GOAL := help
.PHONY: help run test check report screenshots nightly lint assets browser format lock clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ── set-up: each stamp is older than what it depends on only when that changed ─────────────

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
	    "Passung needs Python 3.11 or newer; say which: make PYTHON=python3.12 ...")'
	@echo "Setting up $(VENV). This takes a minute the first time ..."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/run.stamp: requirements/run.txt requirements/build.txt pyproject.toml | $(BIN)/python
	@$(PIP) --require-hashes -r requirements/run.txt -r requirements/build.txt
	@$(PIP) --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/run.stamp
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

assets: $(VENV)/run.stamp
	@$(BIN)/python hatch_build.py

browser: $(VENV)/dev.stamp
	@$(BIN)/python hatch_build.py --dev
	@$(BIN)/python -m tests.browser

# ── what people call ──────────────────────────────────────────────────────────────────────

run: assets  ## set up, load the demo network, serve it on localhost:8000
	@$(BIN)/passung migrate
	@$(BIN)/passung demo
	@exec $(BIN)/passung run

test: browser  ## set up all that the tests need, run the whole suite
	@$(PYTEST)

check: lint test  ## format, lint, types, imports, size budgets, tests: what has to be green

report: $(VENV)/dev.stamp  ## how long patients wait for a reply, 20 at once on the demo data
	@$(BIN)/python -m tests.reports.latency

screenshots: assets browser  ## pictures of chat and office into screenshots/ (or TO=FOLDER)
	@$(BIN)/python -m tests.reports.screenshots $(or $(TO),screenshots)

nightly: lint browser  ## check with the long runs too
	@HYPOTHESIS_PROFILE=nightly $(PYTEST) -m ""

lint: $(VENV)/dev.stamp
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: $(VENV)/dev.stamp  ## put the code into shape
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

lock: $(VENV)/dev.stamp  ## pin dependencies anew, within pyproject.toml and package.json
	@$(COMPILE) pyproject.toml --output-file requirements/run.txt
	@$(COMPILE) --group build --constraint requirements/run.txt \
	    --output-file requirements/build.txt
	@$(COMPILE) pyproject.toml --group dev --constraint requirements/run.txt \
	    --constraint requirements/build.txt --output-file requirements/dev.txt
	@$(BIN)/python -c "from hatch_build import ROOT, npm; \
	    npm('update', '--package-lock-only', cwd=ROOT)"

clean:  ## remove the environment, assets, caches and reports; data and keys stay
	@rm -rf $(VENV) admin/static/vendor tests/vendor node_modules build dist htmlcov .coverage .coverage.* \
	    .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
