/* SPDX-License-Identifier: MIT */
/*
 * probe.c: asks a service without AIDL for what it tells by itself, and, when
 * the user wants it, which codes it knows.
 *
 * A code that is known does what it does when it gets nothing: that is said
 * before it is done.
 */
#include "cli/verbs/probe.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include <binder/wire.h>

#include "cli/errors.h"
#include "cli/value/text.h"
#include "cli/session.h"

/* What the stub of a frozen interface answers, by AIDL's own numbers. */
#define CODE_VERSION 0x00ffffff
#define CODE_HASH 0x00fffffe

#define PATIENCE_MS 1000
#define MOST_CODES 10000

static binder_status_t ask(const struct session *session, AIBinder *service, const char *descriptor,
			   transaction_code_t code, AParcel **ret)
{
	int left = session_left(session);
	AParcel *in = NULL;
	binder_status_t status = AIBinder_prepareRaw(service, descriptor, &in);

	if (status != STATUS_OK)
		return status;
	return AIBinder_transactRaw(service, code, &in, ret, 0,
				    left < 0 || left > PATIENCE_MS ? PATIENCE_MS : left);
}

/* The reply behind its status; false: it has none, or says something else. */
static bool take_status(AParcel *reply)
{
	AStatus *status = NULL;
	bool ok = AParcel_readStatusHeader(reply, &status) == STATUS_OK && AStatus_isOk(status);

	AStatus_delete(status);
	return ok;
}

static json_t *ask_version(const struct session *session, AIBinder *service, const char *descriptor)
{
	AParcel *reply = NULL;
	int32_t version;
	json_t *json = json_null();

	if (ask(session, service, descriptor, CODE_VERSION, &reply) == STATUS_OK &&
	    take_status(reply) && AParcel_readInt32(reply, &version) == STATUS_OK)
		json = json_integer(version);
	AParcel_delete(reply);
	return json;
}

static json_t *ask_hash(const struct session *session, AIBinder *service, const char *descriptor)
{
	AParcel *reply = NULL;
	char *hash = NULL, *shown = NULL;
	json_t *json = NULL;

	if (ask(session, service, descriptor, CODE_HASH, &reply) == STATUS_OK &&
	    take_status(reply) && AParcel_readString16(reply, &hash) == STATUS_OK && hash)
		shown = text_shown(hash, 200);
	json = shown ? json_string(shown) : json_null();
	free(shown);
	free(hash);
	AParcel_delete(reply);
	return json;
}

static void show_facts(struct sink *sink, const char *descriptor, const json_t *version,
		       const json_t *hash)
{
	sink_text(sink, sink_print(sink, "descriptor  "), *descriptor ? descriptor : "?", false);
	if (json_is_integer(version))
		sink_print(sink, "\nversion     %lld", (long long)json_integer_value(version));
	else
		sink_print(sink, "\nversion     ? (it is not versioned, or does not tell)");
	sink_print(sink, "\nhash        %s\n",
		   json_is_string(hash) ? json_string_value(hash) : "?");
}

/* ---- codes -------------------------------------------------------------------------------- */

static int parse_last(const struct arguments *arguments, long long *ret)
{
	const char *text = option_value(arguments, "probe");
	struct aidl_data data = { .kind = AIDL_DATA_NULL };
	binder_status_t status = aidl_wire_parse(aidl_wire_of(AIDL_INT), text, &data);

	if (status != STATUS_OK || data.integer < 1 || data.integer > MOST_CODES)
		return fail(arguments, EXIT_USAGE, "binderctl methods --probe 20 SERVICE",
			    "--probe '%s': expected the last code, from 1 to %d", text, MOST_CODES);
	*ret = data.integer;
	return EXIT_OK;
}

int probe_check(const struct arguments *arguments)
{
	long long last;

	return parse_last(arguments, &last);
}

static int ask_user(const struct arguments *arguments, long long last)
{
	char answer[16] = "";

	fflush(stdout);
	fprintf(stderr,
		"This calls codes 1 to %lld of %s, each with an empty request.  A method that\n"
		"needs no arguments is carried out; others should refuse, but may do anything.\n",
		last, arguments->argv[0]);
	if (option_value(arguments, "yes"))
		return EXIT_OK;
	if (!isatty(STDIN_FILENO))
		return fail(arguments, EXIT_USAGE, "--yes, when that is meant",
			    "--probe: there is no terminal to ask on");
	fputs("Go on? [y/N] ", stderr);
	if (fgets(answer, sizeof(answer), stdin) && (answer[0] | 32) == 'y')
		return EXIT_OK;
	return fail(arguments, EXIT_OTHER, NULL, "nothing was called");
}

/* In words; "unknown" for what no method has. */
static const char *outcome(binder_status_t status, AParcel *reply, char *buffer, size_t size)
{
	AStatus *exception = NULL;

	if (status == STATUS_UNKNOWN_TRANSACTION)
		return "unknown";
	if (status != STATUS_OK)
		return ABinder_statusName(status);
	if (AParcel_getDataSize(reply) >= 4 &&
	    AParcel_readStatusHeader(reply, &exception) == STATUS_OK && !AStatus_isOk(exception))
		snprintf(buffer, size, "%s",
			 ABinder_exceptionName(AStatus_getExceptionCode(exception)));
	else
		snprintf(buffer, size, "answered, %d bytes", (int)AParcel_getDataSize(reply));
	AStatus_delete(exception);
	return buffer;
}

static int try_codes(struct session *session, struct sink *sink, AIBinder *service,
		     const char *descriptor, long long last, json_t *list)
{
	for (long long code = 1; code <= last; code++) {
		char buffer[64];
		AParcel *reply = NULL;
		binder_status_t status =
			ask(session, service, descriptor, (transaction_code_t)code, &reply);
		const char *words = outcome(status, reply, buffer, sizeof(buffer));

		AParcel_delete(reply);
		json_array_append_new(list, json_pack("{s:I, s:b, s:s}", "code", (json_int_t)code,
						      "known", status != STATUS_UNKNOWN_TRANSACTION,
						      "outcome", words));
		if (!sink->json)
			sink_print(sink, "%10lld  %s\n", code, words);
		if (status == STATUS_DEAD_OBJECT || session_left(session) == 0 ||
		    session_interrupted(session))
			return fail_status(session->arguments, status, session->arguments->argv[0]);
	}
	return EXIT_OK;
}

int probe_service(struct session *session, struct sink *sink, AIBinder *service,
		  const char *descriptor)
{
	const struct arguments *arguments = session->arguments;
	json_t *version = ask_version(session, service, descriptor);
	json_t *hash = ask_hash(session, service, descriptor);
	bool wanted = option_value(arguments, "probe");
	json_t *list = wanted ? json_array() : NULL;
	long long last = 0;
	int result = wanted ? parse_last(arguments, &last) : EXIT_OK;

	if (!sink->json)
		show_facts(sink, descriptor, version, hash);
	if (result == EXIT_OK && wanted)
		result = ask_user(arguments, last);
	if (result == EXIT_OK && wanted)
		result = try_codes(session, sink, service, descriptor, last, list);
	if (result == EXIT_OK)
		result = sink_put_json(sink,
				       json_pack("{s:s, s:O, s:O, s:O?}", "descriptor", descriptor,
						 "version", version, "hash", hash, "codes", list));
	json_decref(list);
	json_decref(version);
	json_decref(hash);
	return result;
}
