# Every target works from nothing: Python 3.11 or newer and make are all that is needed.
# Relative paths only, so that the checkout may lie in a folder with spaces.

.DEFAULT_GOAL := help
.PHONY: help setup demo clean-demo test walk lint types bench run localstripe messages vendor requirements schema
MAKEFLAGS += --no-print-directory

PY := .venv/bin/python
STAMP := .venv/.installed
WORKERS ?= 2
FUZZ ?= 1

help: ## Show the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

setup: $(STAMP) ## Create .venv with the pinned requirements

$(STAMP): requirements.txt requirements-dev.txt
	@sh tools/make_venv.sh
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $(STAMP)

demo: $(STAMP) ## Run everything with a demo network (Ctrl-C stops)
	@export LOG_FORMAT=$${LOG_FORMAT:-text}; exec $(PY) manage.py demo

clean-demo: $(STAMP) ## Remove the demo's data
	@$(PY) manage.py clean-demo

run: $(STAMP) ## Run the web process alone, against the servers that run
	@$(PY) -m uvicorn portal.asgi:application --port $${WEB_PORT:-8000} --reload --reload-dir .

test: $(STAMP) ## Run all tests but the walk (WORKERS=2)
	@$(PY) -m pytest -q -n $(WORKERS) -m "not walk"

walk: $(STAMP) ## Look at every page with a browser, call all of the API (WALK=whole FUZZ=50: all roles, many calls)
	@WALK=$(WALK) FUZZ=$(FUZZ) $(PY) -m pytest -q -n $(WORKERS) -m walk

LOCALSTRIPE := var/localstripe

localstripe: $(STAMP) ## Smoke tests of card payments against localstripe, in an environment of its own
	@test -x $(LOCALSTRIPE)/bin/localstripe || { $(PY) -m venv $(LOCALSTRIPE) && \
		$(LOCALSTRIPE)/bin/python -m pip install --quiet --disable-pip-version-check localstripe==1.15.10; }
	@LOCALSTRIPE_PYTHON=$(LOCALSTRIPE)/bin/python $(PY) -m pytest -q -n0 billing/payments/stripe/tests/test_localstripe.py

lint: $(STAMP) ## Check style, types, imports, templates, migrations, messages, schema
	@sh tools/lint.sh

types: $(STAMP) ## Check types alone
	@$(PY) -m mypy .

bench: $(STAMP) ## Measure the bridge (JSON on standard output)
	@$(PY) -m benchmarks.bridge

messages: $(STAMP) ## Extract and compile the texts of all languages
	@mkdir -p locale/sv/LC_MESSAGES
	@$(PY) manage.py makemessages -l sv --no-obsolete --add-location file --ignore=.venv --ignore=var --ignore=static \
		--ignore='tests/*' --ignore='*/tests/*' --ignore='tools/*' --ignore='benchmarks/*'
	@$(PY) manage.py compilemessages -l sv --ignore=.venv

schema: $(STAMP) ## Write docs/openapi.yaml from the API
	@$(PY) manage.py spectacular --file docs/openapi.yaml

vendor: $(STAMP) ## Fetch the front-end files of tools/vendor.toml
	@$(PY) tools/vendor.py

requirements: $(STAMP) ## Compile requirements*.in to pinned files with hashes
	@$(PY) -m uv pip compile --universal --python-version 3.11 --generate-hashes requirements.in -o requirements.txt
	@$(PY) -m uv pip compile --universal --python-version 3.11 --generate-hashes requirements-dev.in -o requirements-dev.txt
