# Corridor: two commands to remember are `make demo` and `make test`.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SEEDS  ?= 30
FIRST  ?= 0
PORT   ?= 8765

.PHONY: demo test test-heavy lint docs bench storm clean

$(VENV)/site: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/dev: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@ $(VENV)/site

demo: $(VENV)/site          ## sets up and serves a populated site
	$(BIN)/corridor demo --port $(PORT)

test: $(VENV)/dev           ## all tests that need no browser, server or Java
	$(BIN)/python -m pytest -n auto --dist worksteal

test-heavy: $(VENV)/dev     ## the marked suites: browser, referee, storms, servers
	$(BIN)/python -m pytest -m heavy -n auto --dist loadfile

lint: $(VENV)/dev           ## style, types, who may import whom, stale reference
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m docs.generate --check

docs: $(VENV)/dev           ## writes docs.generate/ again
	$(BIN)/python -m docs.generate

bench: $(VENV)/dev          ## every benchmark, one after the other
	for each in bench/*.py; do \
	  case $$each in bench/__init__.py) ;; *) \
	    $(BIN)/python -m bench.$$(basename $$each .py) || exit 1 ;; esac; done

storm: $(VENV)/dev          ## the independent referee: make storm SEEDS=1000 FIRST=0
	$(BIN)/python -m tests.storms.run_referee --adapter cipher --seeds $(SEEDS) --first $(FIRST)

clean:
	rm -rf $(VENV) build dist
