# SPDX-License-Identifier: MIT
# man: pages in mdoc, installed as they are by `make install`.  Nothing is built;
# tests/e2e/manual.sh checks them and runs their examples.
