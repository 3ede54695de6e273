# Lingjun 领军. `make help` lists what can be asked.
# The environment lies in .venv and is made anew when the lock or the project file changes.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
CYCLE ?= 2022-2023
export LINGJUN_HOME ?= $(CURDIR)/var

.DEFAULT_GOAL := help
.PHONY: help install run demo test clauses check fmt crash bench lock migrations clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(READY) ## Make the environment (.venv) from requirements.lock
$(READY): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@touch $@

run: $(READY) ## Start the platform in one process, play a cycle as its client on an empty store (CYCLE=2019-2020), go on serving
	@$(BIN)/lingjun demo --serve --cycle $(CYCLE)

demo: $(READY) ## The same as run, but end after the cycle
	@$(BIN)/lingjun demo --cycle $(CYCLE)

test: $(READY) ## Run all tests but the long kill runs (those: make crash)
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal -m "not crash"

clauses: $(READY) ## Run the tests that show clauses, and write docs/clauses.md from what they really called
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal -m "not crash" \
	  -p tests.support.clauses --clauses-page=docs/clauses.md

check: $(READY) ## Format, lint, types, import contracts, dependencies
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/pyrefly check --summarize-errors
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/deptry .

fmt: $(READY) ## Format and mend what the linter can mend
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

crash: $(READY) ## Kill -9 at random moments: the embedded home, processes of the networked one, its broker and database
	@$(BIN)/python -m pytest -q -m crash tests/crash

bench: $(READY) ## Measure against the bars, for a quarter of an hour (ONLY=name for one)
	@$(BIN)/python -m tests.bench $(if $(ONLY),--only $(ONLY))

lock: $(READY) ## Resolve the dependencies anew into requirements.lock
	@env -u UV_INDEX_URL -u UV_DEFAULT_INDEX UV_NO_CONFIG=1 $(BIN)/uv pip compile --quiet --upgrade --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --all-extras --python-version 3.11 -o requirements.lock pyproject.toml

clean: ## Remove the environment and all local state
	@rm -rf $(VENV) var .pytest_cache .ruff_cache *.egg-info
	@find deploy gateway services shared tests -name __pycache__ -prune -exec rm -rf {} +
