# make run    start everything; Ctrl-C stops it   make test   the whole suite (ARGS="-k booking")
# make check  format, lint, types, translations   make bench  the benchmarks (ONLY=booking)
# make clean  remove .venv and what tools left; .data, with the database, stays

.DEFAULT_GOAL := run
.PHONY: run test check bench clean chromium format lint templates types migrations translations consistency

PY := .venv/bin/python
PIP := $(PY) -m pip install --disable-pip-version-check
MANAGE := $(PY) manage.py
PYTHON ?=
NEW_ENOUGH := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
# A .venv whose Python has been removed or upgraded away is made again.
ifeq ($(shell $(PY) -c 'print(1)' 2>/dev/null),)
$(shell rm -f .venv/.stamp-*)
endif
CHECKS := format lint templates types migrations translations consistency

# Tests and checks trade durability for speed, so they get servers of their own.
test check $(CHECKS): export CBPONE_TESTING = 1
test check $(CHECKS): export CBPONE_HOME ?= $(CURDIR)/.data/test

# The type checker only reads the settings, and ends without the exit handlers that stop servers.
types: export DATABASE_URL = postgresql://nobody@localhost/none
types: export REDIS_URL = redis://localhost

run: .venv/.stamp-run
	@exec $(PY) -m cbpone.launch

test: .venv/.stamp-dev chromium $(if $(filter-out 0 false,$(CI)),check)
	$(PY) -m pytest $(or $(ARGS),-n logical)

check: $(CHECKS)
	@echo "All checks passed."

bench: .venv/.stamp-dev
	$(PY) -m bench $(ONLY)

format: .venv/.stamp-dev ; $(PY) -m ruff format --check .
lint: .venv/.stamp-dev ; $(PY) -m ruff check .
templates: .venv/.stamp-dev ; $(PY) -m djlint --lint templates
types: .venv/.stamp-dev ; $(PY) -m mypy .
migrations: .venv/.stamp-dev ; $(MANAGE) makemigrations --check --dry-run
translations: .venv/.stamp-dev ; $(MANAGE) compile_po --check
consistency: .venv/.stamp-dev ; $(PY) -m pytest tests/test_consistency.py
chromium: .venv/.stamp-dev ; @$(PY) tests/chromium.py

.venv/.stamp-dev: .venv/.stamp-run requirements-dev.txt
	@echo "Installing what tests and checks need"
	@$(PIP) -r requirements-dev.txt
	@touch $@

.venv/.stamp-run: .venv/.stamp-venv requirements.txt
	@echo "Installing what the portal needs (once, a minute or two)"
	@$(PIP) -r requirements.txt
	@touch $@

.venv/.stamp-venv:
	@for python in $(PYTHON) python3 python3.11 python3.12 python3.13 python3.14; do \
	    "$$python" -c '$(NEW_ENOUGH)' 2>/dev/null || continue; \
	    echo "Creating .venv with $$("$$python" --version)"; \
	    rm -rf .venv && "$$python" -m venv .venv && touch $@; exit; \
	done; \
	echo "This needs Python 3.11 or newer with its venv module, and found none."; \
	echo "Debian, Ubuntu: apt-get install python3-venv. Others: https://www.python.org/downloads/"; \
	echo "If it is installed under another name: make PYTHON=/path/to/python3"; exit 1

clean:
	rm -rf .venv .pytest_cache .ruff_cache .mypy_cache
	find . -name __pycache__ -not -path './.data/*' -prune -exec rm -rf {} +
