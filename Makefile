# Two commands: `make demo` and `make test`. Both make the environment first.
#   TORCH_INDEX_URL=https://download.pytorch.org/whl/cpu   torch without CUDA (or /cu130 …)
#   WHEELS=wheels                                          a folder of wheels; no internet is used
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
TORCH_INDEX_URL ?=
WHEELS ?=
PYTEST_ARGS ?=

PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --progress-bar off
FROM := $(if $(WHEELS),--no-index --find-links $(WHEELS))
TORCH_FROM := $(if $(WHEELS),$(FROM),$(if $(TORCH_INDEX_URL),--index-url $(TORCH_INDEX_URL)))
TORCH := $(shell grep '^torch==' constraints.txt)

.PHONY: demo test check slow install install-dev wheels clean

demo: install
	$(BIN)/ragft index data/primer --index index/primer --offline
	$(BIN)/ragft ask "What does MAS stand for?" --index index/primer

test: install-dev
	$(MAKE) --no-print-directory check

# Lint, types, import rules and the fast tests, in an environment that stands already.
check:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -m "not slow and not gpu" $(PYTEST_ARGS)

slow:
	$(BIN)/python -m pytest -m "slow and not gpu" --timeout 900 --durations 5 $(PYTEST_ARGS)

install: $(VENV)/.installed
install-dev: $(VENV)/.installed-dev

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "ragft needs Python 3.11 or newer: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; exit 2; }
	@echo "Making the environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

# torch goes first, so that its index or its wheel decides between CPU and CUDA.
$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing $(TORCH): the largest part; CUDA builds take several minutes and gigabytes"
	@$(PIP) $(TORCH_FROM) $(TORCH)
	@echo "Installing ragft and its libraries: one to three minutes"
	@$(PIP) $(FROM) -c constraints.txt -e ".[embedded]"
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@echo "Installing the tools for tests: under a minute"
	@$(PIP) $(FROM) -c constraints.txt -e ".[embedded,dev]"
	@touch $@

# Everything that both commands install, to carry to a machine without internet.
wheels: $(VENV)/bin/python
	@echo "Downloading wheels into wheels/: several minutes"
	@$(BIN)/python -m pip --disable-pip-version-check download --quiet -d wheels $(TORCH_FROM) $(TORCH)
	@$(BIN)/python -m pip --disable-pip-version-check wheel --quiet -w wheels --find-links wheels -c constraints.txt ".[embedded,dev]" hatchling editables

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

# The report of a real run over our own questions, and the gate that holds a change against it.
ANSWERING := $(addprefix configs/systems/,quotes.yaml quotes-10.yaml quotes-unverified.yaml \
  $(if $(wildcard data/readers/CURRENT),reader.yaml) flan-t5-small-unverified.yaml closed-book.yaml)
CORPUS ?= ../shared/corpus

.PHONY: results results-corpus gate
results: install
	$(BIN)/ragft index data/primer --index index/primer --offline
	$(BIN)/ragft eval data/eval/primer.jsonl $(ANSWERING) --index index/primer --out docs/results/primer \
	  --title "Our questions over the primer"

# The documents are not ours to ship, so the report names passages and keeps no text of them.
results-corpus: install
	$(BIN)/ragft index $(CORPUS)/pdf $(CORPUS)/acts $(CORPUS)/text --index index/corpus --offline
	$(BIN)/ragft eval data/eval/corpus.jsonl $(ANSWERING) --index index/corpus --out docs/results/corpus \
	  --title "Our questions over MAS documents" --no-texts

gate: install
	$(BIN)/ragft index data/primer --index index/primer --offline
	$(BIN)/ragft eval data/eval/primer.jsonl configs/systems/quotes.yaml --index index/primer --out runs/gate
	$(BIN)/ragft gate --baseline docs/results/primer/results.json --candidate runs/gate/results.json --system quotes
