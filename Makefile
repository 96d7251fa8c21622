# Everything that a person does with Athar. `make help` lists it.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.8
STAMP := $(VENV)/.installed
export UV_PROJECT_ENVIRONMENT := $(VENV)
# With compiled modules kept, a start takes a fraction of the time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help install up demo test model lint audit format faults bench access fuzz deploy-check clean

help: ## What can be done
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

install: $(STAMP) ## Make the virtual environment from the lock file

$(STAMP): uv.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Athar needs Python 3.11 or newer; name one with: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) \
	  || { echo "Python's venv is missing; on Debian: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/uv sync --quiet --frozen --inexact --compile-bytecode
	@touch $(STAMP)

up: $(STAMP) ## Start everything on this machine; Ctrl-C stops it, the data stay in .athar
	@exec $(BIN)/athar up

demo: $(STAMP) ## Walk cases of five associations through a throw-away stack, held to their policies
	@$(BIN)/athar demo

test: $(STAMP) ## All tests, or those in TESTS; those that need Docker say when they are skipped
	@$(BIN)/python -m pytest $(TESTS)

RUNS ?= 50
STACK ?= both
faults: $(STAMP) ## Break everything at random, RUNS times a stack; SEED=… and STACK=sqlite|postgresql|both choose
	@$(BIN)/python -m tests.faults --runs $(RUNS) --stack $(STACK) $(if $(SEED),--seed $(SEED))

model: $(STAMP) ## Tell RUNS stories in the simulated world, from SEED on; a violation prints its story
	@$(BIN)/python -m tests.model --runs $(or $(RUNS),100) --seed $(or $(SEED),1)

bench: $(STAMP) ## Measure Athar against a floor by hand; PARTS="cases growth" and STACK=embedded|postgres|both choose
	@$(BIN)/python -m benchmarks $(PARTS) --stack $(or $(filter embedded postgres,$(STACK)),both)

lint: $(STAMP) ## Formatting, ruff, mypy, and which room may know which
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/bandit --quiet --recursive --configfile pyproject.toml athar services shared

audit: $(STAMP) ## Whether an advisory is out against a library of ours; fails where the service cannot be asked
	@$(BIN)/pip-audit --strict --progress-spinner off --skip-editable

access: $(STAMP) ## Print who may open which door into docs/access.md
	@$(BIN)/python -m athar.stack.access

EXAMPLES ?= 500
fuzz: $(STAMP) ## Ask every door what its document allows and what not, EXAMPLES times each, as every role
	@ATHAR_FUZZ_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest tests/access/test_fuzz.py --timeout 7200

format: $(STAMP) ## Put the code into its form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

deploy-check: $(STAMP) ## Build the image, bring the composition up, walk a case through it, take it down
	@$(BIN)/python -m pytest tests/deploy

clean: ## Remove the virtual environment and the caches; data in .athar stay
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
