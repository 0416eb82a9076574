# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PYTHON: what .venv is made with, 3.10 or newer. JOBS: how many checks "make test" runs at a time; tests wait a good
# deal, so that two processors can do three.
# Every target sets up what it needs in .venv/ and .build/ by itself. The checks are sessions of noxfile.py.

PYTHON ?= python3
JOBS ?= 3
PARTS := lint docs-lint units sanity conformance integration roles awx execution-environment examples docs build

bootstrap := $(PYTHON) tests/tools/bootstrap.py
nox := .venv/bin/nox --non-interactive

.DEFAULT_GOAL := help
.PHONY: help demo test $(PARTS) setup changelog pins clean

help: ## show this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14
	@printf '\nParts of "make test", each of which can be run alone: %s\n' '$(PARTS)'

demo: ## show the whole story on the embedded emulator
	@$(bootstrap)
	@$(nox) --session demo

test: setup ## run every check, and end with a list of what passed
	@$(nox) --parallel $(JOBS)

$(PARTS):
	@$(bootstrap)
	@$(nox) --session $@

changelog: ## write CHANGELOG.md for the version in galaxy.yml
	@$(bootstrap)
	@$(nox) --session changelog

setup: ## install everything for development into .venv/
	@$(bootstrap) run emulator tools test lint docs conformance awx

pins: ## resolve the indirect dependencies anew, into .config/constraints.txt
	@$(PYTHON) tests/tools/pins.py

clean: ## remove .venv/ and .build/
	rm -rf .venv .build
