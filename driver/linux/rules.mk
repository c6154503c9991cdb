# SPDX-License-Identifier: MIT
# driver/linux: the kernel module, for the kernel whose headers are in KDIR; and its
# sources where DKMS looks for them, so that every later kernel gets one too.

KDIR ?= /lib/modules/$(shell uname -r)/build
MODULE_DEST ?= /usr/src/binder-any-$(VERSION)
UDEV_RULES ?= /usr/lib/udev/rules.d
MODULES_LOAD ?= /usr/lib/modules-load.d

# W=1: more warnings than the kernel's own build asks for.  Nobody needs the type
# information for debuggers, which wants a program called pahole.
MODULE_MAKE = $(MAKE) -C $(KDIR) M=$(abspath $(1)) W=1 CONFIG_DEBUG_INFO_BTF_MODULES= \
	$(if $(V),V=1,-s --no-print-directory)

.PHONY: module lint-module dkms dkms-tree dkms-uninstall

module:
	@driver/linux/need-headers.sh $(KDIR)
	release=$$(cat $(KDIR)/include/config/kernel.release) && \
	folder=$(B)/module/$$release && \
	driver/linux/stage.sh $$folder && \
	$(call MODULE_MAKE,$$folder) modules && \
	driver/linux/check-symbols.sh $$folder/binder_any.ko $(KDIR)/Module.symvers && \
	echo "$$folder/binder_any.ko"

# Needs headers of a kernel, sparse, and for checkpatch a kernel's source; takes what there is.
lint-module:
	driver/linux/lint.sh $(if $(findstring command,$(origin KDIR)),$(KDIR))

# dkms-tree is for packages: nothing is built or loaded.  So it is with DESTDIR.
DKMS = @VERSION='$(VERSION)' DESTDIR='$(DESTDIR)' SOURCES='$(MODULE_DEST)' KDIR='$(KDIR)' \
	UDEV_RULES='$(UDEV_RULES)' MODULES_LOAD='$(MODULES_LOAD)' driver/linux/dkms.sh

dkms-tree:
	$(DKMS) tree

dkms:
	$(DKMS) $(if $(DESTDIR),tree,install)

dkms-uninstall:
	$(DKMS) uninstall
