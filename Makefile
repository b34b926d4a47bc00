# Everything starts from a Python >= 3.11 with pip and venv; uv comes into `.bootstrap`.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)
UV := .bootstrap/bin/uv
RUN := $(UV) run --no-sync

.PHONY: demo test lint types tests test-template test-project chromium unit wheel bench clean sync

demo: sync
	$(RUN) unverse demo

test: lint types tests wheel

lint: sync
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(UV) lock --check

types: sync
	$(RUN) mypy

tests: sync chromium
	$(RUN) pytest -n 2 -m "not template" --cov --cov-report=term:skip-covered

# Said once and at the start, not by every test that needs it.
chromium: sync
	@$(RUN) python tests/browser/installed.py

# Every kind of project that `unverse new` makes, from nothing to its last job: minutes.
test-template: sync
	$(RUN) pytest tests/scaffold/test_projects.py -v -s

# The one that it makes when nothing is asked: about two minutes, in CI each time.
test-project: sync
	$(RUN) pytest tests/scaffold/test_projects.py -v -s -k default

# What is quick and needs no network, while you work.
unit: sync
	$(RUN) pytest -n 2 -m "not slow"

# The wheel that is shipped, in an environment that holds nothing else.
wheel: sync
	rm -rf build/wheel && $(UV) build --quiet --out-dir build/wheel
	$(UV) venv --quiet --clear --python .venv/bin/python build/clean
	$(UV) pip install --quiet --python build/clean/bin/python build/wheel/*.whl
	PATH="$(CURDIR)/build/clean/bin:$$PATH" $(CURDIR)/.venv/bin/python tests/wheel.py

bench: sync
	$(RUN) python -m benchmarks

clean:
	rm -rf .bootstrap .venv build dist

sync: $(UV)
	$(UV) sync --quiet --locked --python "$$(.bootstrap/bin/python -c 'import sys; print(sys._base_executable)')"

$(UV):
	@test -n "$(PYTHON)" || { echo "no Python >= 3.11 found: make PYTHON=/path/to/python3 …" >&2; exit 1; }
	$(PYTHON) -m venv .bootstrap
	.bootstrap/bin/python -m pip install --quiet --disable-pip-version-check "uv>=0.13"
