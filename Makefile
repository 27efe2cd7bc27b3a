# Everything runs in a virtual environment that this file makes; nothing else is needed.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# The first that starts; the name alone may be a stand-in that does not.
PYTHON312 ?= $(shell for p in python3.14 python3.13 python3.12; do $$p -c "" 2>/dev/null && echo $$p && break; done)
CIRCUITS := $(VENV)/circuits

.PHONY: demo test check lint types validate bench schema lock clean

demo: $(STAMP)
	$(BIN)/lbp-infer --leaning-back --downhill-running --prolonged-standing --no-coughing --referral buttock --age 42

test: $(STAMP)
	$(BIN)/pytest -n 2 --dist worksteal

check: lint types test

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(STAMP)
	$(BIN)/mypy

validate: $(STAMP)
	$(BIN)/python -m lbp_validation

# A contender of the benchmark, compiled-knowledge, needs Python 3.12 or newer: say PYTHON312=PROGRAM,
# else the newest on the PATH is taken. Where there is none its rows say so.
bench: $(STAMP) $(if $(PYTHON312),$(CIRCUITS)/.installed)
	$(BIN)/python -m lbp_validation.bench $(if $(PYTHON312),--python312 $(CIRCUITS)/bin/python)

$(CIRCUITS)/.installed:
	-$(PYTHON312) -m venv $(CIRCUITS)
	-$(CIRCUITS)/bin/pip install --quiet --disable-pip-version-check "compiled-knowledge>=4.2,<5"
	mkdir -p $(CIRCUITS)
	touch $@

schema: $(STAMP)
	$(BIN)/python -m bayesnet.model.format.schema

# Newest versions that resolve today, written down for every later build.
lock: $(STAMP)
	$(BIN)/pip install --upgrade --upgrade-strategy eager -e ".[dev]"
	$(BIN)/pip freeze --exclude-editable > constraints.txt

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	$(BIN)/python -m compileall -q bayesnet cli/lbp_infer validation/lbp_validation
	touch $@

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
