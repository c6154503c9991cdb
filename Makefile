# SPDX-License-Identifier: MIT
# Binder for any Linux machine.  `make help` lists the targets.
#
# Each folder says in its rules.mk what it builds; this file holds the tools,
# the flags and the few shapes of rule that they share.  V=1 shows the compiler's command lines.  SAN=asan,ubsan or
# SAN=tsan builds beside the ordinary tree, in build/san-*.

# The one place for the version; scripts/release.sh checks the others against it.
VERSION := 0.2.0
DESTDIR ?=

# Where `make install` puts what; packages name these folders.
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
SBINDIR ?= $(PREFIX)/sbin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATADIR ?= $(PREFIX)/share
MANDIR ?= $(DATADIR)/man
LUA_CMOD ?= $(LIBDIR)/lua/5.4
LUA_LMOD ?= $(DATADIR)/lua/5.4
SYSCONFDIR ?= /etc
SYSTEMD_DIR ?= $(PREFIX)/lib/systemd
SYSUSERS_DIR ?= $(PREFIX)/lib/sysusers.d
TMPFILES_DIR ?= $(PREFIX)/lib/tmpfiles.d

# Targets that a newcomer types install first what they need.  A recipe does that, so that
# `make -n` installs nothing; then make starts again, as the rules ask pkg-config.
deps_for_check := --if-possible=oracle --if-possible=shells $(if $(SAN),,--if-possible=kernel)
deps_for_demo :=
deps_for_valgrind := valgrind
deps_for_lint := lint
deps_for_fuzz := fuzz
deps_for_check-fresh := fresh
deps_for_check-kernel := kernel
deps_for_bench-kernel := kernel
deps_for_check-kernel-debug := kernel kernel-build
deps_goals := $(filter demo check valgrind bench lint fuzz check-kernel check-kernel-debug \
	bench-kernel check-fresh deps,$(MAKECMDGOALS))

ifneq ($(and $(deps_goals),$(if $(DEPS_ARE_THERE),,ask)),)
.PHONY: $(MAKECMDGOALS) again
$(MAKECMDGOALS): again
	@:
again:
	@scripts/install-deps.sh $(foreach goal,$(deps_goals),$(deps_for_$(goal))) >&2
	+@$(MAKE) --no-print-directory DEPS_ARE_THERE=1 $(MAKECMDGOALS)
else

# A job for each processor, unless told otherwise.
ifeq ($(filter -j% --jobserver%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 1)
endif

empty :=
comma := ,
space := $(empty) $(empty)
SAN ?=
SANITIZERS := $(subst asan,address,$(subst ubsan,undefined,$(subst tsan,thread,$(SAN))))
B := build$(if $(SAN),/san-$(subst $(comma),-,$(SAN)))

CC ?= cc
PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2 -g
SAN_FLAGS := $(if $(SAN),-fsanitize=$(SANITIZERS) -fno-omit-frame-pointer $(if $(findstring ubsan,$(SAN)),-fno-sanitize-recover=undefined))
WARNINGS := -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes \
	-Wwrite-strings -Wvla -Wno-unused-parameter -Wno-missing-field-initializers \
	-Werror=implicit-function-declaration
BASE_CFLAGS := $(CPPFLAGS) -std=gnu11 -D_GNU_SOURCE -fPIC -fvisibility=hidden -pthread $(WARNINGS) $(SAN_FLAGS) \
	-DBINDER_VERSION_STRING='"$(VERSION)"'
LDFLAGS += $(SAN_FLAGS) -pthread
WERROR ?=
BASE_CFLAGS += $(if $(WERROR),-Werror)

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
$(if $(V),,.SILENT:)
.SUFFIXES:

all:

# objects-of FILES: their objects in the build tree.
objects-of = $(patsubst %.c,$(B)/obj/%.o,$(1))

# Fills in the pkg-config file; sed would take some letters of a path for more than that.
sed-word = $(subst |,\|,$(subst &,\&,$(subst \,\\,$(1))))
# below-prefix PATH: with ${prefix} where it begins with that, so that the file can be moved.
below-prefix = $(if $(filter $(subst $(space),?,$(PREFIX))/%,$(subst $(space),?,$(1))),$${prefix}$(subst x$(PREFIX)/,/,x$(1)),$(1))
make-pc = sed -e 's|@PREFIX@|$(call sed-word,$(PREFIX))|' \
	-e 's|@LIBDIR@|$(call sed-word,$(call below-prefix,$(LIBDIR)))|' \
	-e 's|@INCLUDEDIR@|$(call sed-word,$(call below-prefix,$(INCLUDEDIR)))|' \
	-e 's|@VERSION@|$(VERSION)|'

# Extra flags per folder: set <folder>_CFLAGS in its rules.mk, with / as _.
folder-cflags = $($(subst /,_,$(patsubst %/,%,$(dir $(1))))_CFLAGS)

$(B)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(if $(V),,echo "  CC  $<";) $(CC) $(BASE_CFLAGS) $(CFLAGS) $(call folder-cflags,$<) -MMD -MP -c -o $@ $<

include $(wildcard $(addsuffix /rules.mk,driver libbinder servicemanager lua cli scripts tests man))

-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)

.PHONY: all help deps demo lint format install install-conf uninstall clean

help:
	@echo 'make demo        install what is missing, build, show the main job in a private world'
	@echo 'make check       install what is missing, build, run every test'
	@echo '                 (SAN=asan,ubsan or SAN=tsan: with sanitizers)'
	@echo 'make             build into build/'
	@echo 'make install     into DESTDIR=$(DESTDIR) PREFIX=$(PREFIX);  make uninstall: take it away again'
	@echo 'make module      the kernel module for this kernel, or for that of KDIR=...'
	@echo 'make dkms        let DKMS build and install it, for this kernel and each later one'
	@echo '                 (DESTDIR=...: only its sources);  make dkms-uninstall: take it away again'
	@echo 'make check-quick the tests of what is edited most: two minutes of a processor'
	@echo 'make check-fresh SUITE=bookworm|trixie  make check in a fresh Debian that is busy;'
	@echo '                 as root; downloads all of it'
	@echo 'make check-kernel  the tests on stock kernels, 6.1 to the newest, in a virtual machine'
	@echo 'make check-kernel-debug  the kernel module on a kernel with all checkers, built here'
	@echo 'make valgrind    the tests under valgrind'
	@echo 'make fuzz        libFuzzer over the driver, the channel and the parcel: FUZZ_S=60 seconds'
	@echo '                 each, FUZZ="core_live channel" some of them; make fuzz-coverage'
	@echo 'make storm       clients killed at random instants for STORM_S=300 seconds'
	@echo 'make bench       speed, beside floors and peers of the same run'
	@echo 'make bench-kernel  the kernel module beside upstream, in a virtual machine'
	@echo 'make lint        layers, format, manual pages, shell scripts;  make format: apply the format'
	@echo 'make lint-module sparse and checkpatch on the kernel module'
	@echo 'make dist        build/dist/binder-VERSION.tar.xz, of the last commit'
	@echo 'make deb SUITE=bookworm|trixie|here  Debian packages of it, in build/deb'
	@echo 'make symbols     write new functions of libbinder down for its package'
	@echo 'make clean       remove build/'

deps:

demo: all
	@scripts/demo.sh $(B)

format_files := $(shell git ls-files '*.c' '*.h' 2>/dev/null)

lint: all
	scripts/check-layers.sh $(B)
	scripts/check-docs.sh
	clang-format --dry-run --Werror $(format_files)
	mandoc -T lint -W warning $(wildcard man/*.[1-8]*)
	shellcheck -x $(shell git ls-files '*.sh' tests/run .ci/run)

format:
	clang-format -i $(format_files)

# ---- install ---------------------------------------------------------------------

# They stand in quotes wherever they are used: each may hold a space.
bindir := $(DESTDIR)$(BINDIR)
sbindir := $(DESTDIR)$(SBINDIR)
libdir := $(DESTDIR)$(LIBDIR)
preloaddir := $(libdir)/binder
includedir := $(DESTDIR)$(INCLUDEDIR)
datadir := $(DESTDIR)$(DATADIR)
mandir := $(DESTDIR)$(MANDIR)
lua_cmod := $(DESTDIR)$(LUA_CMOD)
lua_lmod := $(DESTDIR)$(LUA_LMOD)
# Of Wireshark, with plugins/ and extcap/.
WIRESHARK ?= $(shell scripts/wireshark/folder.sh '$(PREFIX)')
wireshark = $(DESTDIR)$(WIRESHARK)
confdir := $(DESTDIR)$(SYSCONFDIR)/binder
systemd_dir := $(DESTDIR)$(SYSTEMD_DIR)

systemd_UNITS := $(patsubst systemd/%,%,$(wildcard systemd/system/* systemd/user/*))

# Says beforehand what "Permission denied" would say in the middle.
.PHONY: may-install built
may-install:
	@dir='$(DESTDIR)$(PREFIX)'; \
	while [ ! -e "$$dir" ] && [ "$$dir" != "$$(dirname "$$dir")" ]; do dir=$$(dirname "$$dir"); done; \
	if [ ! -w "$$dir" ]; then \
		echo "$$dir cannot be written to by this user; try one of:" >&2; \
		echo "  sudo make $(firstword $(MAKECMDGOALS))" >&2; \
		echo "  make $(firstword $(MAKECMDGOALS)) PREFIX=\$$HOME/.local" >&2; \
		echo "  make $(firstword $(MAKECMDGOALS)) DESTDIR=/a/staging/folder" >&2; \
		exit 1; \
	fi

# Root installs what is there and compiles nothing: files of root's in build/ would be in the
# way of the user who builds next.
built:
	@$(MAKE) -q --no-print-directory all >/dev/null 2>&1 || { \
		echo "$(B)/ is not built, or older than its sources, and root compiles nothing here;" >&2; \
		echo "run make first, as the user who owns this folder: make && sudo make install" >&2; \
		exit 1; \
	}

as_root := $(if $(filter install,$(MAKECMDGOALS)),$(filter 0,$(shell id -u)))

install: may-install $(if $(as_root),built,all)
	install -d "$(bindir)" "$(sbindir)" "$(libdir)/pkgconfig" "$(preloaddir)" "$(lua_cmod)" \
		"$(includedir)/android" "$(includedir)/binder" "$(datadir)/binderctl/scripts" \
		"$(datadir)/doc/binderctl"
	install $(B)/bin/binderctl "$(bindir)"
	install $(B)/bin/binderd $(B)/bin/servicemanager "$(sbindir)"
	install -m 755 $(B)/lib/libbinder.so.1 "$(libdir)"
	ln -sf libbinder.so.1 "$(libdir)/libbinder.so"
	install -m 755 $(B)/lib/libbinder-preload.so $(B)/lib/libbinder-trace.so "$(preloaddir)"
	install -m 644 $(B)/lib/libbinder.a "$(libdir)"
	install -m 755 $(B)/lib/binder.so "$(lua_cmod)"
	$(make-pc) libbinder/libbinder.pc.in > "$(libdir)/pkgconfig/libbinder.pc"
	install -m 644 libbinder/include/android/*.h "$(includedir)/android"
	install -m 644 libbinder/include/binder/*.h "$(includedir)/binder"
	install -m 755 scripts/*.lua "$(datadir)/binderctl/scripts"
	for file in $(aidl_FILES); do \
		install -D -m 644 libbinder/aidl/files/$$file "$(datadir)/binder/aidl/$$file" || exit 1; \
	done
	install -D -m 644 scripts/wireshark/binder.lua "$(wireshark)/plugins/binder.lua"
	install -d "$(wireshark)/extcap"
	sed 's|^bin=$$|bin="$(call sed-word,$(BINDIR))"|' \
		scripts/wireshark/binder-extcap > "$(wireshark)/extcap/binder-extcap"
	chmod 755 "$(wireshark)/extcap/binder-extcap"
	install -D -m 644 lua/test.lua "$(lua_lmod)/binder/test.lua"
	install -D -m 644 lua/binder.d.lua "$(datadir)/binder/lua/binder.d.lua"
	install -D -m 644 $(B)/share/binderctl.bash "$(datadir)/bash-completion/completions/binderctl"
	install -D -m 644 $(B)/share/binderctl.zsh "$(datadir)/zsh/site-functions/_binderctl"
	install -D -m 644 $(B)/share/binderctl.fish "$(datadir)/fish/vendor_completions.d/binderctl.fish"
	install -d "$(datadir)/doc/binderctl/doc"
	install -m 644 README.md ARCHITECTURE.md LICENSE "$(datadir)/doc/binderctl"
	install -m 644 doc/*.md "$(datadir)/doc/binderctl/doc"
	for page in $(wildcard man/*.[1-8]*); do \
		section=$${page##*.}; section=$${section%lua}; \
		install -d "$(mandir)/man$$section"; \
		install -m 644 $$page "$(mandir)/man$$section"; \
	done
	ln -sf binder-module.4 "$(mandir)/man4/binder_any.4"
	for unit in $(systemd_UNITS); do \
		install -d "$(systemd_dir)/$${unit%/*}"; \
		sed 's|@SBINDIR@|$(call sed-word,$(SBINDIR))|' systemd/$$unit >"$(systemd_dir)/$$unit" || exit 1; \
	done
	install -D -m 644 systemd/sysusers.conf "$(DESTDIR)$(SYSUSERS_DIR)/binder.conf"
	install -D -m 644 systemd/tmpfiles.conf "$(DESTDIR)$(TMPFILES_DIR)/binder.conf"

# The files that people edit; one that is there stays.  Part of no `make install`: without them
# everything is as they say.
install-conf: may-install
	install -d "$(confdir)"
	for file in $(notdir $(wildcard systemd/conf/*.conf)); do \
		[ -e "$(confdir)/$$file" ] || install -m 644 systemd/conf/$$file "$(confdir)" || exit 1; \
	done

uninstall: may-install
	rm -f "$(bindir)/binderctl" "$(sbindir)/binderd" "$(sbindir)/servicemanager" \
		"$(libdir)/libbinder.so.1" "$(libdir)/libbinder.so" "$(libdir)/libbinder.a" \
		"$(preloaddir)/libbinder-preload.so" "$(preloaddir)/libbinder-trace.so" \
		"$(lua_cmod)/binder.so" "$(libdir)/pkgconfig/libbinder.pc"
	for header in $(patsubst libbinder/include/%,%,$(wildcard libbinder/include/*/*.h)); do \
		rm -f "$(includedir)/$$header"; \
	done
	rm -f "$(datadir)/bash-completion/completions/binderctl" \
		"$(datadir)/zsh/site-functions/_binderctl" \
		"$(datadir)/fish/vendor_completions.d/binderctl.fish"
	rm -rf "$(lua_lmod)/binder" "$(datadir)/binder/lua"
	rm -f "$(wireshark)/plugins/binder.lua" "$(wireshark)/extcap/binder-extcap"
	rmdir "$(preloaddir)" 2>/dev/null || true
	rm -rf "$(datadir)/binderctl" "$(datadir)/doc/binderctl"
	for file in $(aidl_FILES); do rm -f "$(datadir)/binder/aidl/$$file"; done
	find "$(datadir)/binder" -type d -empty -delete 2>/dev/null || true
	for page in $(notdir $(wildcard man/*.[1-8]*)); do \
		section=$${page##*.}; \
		rm -f "$(mandir)/man$${section%lua}/$$page"; \
	done
	rm -f "$(mandir)/man4/binder_any.4"
	for unit in $(systemd_UNITS); do rm -f "$(systemd_dir)/$$unit"; done
	rm -f "$(DESTDIR)$(SYSUSERS_DIR)/binder.conf" "$(DESTDIR)$(TMPFILES_DIR)/binder.conf"
	@if [ -e '$(DESTDIR)$(UDEV_RULES)/50-binder-any.rules' ]; then \
		echo 'The kernel module is not taken away by this: sudo make dkms-uninstall'; \
	fi

.PHONY: dist deb symbols
dist:
	@scripts/dist.sh

# In a fresh Debian, as root; SUITE=here: on this machine.  See the script.
deb:
	@scripts/deb.sh $(SUITE)

# What libbinder exports, for its package.
symbols: all
	@scripts/symbols.sh $(B)

clean:
	rm -rf build

endif
