# Everything a person does with this project; `make` alone lists the commands.
# LANDING_DIR, WAREHOUSE_PATH, EXPORT_DIR, DAGSTER_HOME and AS_OF, given as arguments or in the
# environment, reach every command, as make hands both on; orchestration/config.py reads them.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Of what people read, ru or en; where it is not given, .env decides.
LOCALE ?=
SPOKEN := $(if $(LOCALE),--locale '$(LOCALE)')
# Of the benchmarks: millions of messages, businesses, days, and how often each tool runs.
SCALE ?= 1
BUSINESSES ?= 3
DAYS ?= 90
RUNS ?= 3
# Of the tests: how many files are tested at once.
WORKERS ?= auto
UV_VERSION := 0.13.9
BIN := .venv/bin
INSTALLED := .venv/.installed
IS_SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))
PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3,\
	$(shell $(name) -c '$(IS_SUPPORTED)' 2>/dev/null && echo $(name))))

REFRESH := $(BIN)/python -m orchestration.refresh
DBT_OPTIONS := --profiles-dir profiles --log-path target/logs --no-send-anonymous-usage-stats

# The tests have data of their own, made anew each time, and never see the user's.
TEST_DIR := target/test
TEST_ENV := env LANDING_DIR=$(TEST_DIR)/landing WAREHOUSE_PATH=$(CURDIR)/$(TEST_DIR)/warehouse.duckdb \
	EXPORT_DIR=$(TEST_DIR)/exports DAGSTER_HOME=$(TEST_DIR)/dagster AS_OF=2026-11-01T00:00:00Z

.PHONY: help
help: ## List the commands
	@echo "make <command> [LANDING_DIR=…] [WAREHOUSE_PATH=…] [EXPORT_DIR=…] [AS_OF=…] [LOCALE=ru|en]"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: $(INSTALLED) refresh ## Install what is missing, refresh (a demo if there is no data), print the scorecard

.PHONY: refresh
refresh: ## Refresh from landing files to exports and print the scorecard
	@$(REFRESH) $(SPOKEN)

.PHONY: check-source
check-source: $(INSTALLED) ## Say what a file is and would give, nothing loaded: FILE=… [BUSINESS=…]
	@$(BIN)/python -m orchestration.check_source --file '$(FILE)' --business '$(BUSINESS)' $(SPOKEN)

.PHONY: data-studio-link
data-studio-link: $(INSTALLED) ## Print addresses that open Data Studio on the figures: [TEMPLATE=id of a report]
	@$(BIN)/python -m orchestration.data_studio_links --template '$(TEMPLATE)'

.PHONY: dictionary
dictionary: $(INSTALLED) ## Write docs/kpis.md and docs/kpis.ru.md from the registry of KPIs
	@$(BIN)/python -m orchestration.dictionary

.PHONY: docs
docs: $(INSTALLED) ## Write target/docs/index.html: every table, column and test on one page, after a refresh
	@$(BIN)/python -m orchestration.model_docs

.PHONY: doctor
doctor: $(INSTALLED) ## Say what is configured, what is missing, what is wrong and how to mend it: [LOCALE=ru|en]
	@$(BIN)/python -m orchestration.doctor $(SPOKEN)

.PHONY: dev
dev: $(INSTALLED) ## Open Dagster at http://localhost:3000, with the nightly refresh and the sensor
	@home="$$($(BIN)/python -m orchestration.home)" && \
		DAGSTER_HOME="$$home" $(BIN)/dagster dev -m orchestration.definitions

# What the tests open exports with: a database, a browser, an office. They are installed for
# whoever may install; where one is missing the tests say so, and the others go on.
TEST_PROGRAMS := initdb:postgresql chromium:chromium soffice:libreoffice-calc-nogui \
	pdftotext:poppler-utils
TEST_FONT := /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf

.PHONY: test-servers
test-servers:
	@missing=""; \
	for program in $(TEST_PROGRAMS); do \
		command -v "$${program%%:*}" >/dev/null || ls /usr/lib/postgresql/*/bin/"$${program%%:*}" >/dev/null 2>&1 \
			|| missing="$$missing $${program#*:}"; \
	done; \
	test -e $(TEST_FONT) || missing="$$missing fonts-dejavu-core"; \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing for the tests:$$missing" && apt-get -qq update >/dev/null 2>&1; \
		DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $$missing \
			>/dev/null 2>&1 || echo "Not all could be installed: the tests that need it are left out"; \
	fi

.PHONY: test
test: lint test-servers ## Check everything: style, types, rooms, models, data, commands; leaves the user's data alone
	@echo "Refreshing the demo in $(TEST_DIR), testing its data"
	@rm -rf $(TEST_DIR) && mkdir -p $(TEST_DIR)/landing
	@$(TEST_ENV) $(REFRESH) >$(TEST_DIR)/output.txt || { cat $(TEST_DIR)/output.txt; exit 1; }
	@echo "Testing the models"
	@$(TEST_ENV) $(BIN)/dbt --quiet test --select test_type:unit $(DBT_OPTIONS)
	@echo "Testing the commands and the factory"
	@$(BIN)/pytest --demo-run=$(TEST_DIR) --numprocesses=$(WORKERS) --dist=loadfile

.PHONY: lint
lint: $(INSTALLED) ## Check style, types and the laws of the rooms
	@echo "Checking style, types and the laws of the rooms"
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/sqlfluff lint --nocolor --disable-progress-bar models tests/data macros
	@$(TEST_ENV) $(BIN)/dbt --quiet parse $(DBT_OPTIONS)
	@report="$$(COLUMNS=160 $(BIN)/dbt-bouncer run 2>&1)" || { echo "$$report"; exit 1; }

.PHONY: bench
bench: $(INSTALLED) ## Measure the refresh beside other tools, write benchmarks/RESULTS.md [SCALE=1] [RUNS=3]
	@$(BIN)/uv sync --locked --quiet --group bench
	@$(BIN)/python -m benchmarks.run --scale '$(SCALE)' --businesses '$(BUSINESSES)' \
		--days '$(DAYS)' --runs '$(RUNS)'

.PHONY: pictures
pictures: $(INSTALLED) test-servers ## Make the README's pictures of page and workbook anew
	@$(BIN)/python -m tests.pictures

.PHONY: clean
clean: ## Remove what can be made again; landing files and exports stay
	@for path in .venv target logs data/warehouse.duckdb data/warehouse.duckdb.wal \
		data/warehouse.duckdb.tmp data/dagster .mypy_cache .pytest_cache .ruff_cache .hypothesis; do \
		if [ -e "$$path" ]; then echo "removing $$path" && rm -rf "$$path"; fi; \
	done
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Made again whenever the lock changes, so that nobody has to think of installing.
$(INSTALLED): uv.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or 3.12 is needed: install it, or name it with PYTHON=…" >&2; exit 1; }
	@echo "Installing into .venv (once, a minute or two)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/uv sync --locked --quiet
	@touch $@
