# Every target needs only Python 3.10+; what else is needed is found or made by tests/stack (see its README).
PYTHON ?= python3
ARGS ?=

.PHONY: bench demo test quick lint format site-test stack-up stack-down stack-reset stack-status preview

test: ## everything that can run here, in a private stack that is gone afterwards
	@$(PYTHON) -m tests.stack test $(ARGS)

quick: ## engine, contract and provider tests only: a minute, no Frappe
	@$(PYTHON) -m tests.stack quick $(ARGS)

lint: ## every linter
	@$(PYTHON) -m tests.stack lint

format: ## ruff and prettier put the code in order
	@$(PYTHON) -m tests.stack format

site-test: ## tests in a stack that stays up: make site-test ARGS="tests/site/test_x.py -k y"
	@$(PYTHON) -m tests.stack site-test $(or $(ARGS),tests/site)

stack-up stack-down stack-reset stack-status:
	@$(PYTHON) -m tests.stack $(@:stack-%=%)

bench: ## benchmarks on a real site, each printing its ratio against a rival
	@$(PYTHON) -m tests.stack site-test -s -q -o python_files='bench_*.py' $(or $(ARGS),benchmarks)

demo: ## a site with made-up data to look at; prints address and login, Ctrl-C ends it
	@$(PYTHON) -m demo

preview: ## the planning engine on a sample file, plain Python
	@$(PYTHON) -m hospital_followup preview hospital_followup/seed/preview/discharges.csv
