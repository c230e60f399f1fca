# make run: measure everything and draw it.   make test: the tests.   make check: all that has to hold.
# Nothing outside this checkout is touched; .venv and .cache can be deleted at any time.

PYTHON ?= python3
VENV ?= .venv
OPTIONS ?=
BIN := $(VENV)/bin

export PIP_CACHE_DIR := $(CURDIR)/.cache/pip
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export MPLCONFIGDIR := $(CURDIR)/.cache/matplotlib
unexport PYTHONDONTWRITEBYTECODE # with it, every trial and every test's child compiles the lab anew

.PHONY: run test check format benchmarks clean

run: $(VENV)/installed
	@$(BIN)/lab run all $(OPTIONS); code=$$?; \
	echo "Open results/index.html (with --out, the index.html that it says); the plots are in results/*/*.png"; exit $$code

test: $(VENV)/installed-for-tests
	$(BIN)/pytest -n 3 --dist loadfile --basetemp=$(VENV)/tests $(OPTIONS)

check: $(VENV)/installed-for-tests
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(MAKE) test

format: $(VENV)/installed-for-tests
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

benchmarks: $(VENV)/installed-for-tests
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/harness_tax.py
	$(BIN)/python benchmarks/orchestration.py

clean:
	rm -rf $(VENV) .cache

$(VENV)/pip: constraints.txt
	@$(PYTHON) lab/core/pythons.py
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade --constraint constraints.txt pip
	@touch $@

$(VENV)/installed: $(VENV)/pip pyproject.toml
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --build-constraint constraints.txt --editable '.[uvloop,arms]'
	@touch $@

$(VENV)/installed-for-tests: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev
	@touch $@
