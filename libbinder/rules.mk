# SPDX-License-Identifier: MIT
# libbinder: the shared and the static library.  driver/client goes into both,
# so that one library is all that a program needs.

# The rooms, lowest first.  A file includes another room's header as "room/header.h".
libbinder_ROOMS := base connection parcel object hidl manager ndk aidl codec
libbinder_CFLAGS := -I. -Ilibbinder/include -Ilibbinder
$(foreach room,$(libbinder_ROOMS),$(eval libbinder_$(room)_CFLAGS := $(libbinder_CFLAGS)))
libbinder_OBJECTS := $(call objects-of,$(wildcard $(libbinder_ROOMS:%=libbinder/%/*.c) \
	driver/client/*.c))
libbinder_HEADERS := $(wildcard libbinder/include/android/*.h libbinder/include/binder/*.h)

all: $(B)/lib/libbinder.so $(B)/lib/libbinder.a $(B)/lib/pkgconfig/libbinder.pc

$(B)/lib/libbinder.so.1: $(libbinder_OBJECTS) libbinder/libbinder.map
	@mkdir -p $(@D)
	$(CC) -shared $(CFLAGS) $(LDFLAGS) -Wl,-soname,libbinder.so.1 -Wl,-z,nodelete \
		-Wl,--version-script=libbinder/libbinder.map \
		$(if $(SAN),,-Wl,-z,defs) -o $@ $(libbinder_OBJECTS) -lm

$(B)/lib/libbinder.so: $(B)/lib/libbinder.so.1
	ln -sf libbinder.so.1 $@

$(B)/lib/libbinder.a: $(libbinder_OBJECTS)
	@mkdir -p $(@D)
	rm -f $@
	$(AR) rcs $@ $(libbinder_OBJECTS)

$(B)/lib/pkgconfig/libbinder.pc: libbinder/libbinder.pc.in Makefile
	@mkdir -p $(@D)
	$(make-pc) $< > $@

# AIDL of Android's service manager and of the samples: share/binder/aidl beside bin and lib, here
# as where it is installed, so that programs find it by their own place.
aidl_FILES := $(shell cd libbinder/aidl/files && find * -name '*.aidl')

$(B)/share/binder/aidl/%.aidl: libbinder/aidl/files/%.aidl
	@install -D -m 644 $< $@

all: $(addprefix $(B)/share/binder/aidl/,$(aidl_FILES))
