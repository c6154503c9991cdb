/* SPDX-License-Identifier: MIT */
/*
 * parcel_world.c: a connection to nothing, and parcels with what the input says
 * in them.  Used by parcel.c and aidl_parcel.c.
 */
#include "parcel_fuzz.h"

#include <fcntl.h>
#include <unistd.h>

ABinderConnection *parcel_fuzz_connection;
static AIBinder *local;
static int null_fd;

/* libbinder's close(): a received number is this harness's own, and stays. */
int fuzz_close(int fd);

int fuzz_close(int fd)
{
	if (fd == null_fd || fd >= 0x10000 || fd < 3)
		return 0;
	return close(fd);
}

/* ---- parcels ------------------------------------------------------------------------------- */

AParcel *parcel_fuzz_own(struct input *in)
{
	AParcel *parcel = AParcel_createOn(parcel_fuzz_connection);
	uint8_t data[512];
	size_t size = input_u8(in) * 2u;

	FUZZ_EXPECT(parcel, "no memory");
	input_bytes(in, data, size);
	/* At its exact size, so that one byte too many is noticed. */
	if (size > sizeof(parcel->inside))
		AParcel_setDataCapacity(parcel, size);
	AParcel_unmarshal(parcel, data, size);
	return parcel;
}

static void fill_object(struct input *in, uint8_t *at)
{
	static const uint32_t weak[] = { BINDER_TYPE_WEAK_BINDER, BINDER_TYPE_WEAK_HANDLE,
					 BINDER_TYPE_PTR, BINDER_TYPE_FDA };
	struct flat_binder_object flat = { .flags = 0x100 };
	struct binder_fd_object file = { .hdr.type = BINDER_TYPE_FD };
	uint8_t kind = input_u8(in);

	switch (kind & 3) {
	case 0:
		flat.hdr.type = BINDER_TYPE_HANDLE;
		flat.handle = kind >> 2;
		break;
	case 1:
		flat.hdr.type = BINDER_TYPE_BINDER;
		flat.binder = flat.cookie = kind & 4 ? 0 : (uintptr_t)local;
		break;
	case 2:
		file.fd = kind & 4 ? 0x10000u + kind : (uint32_t)null_fd;
		memcpy(at, &file, sizeof(file));
		return;
	default:
		flat.hdr.type = weak[kind >> 2 & 3];
		flat.binder = kind;
	}
	memcpy(at, &flat, sizeof(flat));
}

/* As a driver leaves it: whole objects in order, none over another. */
AParcel *parcel_fuzz_received(struct input *in)
{
	struct binder_transaction_data tr = { .data_size = input_u8(in) * 2u };
	uint8_t *data = driver_memory + 8u * input_u8(in);
	uint64_t offsets[8], at = 0;
	AParcel *parcel = malloc(sizeof(*parcel));
	size_t count = 0;

	FUZZ_EXPECT(parcel, "no memory");
	input_bytes(in, data, tr.data_size);
	while (count < 8) {
		uint8_t gap = input_u8(in);

		at += 4u * (gap & 0x1f);
		/* One in eight parcels ends its objects here. */
		if (gap >> 5 == 7 || at + sizeof(struct flat_binder_object) > tr.data_size)
			break;
		fill_object(in, data + at);
		offsets[count++] = at;
		at += sizeof(struct flat_binder_object);
	}
	tr.offsets_size = count * sizeof(offsets[0]);
	tr.data.ptr.buffer = (uintptr_t)data;
	tr.data.ptr.offsets = (uintptr_t)data + ((tr.data_size + 7) & ~7ull);
	memcpy((void *)(uintptr_t)tr.data.ptr.offsets, offsets, tr.offsets_size);
	FUZZ_EXPECT(!parcel_init_received(parcel, parcel_fuzz_connection, &tr), "not taken");
	parcel->embedded = true; /* freed by parcel_fuzz_end() */
	return parcel;
}

void parcel_fuzz_end(AParcel *parcel, bool received)
{
	if (received) {
		parcel_clear(parcel);
		free(parcel);
	} else {
		AParcel_delete(parcel);
	}
}

static void *on_create(void *args)
{
	return args;
}

static void on_destroy(void *user_data) {}

static binder_status_t on_transact(AIBinder *binder, transaction_code_t code, const AParcel *in,
				   AParcel *out)
{
	return STATUS_UNKNOWN_TRANSACTION;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const AIBinder_Class *class =
		AIBinder_Class_define("fuzz", on_create, on_destroy, on_transact);

	null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	connection_set_map_size(DRIVER_MEMORY);
	FUZZ_EXPECT(!connection_open("fuzz", &parcel_fuzz_connection), "no connection");
	local = AIBinder_new(class, NULL);
	FUZZ_EXPECT(local && null_fd >= 0, "nothing to begin with");
	return 0;
}

int parcel_fuzz_lowest_fd(void)
{
	int fd = dup(null_fd);

	close(fd);
	return fd;
}
