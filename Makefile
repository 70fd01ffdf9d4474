# Every target does its own set-up: plain venv and pip, in .venv. Python 3.11 or newer and make are all it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test check format bench drills fuzz soak supply slow clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Doppelwatch needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3.11 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(READY) ## watch the loopback platform and write the digest into demo-output/
	$(BIN)/doppelwatch demo --out demo-output

test: $(READY) ## the tests, with coverage
	$(BIN)/python -m pytest -m 'not slow' -n auto --maxprocesses 8 --dist worksteal --cov --cov-report=term:skip-covered

check: $(READY) ## what CI runs: formatting, lint, types, tests, a drill, known weaknesses
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(MAKE) test
	$(MAKE) supply

format: $(READY) ## format and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY) ## what we claim about speed and quality
	$(BIN)/python -m benchmarks scan --json $(ARGS)

drills: $(READY) ## what we claim about faults
	$(BIN)/python -m drills kill --json $(ARGS)
	$(BIN)/python -m drills crash --json $(ARGS)

fuzz: $(READY) ## damaged files and made-up texts, for some minutes
	$(BIN)/python -m drills fuzz --json $(ARGS)

soak: $(READY) ## a simulated week of the daemon beside faults, up to half an hour
	$(BIN)/python -m drills soak --json $(ARGS)

supply: $(READY) ## a bill of materials (dist/sbom.cdx.json), and whether something in it is known to be weak
	$(BIN)/python -m drills supply --json $(ARGS)

slow: $(READY) ## the tests that take long
	$(BIN)/python -m pytest -m slow

clean: ## remove the environment and what was built
	rm -rf $(VENV) build dist demo-output .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
