# SPDX-License-Identifier: MIT
# driver/linux: the kernel module, for the kernel whose headers are in KDIR; and its
# sources where DKMS looks for them, so that every later kernel gets one too.

KDIR ?= /lib/modules/$(shell uname -r)/build
MODULE_DEST ?= /usr/src/binder-any-$(VERSION)

# W=1: more warnings than the kernel's own build asks for.  Nobody needs the type
# information for debuggers, which wants a program called pahole.
MODULE_MAKE = $(MAKE) -C $(KDIR) M=$(abspath $(1)) W=1 CONFIG_DEBUG_INFO_BTF_MODULES= \
	$(if $(V),V=1,-s --no-print-directory)

.PHONY: module lint-module dkms dkms-tree

module:
	@if [ ! -e "$(KDIR)/Module.symvers" ]; then \
		echo "There are no kernel headers in $(KDIR)." >&2; \
		echo "Install them (Debian: apt-get install linux-headers-$$(uname -r)), or name" >&2; \
		echo "a folder that has some: make module KDIR=..." >&2; \
		exit 1; \
	fi
	release=$$(cat $(KDIR)/include/config/kernel.release) && \
	folder=$(B)/module/$$release && \
	driver/linux/stage.sh $$folder && \
	$(call MODULE_MAKE,$$folder) modules && \
	driver/linux/check-symbols.sh $$folder/binder_any.ko $(KDIR)/Module.symvers && \
	echo "$$folder/binder_any.ko"

# Needs headers of a kernel, sparse, and for checkpatch a kernel's source; takes what there is.
lint-module:
	driver/linux/lint.sh $(if $(findstring command,$(origin KDIR)),$(KDIR))

# DESTDIR: for packages; nothing is built or loaded then.
dkms-tree:
	rm -rf $(DESTDIR)$(MODULE_DEST)
	driver/linux/stage.sh --copy $(DESTDIR)$(MODULE_DEST)
	sed 's/@VERSION@/$(VERSION)/' driver/linux/dkms.conf > $(DESTDIR)$(MODULE_DEST)/dkms.conf
	install -D -m 644 driver/linux/50-binder-any.rules \
		$(DESTDIR)/usr/lib/udev/rules.d/50-binder-any.rules
	install -D -m 644 driver/linux/binder-any.conf \
		$(DESTDIR)/usr/lib/modules-load.d/binder-any.conf

dkms: dkms-tree
	$(if $(DESTDIR),@echo "$(DESTDIR)$(MODULE_DEST) is ready for DKMS",\
		@if ! command -v dkms >/dev/null; then \
			echo "There is no dkms (Debian: apt-get install dkms linux-headers-amd64)." >&2; \
			echo "The sources are in $(MODULE_DEST); make dkms again when it is there." >&2; \
			exit 1; \
		fi; \
		dkms install --force binder-any/$(VERSION) && \
		echo "Load it: modprobe binder_any.  At the next start it is loaded by itself.")
