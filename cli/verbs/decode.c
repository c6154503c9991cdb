/* SPDX-License-Identifier: MIT */
/*
 * decode.c: `binderctl decode` shows a parcel that somebody pasted, as `call` shows
 * a reply.
 *
 * paste.c finds the bytes; values are read by --as (types, or a method of an
 * interface), else guessed.  No driver is needed, unless --as names a service.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/verbs/call_method.h"
#include "cli/value/data.h"
#include "cli/errors.h"
#include "cli/verbs/explain.h"
#include "cli/verbs/input.h"
#include "cli/interface.h"
#include "cli/verbs/paste.h"
#include "cli/verbs/reply.h"
#include "cli/session.h"

#define LONGEST_INPUT (16 << 20)
/* Strict mode, work source and a marker may stand before the interface's name. */
#define LONGEST_HEADER 12

struct decode {
	struct invocation *invocation;
	AParcel *parcel;
	bool request;
	ABinderConnection *connection;
	AIBinder *service;
	char *asked; /* the service's descriptor */
	struct aidl_library *library;
	const struct aidl_declaration *interface;
	const struct aidl_method *method;
};

/* ---- the text ------------------------------------------------------------------------ */

static int take_bytes(struct decode *decode, const char *text)
{
	const struct invocation *invocation = decode->invocation;
	uint8_t *data = NULL;
	binder_status_t status;
	size_t size = 0;

	switch (paste_read(text, &data, &size)) {
	case PASTE_BYTES:
		break;
	case PASTE_ERROR:
		explain_line(text, NULL);
		return EXIT_OTHER;
	case PASTE_NO_MEMORY:
		return fail(invocation, EXIT_OTHER, NULL, "out of memory");
	case PASTE_UNKNOWN:
		return fail(invocation, EXIT_USAGE,
			    "what `service call` prints, a hexadecimal dump, or base64",
			    "no bytes of a parcel are in it");
	}
	decode->parcel = AParcel_create();
	status = decode->parcel ? AParcel_unmarshal(decode->parcel, data, size) : STATUS_NO_MEMORY;
	free(data);
	if (status == STATUS_OK)
		status = AParcel_setDataPosition(decode->parcel, 0);
	return status == STATUS_OK ? EXIT_OK : fail_status(invocation, status, "the parcel");
}

/* A file's name, "-", or the text itself. */
static int read_input(struct decode *decode)
{
	struct invocation *invocation = decode->invocation;
	const char *word = invocation->argc ? invocation->argv[0] : "-";
	char *text = NULL;
	int result;

	if (strcmp(word, "-") != 0 && access(word, F_OK) != 0)
		return take_bytes(decode, word);
	result = input_read(invocation, word, LONGEST_INPUT, &text);
	if (result == EXIT_OK)
		result = take_bytes(decode, text);
	free(text);
	return result;
}

/* ---- by a method --------------------------------------------------------------------- */

/* Of SERVICE.method the service, or an interface's name. */
static int find_interface(struct decode *decode, const char *name)
{
	struct invocation *invocation = decode->invocation;
	char *argv[] = { (char *)name, NULL };
	struct invocation ask = *invocation;
	int result = interface_library(invocation, NULL, &decode->library);

	if (result == EXIT_OK)
		result = interface_find(invocation, decode->library, name, &decode->interface);
	if (result != EXIT_NO_SERVICE)
		return result;
	ask.argc = 1;
	ask.argv = argv;
	result = session_enter(&ask, &decode->connection, &decode->service);
	if (result == EXIT_OK)
		result = interface_ask(&ask, decode->service, true, "--as INTERFACE.METHOD",
				       &decode->asked);
	if (result != EXIT_OK)
		return result;
	result = interface_find(&ask, decode->library, decode->asked, &decode->interface);
	if (result == EXIT_NO_SERVICE)
		result = interface_missing(&ask, decode->library, decode->asked,
					   "--as with the reply's types", NULL);
	return result;
}

static int find_method(struct decode *decode, const char *word)
{
	const char *dot = strrchr(word, '.');
	char *name = strndup(word, (size_t)(dot - word));
	int result;

	if (!name)
		return fail(decode->invocation, EXIT_OTHER, NULL, "out of memory");
	result = find_interface(decode, name);
	free(name);
	if (result != EXIT_OK)
		return result;
	decode->method = interface_method(decode->invocation, decode->interface, dot + 1);
	return decode->method ? EXIT_OK : EXIT_USAGE;
}

/* The arguments begin behind the interface's name, and that behind what Android's version puts
 * before it. */
static bool skip_header(const struct decode *decode)
{
	for (int32_t at = 0; at <= LONGEST_HEADER; at += 4) {
		char *name = NULL;
		bool here = AParcel_setDataPosition(decode->parcel, at) == STATUS_OK &&
			    AParcel_readString16(decode->parcel, &name) == STATUS_OK && name &&
			    !strcmp(name, decode->interface->qualified);

		free(name);
		if (here)
			return true;
	}
	return false;
}

static int show_by_method(struct decode *decode)
{
	const struct invocation *invocation = decode->invocation;
	struct aidl_codec codec = { .library = decode->library };
	struct aidl_data values = { 0 };
	binder_status_t status;
	int result = EXIT_OK;

	if (decode->request && !skip_header(decode))
		return fail(invocation, EXIT_OTHER, "without --request, if it is a reply",
			    "the request does not begin with the name of %s",
			    decode->interface->qualified);
	if (!decode->request)
		result = reply_take_status(invocation, decode->parcel);
	if (result != EXIT_OK)
		return result;
	status = decode->request ?
			 aidl_request_read(&codec, decode->method, decode->parcel, &values) :
			 aidl_reply_read(&codec, decode->method, decode->parcel, &values);
	if (status != STATUS_OK)
		result = fail(invocation, EXIT_OTHER, "without --as, which shows the words",
			      "the %s is not what %s.%s says: %s",
			      decode->request ? "request" : "reply", decode->interface->qualified,
			      decode->method->name,
			      codec.error[0] ? codec.error : ABinder_statusName(status));
	else if (decode->request)
		result = call_method_show_request(invocation, decode->method, &values);
	else
		result = call_method_show_reply(invocation, decode->method, &values);
	aidl_data_clear(&values);
	return result;
}

/* ---- by types, or not at all ----------------------------------------------------------- */

static int show_by_types(struct decode *decode, const char *types)
{
	struct reply_view view = {
		.title = decode->request ? "request" : "parcel",
		.pasted = true,
		.has_status = !decode->request && !option_value(decode->invocation, "no-status"),
	};
	struct value_list *list = NULL;
	int result;

	if (types) {
		list = value_list_parse(decode->invocation, types, &view.type_count);
		if (!list)
			return EXIT_USAGE;
		view.types = list;
	}
	result = reply_show(decode->invocation, decode->parcel, &view);
	free(list);
	return result;
}

int verb_decode(struct invocation *invocation)
{
	struct decode decode = { .invocation = invocation,
				 .request = option_value(invocation, "request") };
	const char *as = option_value(invocation, "as");
	char name[] = "the parcel", *about[] = { name, NULL };
	int result = read_input(&decode);

	/* What messages are about from here on. */
	invocation->argc = 1;
	invocation->argv = about;

	/* A type has no dot in it. */
	if (result == EXIT_OK && as && strchr(as, '.'))
		result = find_method(&decode, as);
	if (result == EXIT_OK)
		result = decode.method ? show_by_method(&decode) : show_by_types(&decode, as);
	AParcel_delete(decode.parcel);
	aidl_library_free(decode.library);
	free(decode.asked);
	AIBinder_decStrong(decode.service);
	ABinderConnection_close(decode.connection);
	return result;
}
