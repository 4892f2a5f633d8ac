# gesta: one target per thing a person does here. Needs Python >= 3.11 and make; everything else goes into .venv.

VENV   := .venv
PYTHON := $(VENV)/bin/python
PIP    := $(PYTHON) -m pip --quiet --disable-pip-version-check --no-input
# Locked packages first, each checked against its hash; then gesta and its worker client from this folder, which need no network.
LOCKED   := $(PIP) install --require-hashes --requirement
EDITABLE := $(PIP) install --no-deps --no-build-isolation --no-index --editable . --editable clients/python

RUNTIME := $(VENV)/.runtime-installed
DEV     := $(VENV)/.dev-installed
PYTEST  := $(PYTHON) -m pytest
# These levels wait more than they compute: two processes, each with databases and servers of its own.
BESIDE  := $(PYTEST) --numprocesses 2 --dist loadfile
SOURCES := domain projections api clients/python tests

.DEFAULT_GOAL := help
.PHONY: help install run demo test fuzz bench format lock record clean

help:
	@echo 'make install  prepare .venv            make run     the server on 127.0.0.1:8080, data under .gesta/'
	@echo 'make demo     see it work, end to end  make test    format, lint, types, import rules, every test'
	@echo 'make bench    print figures            make format  reformat and fix what ruff can'
	@echo 'make fuzz     many random requests to every operation; EXAMPLES=100 each'
	@echo 'make lock     renew the locks (uv)     make record ORACLE=URL  record golden answers from Camunda'

install: $(RUNTIME)

run: $(RUNTIME)
	@$(VENV)/bin/gesta serve

demo: $(RUNTIME)
	@$(VENV)/bin/gesta demo

# Fails fast: the quick checks first, then the levels from the smallest to the largest.
test: $(DEV)
	@echo '== format';                $(PYTHON) -m ruff format --check .
	@echo '== lint';                  $(PYTHON) -m ruff check .
	@echo '== types';                 $(PYTHON) -m mypy
	@echo '== import rules';          $(VENV)/bin/lint-imports
	@echo '== unit';                  $(PYTEST) tests/unit
	@echo '== integration';           $(BESIDE) tests/integration
	@echo '== acceptance';            $(BESIDE) tests/acceptance

bench: $(DEV)
	@$(PYTEST) --capture=no --quiet tests/benchmarks

# Other requests every time; what fails is printed so that it can be sent again.
EXAMPLES := 100
fuzz: $(DEV)
	@FUZZ_EXAMPLES=$(EXAMPLES) $(PYTEST) tests/acceptance/fuzz

format: $(DEV)
	@$(PYTHON) -m ruff format .
	@$(PYTHON) -m ruff check --fix .

record: $(DEV)
	@test -n '$(ORACLE)' || { echo 'usage: make record ORACLE=http://127.0.0.1:8088/engine-rest' >&2; exit 2; }
	@$(PYTHON) -m tests.acceptance.oracle record '$(ORACLE)' tests/acceptance/golden

# The locks serve every Python from 3.11 on. `uv` is needed for this one target only.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header $(LOCK_FLAGS) pyproject.toml --group build
lock:
	$(LOCK) --output-file requirements.txt
	$(LOCK) --group dev --constraint requirements.txt --output-file requirements-dev.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# A virtual environment that no longer runs (a moved folder, a removed Python) is made anew.
$(RUNTIME): requirements.txt pyproject.toml clients/python/pyproject.toml
	@$(PYTHON) -c '' 2>/dev/null || ./.ci/make-venv $(VENV)
	@echo 'installing into $(VENV) ...'
	@$(LOCKED) requirements.txt
	@$(EDITABLE)
	@touch $@

$(DEV): $(RUNTIME) requirements-dev.txt
	@echo 'installing the test tools into $(VENV) ...'
	@$(LOCKED) requirements-dev.txt
	@touch $@
