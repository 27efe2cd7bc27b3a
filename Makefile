# Everything runs in a virtual environment that this file makes; nothing else is needed.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PYTEST := pytest -n 2 --dist worksteal
PIP_INSTALL := pip install --quiet --disable-pip-version-check
ANSWERS := --leaning-back --downhill-running --prolonged-standing --no-coughing --referral buttock --age 42
# All that `lbp-infer` alone may bring, in megabytes.
HEAVIEST := 130
# The first that starts; the name alone may be a stand-in that does not.
PYTHON312 ?= $(shell for p in python3.14 python3.13 python3.12; do $$p -c "" 2>/dev/null && echo $$p && break; done)
CIRCUITS := $(VENV)/circuits
COMPILED := $(VENV)/.compiled

.PHONY: help demo test thorough check lint types browser service fhir clusters validate interviews bench schema wheel install-check lowest newest lock clean

help: ## This list.
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name what; do \
		printf '%-14s %s\n' "$$name" "$$what"; done

demo: $(STAMP) ## The main job: a runner's answers in, causes, next question and pathway out.
	$(BIN)/lbp-infer $(ANSWERS)

test: $(COMPILED) ## The tests.
	$(BIN)/$(PYTEST)

thorough: DEPTH ?= 10
thorough: $(STAMP) ## The properties on ten times as many examples (DEPTH=10).
	DEPTH=$(DEPTH) $(BIN)/$(PYTEST) tests/inference tests/analysis tests/model tests/network tests/diagnosis

check: lint types test ## What runs before each commit: format, lint, types, tests.

lint: $(STAMP) ## Format and lint, changing nothing.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(STAMP) ## Types.
	$(BIN)/mypy

# apt-get takes root; elsewhere Chromium comes from the system's own store. CHROMIUM names another one.
browser: $(STAMP) ## Pages in Chromium: accessible by axe-core, by keyboard, without JavaScript, printed.
	@command -v $(or $(CHROMIUM),chromium) >/dev/null || apt-get install -y chromium || \
		{ echo "Chromium is needed: as root 'apt-get install chromium', or say CHROMIUM=PROGRAM"; exit 1; }
	$(BIN)/$(PIP_INSTALL) -c constraints.txt -e ".[browser]"
	CHROMIUM=$(or $(CHROMIUM),chromium) $(BIN)/pytest -m browser tests/diagnosis/test_page_in_browser.py tests/service/test_served_page_in_browser.py

service: EXAMPLES ?= 200
service: $(STAMP) ## The service by what knows only its description: schemathesis, clients in two languages.
	$(BIN)/$(PIP_INSTALL) -c constraints.txt -e ".[contract]"
	EXAMPLES=$(EXAMPLES) $(BIN)/pytest -m service tests/service/test_contract.py

# Node comes from the system, its packages from npm, into build/fhir.
fhir: PEOPLE ?= 500
fhir: $(STAMP) ## FHIR resources of PEOPLE=500 drawn people by three validators, and a client over a socket.
	@command -v npm >/dev/null || echo "npm is not installed: what Node checks is skipped"
	PEOPLE=$(PEOPLE) $(BIN)/pytest -m fhir tests/fhir tests/service/test_adaptive_client.py

# apt-get takes root; elsewhere Java comes from the system's own store.
clusters: ROWS ?= 100000
clusters: $(STAMP) ## Tables on Dask, Ray and Spark (ROWS=100000, OPTIONS=): validation/clusters.md.
	@java -version 2>/dev/null || apt-get install -y openjdk-17-jre-headless || \
		{ echo "Java 17 or newer is needed: as root 'apt-get install openjdk-17-jre-headless'"; exit 1; }
	$(BIN)/$(PIP_INSTALL) -c constraints.txt -e ".[ray,spark]"
	$(BIN)/pytest -m clusters tests/clusters
	$(BIN)/python -m lbp_validation.clusters --rows $(ROWS) $(OPTIONS)

validate: $(STAMP) ## The validation of the model (under ten minutes): validation/report.html, report.md.
	$(BIN)/pytest -m validation
	$(BIN)/python -m lbp_validation

interviews: PEOPLE ?= 200
interviews: PROCESSES ?= 2
interviews: $(STAMP) ## Interviews by policies, 20 minutes (PEOPLE=200, PROCESSES=2, OPTIONS=): validation/interviews.md, .svg.
	$(BIN)/python -m lbp_validation.interviews --people $(PEOPLE) --processes $(PROCESSES) $(OPTIONS)

# A contender of the benchmark, compiled-knowledge, needs Python 3.12 or newer: say PYTHON312=PROGRAM,
# else the newest on the PATH is taken. Where there is none its rows say so.
bench: $(STAMP) $(if $(PYTHON312),$(CIRCUITS)/.installed) ## The benchmarks: validation/benchmark.md, benchmark.svg.
	$(BIN)/python -m lbp_validation.bench $(if $(PYTHON312),--python312 $(CIRCUITS)/bin/python)

$(CIRCUITS)/.installed:
	-$(PYTHON312) -m venv $(CIRCUITS)
	-$(CIRCUITS)/bin/pip install --quiet --disable-pip-version-check "compiled-knowledge>=4.2,<5"
	mkdir -p $(CIRCUITS)
	touch $@

schema: $(STAMP) ## The schemas of model files and of overlays, the reference, the OpenAPI description.
	$(BIN)/python -m bayesnet.model.format.schema
	$(BIN)/python -m bayesnet.model.format.overlay_schema
	$(BIN)/python -m bayesnet.model.format.reference
	$(BIN)/python -m lbp_service.http.openapi_file

wheel: $(STAMP) ## The source archive and the wheel, in dist/.
	rm -rf dist
	$(BIN)/python -m build --outdir dist .

# As a person without git and make has it: pipx, none of the extras, no constraints.
install-check: wheel ## Installs the wheel with pipx, says seconds and size, runs the first command.
	rm -rf build/pipx
	@start=$$(date +%s); \
	PIPX_HOME=$(CURDIR)/build/pipx PIPX_BIN_DIR=$(CURDIR)/build/pipx/bin \
		$(BIN)/pipx install --quiet --backend pip --python $(abspath $(BIN))/python dist/*.whl; \
	size=$$(du -sm build/pipx/venvs/lbp-infer | cut -f1); \
	echo "installed in $$(( $$(date +%s) - start )) s: $$size MB, $(HEAVIEST) at most"; \
	test $$size -le $(HEAVIEST)
	build/pipx/bin/lbp-infer $(ANSWERS)

lowest: ## The tests with the lowest versions that pyproject.toml allows.
	$(PYTHON) -m venv --clear build/lowest
	build/lowest/bin/$(PIP_INSTALL) -c constraints-lowest.txt -e ".[test]"
	build/lowest/bin/$(PYTEST)

# pyenv shows its interpreters only where PYENV_VERSION names them.
newest: NEWEST ?= $(shell PYENV_VERSION="$$(pyenv versions --bare 2>/dev/null | paste -sd: -)"; \
	export PYENV_VERSION; for minor in $$(seq 29 -1 12); do \
	python3.$$minor -c 'import sys; print(sys.executable)' 2>/dev/null && break; done)
newest: ## The tests on the newest Python found (or NEWEST=python3.x), with the newest versions.
	@python="$(NEWEST)"; \
	if [ -z "$$python" ]; then echo "skipped: no Python newer than 3.11 found"; else \
	"$$python" --version && "$$python" -m venv --clear build/newest && \
	build/newest/bin/$(PIP_INSTALL) -e ".[test]" && build/newest/bin/$(PYTEST); fi

# What resolves today, written down for every later build: the newest versions and the lowest.
lock: $(STAMP) ## Renews constraints.txt and constraints-lowest.txt.
	$(BIN)/pip install --upgrade --upgrade-strategy eager -e ".[browser,contract,ray,spark,dev]"
	$(BIN)/pip freeze --exclude-editable > constraints.txt
	$(BIN)/uv pip compile --quiet --upgrade --no-header --no-annotate --resolution lowest-direct \
		--python-version 3.11 --extra test pyproject.toml --output-file constraints-lowest.txt

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/$(PIP_INSTALL) -c constraints.txt -e ".[dev]"
	$(BIN)/python -m compileall -q bayesnet cli/lbp_fhir cli/lbp_infer cli/lbp_service validation/lbp_validation
	touch $@

# What numba compiles stays beside the code: done once here, and not in each process of the tests.
$(COMPILED): $(STAMP)
	$(BIN)/python -c 'import bayesnet; car = bayesnet.load_model("car-start", "numba"); car.diagnose(); car.diagnose_many([{}])'
	touch $@

clean: ## Removes what the other targets made.
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
