# The commands of this project. Paths are relative, so that a clone may stand under any path.
SHELL := /bin/sh
PORT ?= 8000
DEMO_CITY ?= fixtures/bozhou
PYTEST_ARGS ?= -n 2
export PORT DEMO_CITY
# each of our many short processes would compile all it imports anew
unexport PYTHONDONTWRITEBYTECODE

PYTHON_BIN := .venv/bin/python
# A stamp names what was installed and where: another lock, or a clone that was moved, installs again.
KEY := $(shell { cat requirements.lock requirements-dev.lock pyproject.toml; pwd; } | cksum | cut -d' ' -f1)
PRODUCT := .venv/product-$(KEY).stamp
DEV := .venv/dev-$(KEY).stamp

.PHONY: demo demo-reset test bench torture lint format lock dev

demo: $(PRODUCT)
	@exec $(PYTHON_BIN) -m config.demo

demo-reset: $(PRODUCT)
	@exec $(PYTHON_BIN) -m config.demo reset

test: $(DEV)
	@sh deploy/test_tools.sh
	@exec $(PYTHON_BIN) -m pytest $(PYTEST_ARGS)

bench: $(DEV)
	@exec $(PYTHON_BIN) -m bench

# another run: make torture TORTURE_ARGS="--cases 50 --kills 10 --seed 7"
torture: $(DEV)
	@exec $(PYTHON_BIN) -m bench.torture $(TORTURE_ARGS)

lint: $(DEV)
	$(PYTHON_BIN) -m ruff check
	$(PYTHON_BIN) -m ruff format --check
	$(PYTHON_BIN) -m mypy
	$(PYTHON_BIN) -c 'import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(config_filename="pyproject.toml"))'

format: $(DEV)
	$(PYTHON_BIN) -m ruff check --fix
	$(PYTHON_BIN) -m ruff format

dev: $(DEV)

# New versions into the locks: one for every Python and platform that is supported, without the name of any index.
COMPILE := $(PYTHON_BIN) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --upgrade
lock: $(PRODUCT)
	$(COMPILE) requirements.in -o requirements.lock
	$(COMPILE) requirements-dev.in -c requirements.lock -o requirements-dev.lock

$(PRODUCT):
	@sh deploy/venv.sh requirements.lock
	@rm -f .venv/*.stamp && touch $@

$(DEV):
	@sh deploy/venv.sh requirements-dev.lock
	@rm -f .venv/*.stamp && touch $(PRODUCT) $@
