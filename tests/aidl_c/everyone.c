/* SPDX-License-Identifier: MIT */
/*
 * everyone.c: the C side of everyone.lua.
 *
 *   everyone SEED DIR base      hosts base.NAME of each interface, by the codec
 *   everyone SEED DIR relay TO  hosts c.TO.NAME: a generated stub whose methods
 *                               are generated proxies of TO.NAME
 *   everyone SEED DIR calls     prints random calls, each a line of Lua
 *
 * What base answers depends on the bytes of the request alone, so whoever gets
 * the same answer has asked the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <android/binder_manager.h>
#include <android/binder_process.h>
#include <binder/ext.h>

#include "relay.h"
#include "values.h"

#define CALLS 4

static struct aidl_codec codec;
static uint64_t seed;

__attribute__((noreturn)) static void die(const char *what)
{
	fprintf(stderr, "everyone: %s: %s %s\n", what, codec.error, ABinder_lastError());
	exit(1);
}

/* ---- base ---------------------------------------------------------------------------- */

static void *create(void *arguments)
{
	return arguments;
}

static void destroy(void *data) {}

static uint64_t hash(const AParcel *parcel)
{
	uint64_t value = 14695981039346656037u ^ seed;
	const uint8_t *data;
	size_t size;

	AParcel_getBytes(parcel, &data, &size);
	for (size_t i = 0; i < size; i++)
		value = (value ^ data[i]) * 1099511628211u;
	return value;
}

static binder_status_t transact(AIBinder *binder, transaction_code_t code, const AParcel *in,
				AParcel *out)
{
	const struct aidl_declaration *interface = AIBinder_getUserData(binder);
	const struct aidl_method *method = interface->methods;
	struct aidl_data reply = { 0 };
	AStatus *ok = AStatus_newOk();

	while (method && method->code != code)
		method = method->next;
	if (!method)
		return STATUS_UNKNOWN_TRANSACTION;
	values_seed(hash(in));
	AParcel_writeStatusHeader(out, ok);
	AStatus_delete(ok);
	values_reply(method, &reply);
	if (aidl_reply_write(&codec, method, &reply, out) != STATUS_OK)
		die(method->name);
	aidl_data_clear(&reply);
	return STATUS_OK;
}

/* ---- calls ------------------------------------------------------------------------------- */

/* Bytes as Lua has them in quotes. */
static void print_text(const char *text, size_t length)
{
	putchar('"');
	for (size_t i = 0; i < length; i++)
		printf("\\%03u", (unsigned char)text[i]);
	putchar('"');
}

static void print_lua(const struct aidl_data *data)
{
	switch (data->kind) {
	case AIDL_DATA_BOOLEAN:
		fputs(data->boolean ? "true" : "false", stdout);
		break;
	case AIDL_DATA_INTEGER:
		printf(data->integer == INT64_MIN ? "math.mininteger" : "%lld",
		       (long long)data->integer);
		break;
	case AIDL_DATA_FLOATING:
		printf("%.17g", data->floating);
		break;
	case AIDL_DATA_STRING:
		print_text(data->text, data->length);
		break;
	case AIDL_DATA_LIST:
	case AIDL_DATA_MAP:
		putchar('{');
		/* No table holds nil; this says it of a union, and is not looked at elsewhere. */
		if (data->kind == AIDL_DATA_MAP && data->count == 1 &&
		    data->item[0].kind == AIDL_DATA_NULL)
			printf("[\"@null\"] = \"%s\",", data->key[0]);
		for (size_t i = 0; i < data->count; i++) {
			if (data->kind == AIDL_DATA_MAP) {
				putchar('[');
				print_text(data->key[i], strlen(data->key[i]));
				printf("] = ");
			}
			print_lua(&data->item[i]);
			putchar(',');
		}
		if (data->kind == AIDL_DATA_LIST)
			printf("n = %zu", data->count);
		putchar('}');
		break;
	default:
		fputs("nil", stdout);
	}
}

/* call(interface, method, returns, {what comes out}, {name, nullable, char}..., {arguments}) */
static void print_call(const struct aidl_declaration *interface, const struct aidl_method *method)
{
	struct aidl_data arguments = { 0 };

	values_arguments(method, &arguments);
	printf("call(\"%s\", \"%s\", \"%s\", {", interface->name, method->name,
	       method->returns->kind == AIDL_VOID ? "" : "return");
	for (const struct aidl_field *a = method->arguments; a; a = a->next)
		if (a->direction & AIDL_OUT)
			printf("\"%s\",", a->name);
	printf("}, {");
	for (const struct aidl_field *a = method->arguments; a; a = a->next)
		if (a->direction & AIDL_IN)
			printf("{\"%s\", %s, %s},", a->name, a->type->nullable ? "true" : "false",
			       a->type->kind == AIDL_CHAR ? "true" : "false");
	printf("}, {");
	for (const struct aidl_field *a = method->arguments; a; a = a->next) {
		if (!(a->direction & AIDL_IN))
			continue;
		print_lua(aidl_data_get(&arguments, a->name));
		printf(", ");
	}
	printf("})\n");
	aidl_data_clear(&arguments);
}

/* ---- main ---------------------------------------------------------------------------------- */

static AIBinder *make(const struct relay *relay, const struct aidl_declaration *interface,
		      const char *to)
{
	AIBinder *target, *binder;
	char name[64];

	if (!to)
		return AIBinder_new(AIBinder_Class_define(relay->descriptor, create, destroy,
							  transact),
				    (void *)(uintptr_t)interface);
	snprintf(name, sizeof(name), "%s.%s", to, interface->name);
	target = AServiceManager_waitForService(name);
	binder = target ? relay->make(target) : NULL;
	return binder; /* target lives as long as the process */
}

int main(int argc, char **argv)
{
	struct aidl_library *library = aidl_library_new();
	const char *to = argc == 5 ? argv[4] : NULL;

	if (argc < 4)
		return 2;
	seed = strtoull(argv[1], NULL, 10);
	values_seed(seed + 7);
	aidl_library_add_path(library, argv[2]);
	codec.library = values_library = library;
	for (const struct relay *r = relays; r->descriptor; r++) {
		const struct aidl_declaration *interface;
		AIBinder *binder;
		char name[64];

		if (aidl_library_find(library, r->descriptor, &interface) != STATUS_OK)
			die(r->descriptor);
		if (!strcmp(argv[3], "calls")) {
			for (const struct aidl_method *m = interface->methods; m; m = m->next)
				for (int i = 0; i < CALLS && !m->oneway; i++)
					print_call(interface, m);
			continue;
		}
		binder = make(r, interface, to);
		snprintf(name, sizeof(name), "%s%s.%s", to ? "c." : "base", to ? to : "",
			 interface->name);
		if (!binder || AServiceManager_addService(binder, name) != EX_NONE)
			die(name);
	}
	if (!strcmp(argv[3], "calls"))
		return 0;
	ABinderProcess_joinThreadPool();
	return 0;
}
