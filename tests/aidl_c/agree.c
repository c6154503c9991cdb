/* SPDX-License-Identifier: MIT */
/*
 * agree.c: generated C and the codec write the same bytes.
 *
 *   agree SEED DIR
 *
 * is linked with what `binderctl aidl` made of random.c's files.  Random
 * requests, written by the codec, go through each relay to a recorder, random
 * replies come back; both must have stayed as they were, byte by byte.  Then
 * damaged ones go the same way: nothing may crash, and what C reads the codec
 * must be able to read too.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <binder/aidl_data.h>
#include <binder/ext.h>

#include "relay.h"
#include "values.h"

static struct aidl_codec codec;

__attribute__((noreturn)) static void die(const struct aidl_method *method, const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", method ? method->name : "", what, codec.error);
	exit(1);
}

/* ---- bytes -------------------------------------------------------------------------------- */

struct bytes {
	uint8_t *data;
	size_t size;
};

/* Numbers of descriptors change on the way; what else is in an object does not. */
static struct bytes take(const AParcel *parcel)
{
	const uint64_t *offsets;
	const uint8_t *data;
	struct bytes bytes;
	size_t count;
	uint64_t value;

	AParcel_getBytes(parcel, &data, &bytes.size);
	bytes.data = malloc(bytes.size + 1);
	memcpy(bytes.data, data, bytes.size);
	AParcel_getObjects(parcel, &offsets, &count);
	for (size_t i = 0; i < count; i++)
		if (AParcel_getObjectAt(parcel, offsets[i], &value) == ABINDER_OBJECT_FD)
			memset(bytes.data + offsets[i] + 4, 0, 20);
	return bytes;
}

static bool same(const struct bytes *a, const struct bytes *b)
{
	return a->size == b->size && !memcmp(a->data, b->data, a->size);
}

/* ---- the object behind the relay ------------------------------------------------------------- */

static struct {
	const struct aidl_method *method;
	bool damage, failure, called;
	struct bytes request, reply;
} record;

static void *create(void *arguments)
{
	return arguments;
}

static void destroy(void *data) {}

static void damage(struct bytes *bytes, size_t from)
{
	size_t words = (bytes->size - from) / 4;

	for (unsigned i = 1 + values_pick(3); i && words; i--) {
		static const uint32_t values[] = { 0,          1,    2,          4,  8, 0xffffffff,
						   0x7fffffff, 1000, 0x80000000, 12, 3 };
		uint32_t value = values[values_pick(11)];

		memcpy(bytes->data + from + 4 * values_pick((unsigned)words), &value, 4);
	}
	if (values_pick(4) == 0)
		bytes->size = from + 4 * values_pick((unsigned)words + 1);
}

static binder_status_t write_answer(AParcel *out)
{
	AStatus *status = record.failure ? AStatus_fromServiceSpecificErrorWithMessage(7, "no") :
					   AStatus_newOk();
	struct aidl_data reply = { 0 };

	AParcel_writeStatusHeader(out, status);
	AStatus_delete(status);
	if (!record.failure) {
		values_reply(record.method, &reply);
		if (aidl_reply_write(&codec, record.method, &reply, out) != STATUS_OK)
			die(record.method, "the codec cannot write the reply");
		aidl_data_clear(&reply);
	}
	return STATUS_OK;
}

static binder_status_t transact(AIBinder *binder, transaction_code_t code, const AParcel *in,
				AParcel *out)
{
	record.called = true;
	record.request = take(in);
	if (record.method->oneway)
		return STATUS_OK;
	write_answer(out);
	record.reply = take(out);
	if (record.damage) {
		damage(&record.reply, 4);
		AParcel_reset(out);
		AParcel_writeRaw(out, record.reply.data, record.reply.size);
	}
	return STATUS_OK;
}

/* ---- the two properties -------------------------------------------------------------------------- */

static void record_begin(const struct aidl_method *method)
{
	free(record.request.data);
	free(record.reply.data);
	memset(&record, 0, sizeof(record));
	record.method = method;
}

static AParcel *request_for(AIBinder *relay, const char *descriptor,
			    const struct aidl_method *method)
{
	struct aidl_data arguments = { 0 };
	AParcel *in = NULL;

	AIBinder_prepareRaw(relay, descriptor, &in);
	values_arguments(method, &arguments);
	if (aidl_request_write(&codec, method, &arguments, in) != STATUS_OK)
		die(method, "the codec cannot write the request");
	aidl_data_clear(&arguments);
	return in;
}

static void check_same(AIBinder *relay, const char *descriptor, const struct aidl_method *method)
{
	AParcel *in = request_for(relay, descriptor, method), *out = NULL;
	struct bytes sent = take(in), received;
	binder_status_t status;

	record_begin(method);
	record.failure = values_pick(8) == 0;
	status =
		AIBinder_transact(relay, method->code, &in, &out, method->oneway ? FLAG_ONEWAY : 0);
	if (status != STATUS_OK || !record.called)
		die(method, ABinder_statusName(status));
	if (!same(&sent, &record.request))
		die(method, "the request has changed");
	if (!method->oneway) {
		received = take(out);
		if (!same(&received, &record.reply))
			die(method, "the reply has changed");
		free(received.data);
	}
	free(sent.data);
	AParcel_delete(out);
}

static void check_damaged(AIBinder *relay, const char *descriptor, const struct aidl_method *method)
{
	AParcel *in = request_for(relay, descriptor, method), *out = NULL, *copy = AParcel_create();
	struct aidl_data arguments = { 0 };
	struct bytes bytes = take(in);
	size_t token;

	AParcel_reset(in);
	AParcel_writeInterfaceToken(in, descriptor);
	token = (size_t)AParcel_getDataSize(in);
	damage(&bytes, token);
	AParcel_writeRaw(in, bytes.data + token, bytes.size - token);
	AParcel_writeRaw(copy, bytes.data + token, bytes.size - token);
	record_begin(method);
	record.damage = true;
	AIBinder_transact(relay, method->code, &in, &out, method->oneway ? FLAG_ONEWAY : 0);
	AParcel_setDataPosition(copy, 0);
	/* A relay does not look at what a holder holds, nor does a codec that knows no types. */
	codec.library = NULL;
	if (record.called && aidl_request_read(&codec, method, copy, &arguments) != STATUS_OK)
		die(method, "C has read what the codec cannot");
	codec.library = values_library;
	aidl_data_clear(&arguments);
	free(bytes.data);
	AParcel_delete(out);
	AParcel_delete(copy);
}

/* Classes live as long as the process; a leak checker is to see that. */
static AIBinder_Class *classes[64];
static unsigned class_count;

static AIBinder *new_object(const char *descriptor)
{
	AIBinder_Class *clazz = AIBinder_Class_define(descriptor, create, destroy, transact);

	classes[class_count++ % 64] = clazz;
	return AIBinder_new(clazz, NULL);
}

static void check_interface(struct aidl_library *library, const struct relay *relay)
{
	AIBinder *recorder = new_object(relay->descriptor);
	const struct aidl_declaration *interface = NULL;
	AIBinder *binder = relay->make(recorder);

	if (!binder || aidl_library_find(library, relay->descriptor, &interface) != STATUS_OK)
		die(NULL, relay->descriptor);
	for (const struct aidl_method *m = interface->methods; m; m = m->next) {
		for (int i = 0; i < 40; i++)
			check_same(binder, relay->descriptor, m);
		for (int i = 0; i < 200; i++)
			check_damaged(binder, relay->descriptor, m);
	}
	record_begin(NULL);
	AIBinder_decStrong(binder);
	AIBinder_decStrong(recorder);
}

int main(int argc, char **argv)
{
	struct aidl_library *library = aidl_library_new();

	if (argc != 3)
		return 2;
	values_seed(strtoull(argv[1], NULL, 10) + 99);
	values_binder = new_object("some");
	aidl_library_add_path(library, argv[2]);
	codec.library = values_library = library;
	for (const struct relay *r = relays; r->descriptor; r++)
		check_interface(library, r);
	AIBinder_decStrong(values_binder);
	aidl_library_free(library);
	return 0;
}
