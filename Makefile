# Needs make and Python 3.11 or newer; `make messages` needs GNU gettext too.
# Everything it installs goes into .venv, which `make clean` takes away.

PORT ?= 8000
BASE_URL ?= http://localhost:$(PORT)
# Passed on to load_demo, and to pytest.
DEMO_ARGS ?=
TEST_ARGS ?=
# Passed on to the benchmark; docs/how-to/benchmark.md names what else it reads.
BENCH_ARGS ?=
# Another Python to make .venv with: make demo PYTHON=/path/to/python
PYTHON ?= python3.13 python3.12 python3.11 python3

# Relative, here and below, so that the directory's own path may hold spaces.
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
MANAGE := $(PY) example_site/manage.py
CLIENT := clients/typescript

export PORT BASE_URL
# Somebody else’s settings, left in the environment, are not meant for this.
unexport DJANGO_SETTINGS_MODULE
export DJANGO_RUNSERVER_HIDE_WARNING := true

.DEFAULT_GOAL := help
.PHONY: help demo test bench client lint messages clean venv install install-test install-bench install-lint

help:
	@echo "make demo      set up the example site and serve it (PORT=8000, DEMO_ARGS=)"
	@echo "make test      run the quick tests on SQLite (TEST_ARGS=)"
	@echo "make bench     measure what reading costs (BENCH_ARGS=, BENCH_JSON=)"
	@echo "make client    make the types of the headless client anew, and check everything typed"
	@echo "make lint      ruff, mypy, and the floors of the house"
	@echo "make messages  collect and compile the texts for translators"
	@echo "make clean     remove .venv and what was built or measured; keeps the demo's data"

demo: install
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) load_demo $(DEMO_ARGS)
	@echo
	@echo "  In English       $(BASE_URL)/en/"
	@echo "  In Dutch         $(BASE_URL)/nl/"
	@echo "  Headless client  $(BASE_URL)/headless/"
	@echo "  Wagtail's API    $(BASE_URL)/api/v2/pages/"
	@echo "  Regional API     $(BASE_URL)/api/v3/regional/alliances/"
	@echo "                   $(BASE_URL)/api/v3/docs/"
	@echo "  Admin            $(BASE_URL)/admin/"
	@echo "                   editor / regional-demo, or admin / regional-demo"
	@echo
	@$(MANAGE) runserver --noreload $(PORT)

test: install-test
	@$(PY) -m pytest -n auto --dist loadgroup -m "not browser and not fuzz and not slow" $(TEST_ARGS)

bench: install-bench
	@$(PY) -m benchmarks $(BENCH_ARGS)

# Needs Node.js and npm. The types are made from the OpenAPI document, which is made from the code.
client: install
	@$(MANAGE) regional_openapi > $(CLIENT)/openapi.json
	@cd $(CLIENT) && if ! [ node_modules/.package-lock.json -nt package-lock.json ]; then \
	  npm ci --no-audit --no-fund --loglevel error; \
	fi
	@cd $(CLIENT) && npm run --silent types && npm run --silent check

lint: install-lint
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports

# Run in each directory by itself, without settings: then texts go to the `locale` right there.
messages: install
	@for directory in wagtail_regional example_site; do \
	  (cd $$directory && ../$(PY) -P -m django makemessages --locale nl --no-obsolete \
	    --add-location file && ../$(PY) -P -m django compilemessages --locale nl) || exit 1; \
	done

clean:
	rm -rf $(VENV) build dist wagtail_regional.egg-info example_site/static_root htmlcov .coverage \
	  .pytest_cache .ruff_cache .mypy_cache .hypothesis $(CLIENT)/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A Python is tried by running it: a version manager may leave names that start nothing. What is
# left of a .venv that was broken off, or whose Python is gone, is made anew.
venv:
	@if ! $(PY) -c 'import sys, pip._internal.cli.main; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	  for python in $(PYTHON); do \
	    if "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' \
	      2>/dev/null; then \
	      echo "Making $(VENV) with $$("$$python" --version)"; \
	      exec "$$python" -m venv --clear $(VENV); \
	    fi; \
	  done; \
	  echo "This needs Python 3.11 or newer with venv; tried: $(PYTHON)." >&2; \
	  echo "On Debian and Ubuntu, install python3-venv." >&2; \
	  exit 1; \
	fi

# Each installs only when pyproject.toml is newer than the last time. The stamps are inside
# .venv, so that they go with it.
install: venv
	@if ! [ $(VENV)/.installed -nt pyproject.toml ]; then \
	  echo "Installing what the demo needs"; \
	  $(PIP) install --editable ".[factories]" dj-database-url && touch $(VENV)/.installed; \
	fi

install-test: install
	@if ! [ $(VENV)/.installed-test -nt pyproject.toml ]; then \
	  echo "Installing what the tests need"; \
	  $(PIP) install --upgrade "pip>=25.1" && $(PIP) install --group test && \
	    touch $(VENV)/.installed-test; \
	fi

install-bench: install
	@if ! [ $(VENV)/.installed-bench -nt pyproject.toml ]; then \
	  echo "Installing what measuring needs"; \
	  $(PIP) install --upgrade "pip>=25.1" && $(PIP) install --group bench && \
	    touch $(VENV)/.installed-bench; \
	fi

install-lint: install
	@if ! [ $(VENV)/.installed-lint -nt pyproject.toml ]; then \
	  echo "Installing what linting needs"; \
	  $(PIP) install --upgrade "pip>=25.1" && $(PIP) install --group dev && \
	    touch $(VENV)/.installed-lint; \
	fi
