# The only interface to Sekvens: `make help` lists what there is.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help setup format check test journeys test-crash test-faults test-races laws civil-time \
	hostile fuzz-mail fuzz-api golden diagrams requirements openapi constraints run doctor demo bench \
	bench-runner bench-imports bench-dbos capacity package deploy replay clean

PYTHON ?= python3
BIN := .venv/bin
# Newer than its requirements: nothing to install.
READY := .venv/.ready

STAGE ?= dev
# Seconds.
FUZZ_FOR ?= 45
FLOOR ?=
# Tests that share a file share a process, so that what they start is started once.
WORKERS ?= auto
TESTS = $(if $(FLOOR),tests/$(FLOOR),tests)

help: ## Say what there is
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## Make .venv and install the pinned versions (the others do it when needed)

$(READY): requirements.txt requirements-dev.txt constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Sekvens needs Python 3.11 or newer; name one: make $@ PYTHON=python3.12" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing into .venv; the first time takes a minute."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--constraint constraints.txt pip setuptools wheel
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

format: $(READY) ## Format, and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only --quiet .

check: $(READY) ## Lint, types, floors and the fast tests: under a minute
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/pytest -q tests/domain tests/architecture -m "not slow"

test: $(READY) ## Every test; FLOOR=domain for one floor
	$(BIN)/pytest -q -n $(WORKERS) --dist loadfile $(TESTS)

journeys: $(READY) ## Tell every way through the ready-made sequences by HTTP, mail and the clock
	SEKVENS_JOURNEYS=all $(BIN)/pytest -q --timeout 1800 tests/journeys/test_templates_by_doors.py \
		tests/journeys/test_templates.py

test-crash: $(READY) ## Kill every door before and after each AWS call, and count what goes wrong
	SEKVENS_CRASH=all $(BIN)/pytest -q -rA --timeout 3600 -n $(WORKERS) --dist load \
		tests/services/doors/test_killed.py tests/services/test_runner_crashes.py \
		tests/services/test_intake_crashes.py tests/services/test_intake_desk_crashes.py \
		tests/services/test_departing_crashes.py \
		| awk '/ points of |^(FAILED|ERROR)|(passed|failed|error)[^"]* in [0-9.]+s/ { print } \
		/points of/ { for (at = 2; at <= NF; at++) { if ($$at == "points") points += $$(at - 1); \
			if ($$at ~ /^failures/) failures += $$(at - 1) } } \
		END { print points + 0 " points, " failures + 0 " failures" }'

test-faults: $(READY) ## Let every AWS call of every door fail in every way, and count what goes wrong
	SEKVENS_FAULTS=all $(BIN)/pytest -q -rA --timeout 3600 -n $(WORKERS) --dist load \
		tests/services/doors/test_failing.py tests/services/doors/test_standing_still.py \
		| awk '/ points, |^(FAILED|ERROR)|(passed|failed|error)[^"]* in [0-9.]+s/ { print } \
		/ points, / { for (at = 2; at <= NF; at++) { if ($$at == "points,") points += $$(at - 1); \
			if ($$at ~ /^failures/) failures += $$(at - 1) } } \
		END { print points + 0 " points, " failures + 0 " failures" }'

test-races: $(READY) ## Let all that may happen come between any two calls of a step; EVERY=4 for a quarter
	SEKVENS_RACES=$(or $(EVERY),1) $(BIN)/pytest -q -rA --timeout 7200 -n $(WORKERS) --dist load \
		tests/services/races | grep -aE "points of|races of|passed|failed|^FAILED"

laws: $(READY) ## Let people, mail and time do as they please, and hold the runner to its laws
	SEKVENS_LAWS=all $(BIN)/pytest -q tests/services/test_runner_laws.py

civil-time: $(READY) ## Try every zone, change of clocks, window and holiday of 2026 to 2030
	SEKVENS_CIVIL_TIME=all $(BIN)/pytest -q tests/domain/sequences/test_civil_time.py

hostile: $(READY) ## Read every mail of a directory cut short, changed and recoded; MAILS=dir
	SEKVENS_MAILS=$(or $(MAILS),tests/corpus) $(BIN)/pytest -q -n $(WORKERS) \
		tests/domain/mail/test_hostile_mail.py

fuzz-mail: $(READY) ## Look for bytes that hurt the reader of mail, by what code they reach; SECONDS=3600
	@test -x build/fuzz/bin/python || $(PYTHON) -m venv --system-site-packages build/fuzz
	@build/fuzz/bin/python -m pip install --quiet --disable-pip-version-check atheris==3.0.0
	PYTHONPATH=.:$$($(BIN)/python -c 'import site; print(site.getsitepackages()[0])') \
		build/fuzz/bin/python -m benchmarks.mail.fuzz $(or $(SECONDS),3600) build/fuzz/found \
		$(wildcard tests/corpus/*/)

fuzz-api: $(READY) .venv-fuzz/.ready ## Try the running API with what its description allows; FUZZ_FOR=1200
	$(BIN)/python -m tests.fuzz $(FUZZ_FOR)

.venv-fuzz/.ready: requirements-fuzz.txt
	@test -x .venv-fuzz/bin/python || $(PYTHON) -m venv .venv-fuzz
	@.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check \
		-c constraints.txt -r requirements-fuzz.txt
	@touch $@

golden: $(READY) ## Write the expected results of the mail corpus anew; review the diff like code
	$(BIN)/python -m tests.corpus.golden --write

diagrams: $(READY) ## Draw docs/diagrams/ and the map of the house anew from the code
	$(BIN)/python -m tests.architecture.diagrams --write
	$(BIN)/python -m tests.architecture.map --write

requirements: $(READY) ## Refresh docs/requirements.md from the marks on the tests
	$(BIN)/python -m tests.architecture.requirements --write

openapi: $(READY) ## Refresh docs/openapi.json; review the diff as a client would
	$(BIN)/python -m tests.architecture.openapi --write

constraints: $(READY) ## Pin in constraints.txt what is installed now
	$(BIN)/python -m tests.architecture.constraints --write

run: $(READY) ## Run all of Sekvens on this machine; Ctrl-C stops it
	$(BIN)/python -m infra.local

doctor: $(READY) ## Say what is stuck in the running stack, and what to do about it
	$(BIN)/python -m infra.local doctor

demo: $(READY) ## Play one story from template to overview, and check it; ends by itself
	$(BIN)/python -m infra.local.demo

bench: $(READY) ## Measure requests and capacity units per step
	$(BIN)/python -m benchmarks

bench-runner: $(READY) ## Measure ticks, drains and fairness among 100,000; QUICK=1, KEEP=1 for capacity
	$(BIN)/python -m benchmarks.runner $(if $(QUICK),--quick) $(if $(KEEP),--keep benchmarks/measured.json)

bench-imports: $(READY) ## Measure what each function of Lambda imports, beside bare boto3
	$(BIN)/python -m benchmarks.imports

bench-dbos: $(READY) .venv-bench/.ready ## Run the same timed workflows through us and through DBOS; WORKFLOWS=100
	$(BIN)/python -m benchmarks.side_by_side --workflows $(or $(WORKFLOWS),1000)

.venv-bench/.ready: requirements-bench.txt
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check \
		-c constraints.txt -r requirements-bench.txt
	@touch $@

capacity: $(READY) ## Compute the tables of docs/capacity.md anew
	$(BIN)/python -m benchmarks.capacity

package: $(READY) ## Build what CloudFormation deploys into build/STAGE; STAGE=dev
	$(BIN)/python -m infra.package --stage $(STAGE)

deploy: package ## Deploy build/STAGE with your AWS credentials; STAGE=dev
	$(BIN)/python -m infra.deploy --stage $(STAGE)

replay: $(READY) ## Push one mail through the intake of a running stack; MAIL=file.eml [TO=address]
	$(BIN)/python -m infra.local.replay $(MAIL) $(if $(TO),--to $(TO))

clean: ## Remove what tools left behind; keeps .venv and .local
	rm -rf build .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
