# Everything needs Python 3.11 or later with venv, and nothing else.
#   make run     the application with a demo school, at http://127.0.0.1:8000
#   make test    every check and test
#   make check   lint and types only
#   make bench   speed;  make faults   the long fault tests;  make coverage   what the tests run

PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11 python3.14,\
    $(shell $(name) -c 'import sys; sys.version_info >= (3, 11) and print(sys.executable)' 2>&-)))
OURS = .venv/bin/python -m trial

.PHONY: run test check bench faults coverage shell-env stop packages

run test check bench faults coverage: packages
	@exec $(OURS) $@

shell-env stop: packages
	@$(OURS) $@

packages:
	@test -n "$(PYTHON)" && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "CPD Hub needs Python 3.11 or later: install it (Debian: apt install python3 python3-venv)," \
	        "or name yours: make run PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -m trial.packages
