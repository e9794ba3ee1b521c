# A dozen things one does here; `make` lists them. They need a shell, make and Python 3.11 or newer.
.DEFAULT_GOAL := help
SHELL := /bin/bash
BIN := .venv/bin
PYTHON := $(BIN)/python

# What .env says, else development: trying it out is what make is for. Real service: deploy/README.md.
ENVIRONMENT ?= $(or $(shell sed -n 's/^ENVIRONMENT=//p' .env 2>/dev/null | tail -n 1),development)
export ENVIRONMENT

.PHONY: help install run serve test check lint format test-sqlite test-postgres test-browser reliability harm bench bench-documents bench-growth lock vendor vendor-check \
	translations clean

help: ## List these targets
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1\t\2/p' Makefile | expand -t 16

$(BIN)/.runtime: requirements.txt deploy/install.sh
	@deploy/install.sh requirements.txt
	@touch $@

$(BIN)/.development: requirements-dev.txt deploy/install.sh
	@deploy/install.sh requirements-dev.txt
	@touch $@ $(BIN)/.runtime

install: $(BIN)/.development ## Install everything needed to work on it into .venv

run: $(BIN)/.runtime ## Try it out: install, prepare the database and the demonstration, serve at PORT (8000)
	@$(PYTHON) -m haiyan_pilot.keys
	@$(PYTHON) manage.py prepare
	@exec $(PYTHON) manage.py serve

test: lint check ## Everything: style, types, floors, tests on two databases and in the browser
	@$(MAKE) --no-print-directory --output-sync=target -j2 test-postgres test-sqlite test-browser

lint: install vendor-check ## Style, templates, floors, types, vendored files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/lint-imports
	$(PYTHON) deploy/chinese_lint.py
	$(BIN)/mypy

check: install ## Django's checks and the project's own; migrations that are missing
	@$(PYTHON) -m haiyan_pilot.keys
	$(PYTHON) manage.py check --database default
	$(PYTHON) manage.py makemigrations --check --dry-run

format: install ## Format the Python code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test-sqlite: install ## Unit and integration tests on SQLite
	$(BIN)/pytest tests/unit tests/integration tests/reliability

test-postgres: install ## What touches the database, and the sweeps, on a PostgreSQL started for them
	$(PYTHON) tests/postgres.py pytest tests/integration tests/reliability

test-browser: install ## The pages in Chromium
	$(BIN)/pytest tests/functional

reliability: install ## Addresses, accounts and audit trail at their full numbers, on PostgreSQL; tells each number (an hour)
	$(call full_numbers,tests/reliability tests/integration/people tests/integration/audit)

harm: install ## Many writers, hostile workbooks, killed workers at their full numbers, on PostgreSQL (several hours)
	$(call full_numbers,tests/integration/harm tests/integration/tasks/test_supervision_model.py tests/unit/analysis/test_thresholds.py)

define full_numbers
	@rm -f var/reliability.jsonl
	RELIABILITY=full RELIABILITY_RESULTS=var/reliability.jsonl $(PYTHON) tests/postgres.py pytest -q $(1); status=$$?; \
		$(PYTHON) tests/reliability/told.py var/reliability.jsonl; exit $$status
endef

bench: install ## Benchmarks on both databases: 100,000 values, pages over HTTP, the first view in Chromium, the demonstration
	$(PYTHON) tests/benchmarks/values.py
	$(PYTHON) tests/benchmarks/longform.py
	$(PYTHON) tests/benchmarks/pages.py
	$(PYTHON) tests/benchmarks/audit.py
	$(PYTHON) tests/benchmarks/evaluating.py
	$(PYTHON) tests/benchmarks/timetable.py
	$(PYTHON) tests/postgres.py python tests/benchmarks/values.py
	$(PYTHON) tests/postgres.py python tests/benchmarks/longform.py
	$(PYTHON) tests/postgres.py python tests/benchmarks/pages.py
	$(PYTHON) tests/postgres.py python tests/benchmarks/audit.py
	$(PYTHON) tests/benchmarks/first_view.py
	$(PYTHON) tests/postgres.py python tests/benchmarks/timetable.py
	$(BIN)/pytest tests/benchmarks

bench-documents: install ## What a report of twenty pages costs as Word, preview and PDF, and the Excel annex of 26 sheets
	$(PYTHON) tests/benchmarks/printing.py
	$(PYTHON) tests/benchmarks/annex.py

bench-growth: install ## What each page costs while the database grows from 1 to 100 counties, on PostgreSQL (half an hour)
	$(PYTHON) tests/postgres.py python tests/benchmarks/growth.py

lock: ## Write the lock files anew from pyproject.toml, with hashes (needs uv)
	deploy/lock.sh

vendor: ## Fetch the front-end libraries again (needs npm)
	python3 deploy/vendor.py

vendor-check: ## Compare the front-end libraries with their manifest, offline
	python3 deploy/vendor.py --check

translations: install ## Collect the texts of code and templates into locale/ (`make run` compiles them)
	$(PYTHON) deploy/translations.py

clean: ## Remove what can be made again: .venv, caches, collected static files. The database and keys stay.
	rm -rf .venv .pytest_cache .hypothesis .ruff_cache .mypy_cache .import_linter_cache test-results var/static var/static.fingerprint
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
