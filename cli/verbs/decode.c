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

#include "cli/capture/recorded.h"
#include "cli/verbs/call_method.h"
#include "cli/value/data.h"
#include "cli/errors.h"
#include "cli/verbs/explain.h"
#include "cli/verbs/input.h"
#include "cli/interface.h"
#include "cli/verbs/paste.h"
#include "cli/verbs/reply.h"
#include "cli/session.h"
#include "cli/value/sink.h"

#define LONGEST_INPUT (16 << 20)
/* Strict mode, work source and a marker may stand before the interface's name. */
#define LONGEST_HEADER 12

struct decode {
	struct session *session;
	const struct arguments *arguments; /* argv[0] is what messages are about */
	struct sink *sink;
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
	const struct arguments *arguments = decode->arguments;
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
		return fail(arguments, EXIT_OTHER, NULL, "out of memory");
	case PASTE_UNKNOWN:
		return fail(arguments, EXIT_USAGE,
			    "what `service call` prints, a hexadecimal dump, or base64",
			    "no bytes of a parcel are in it");
	}
	decode->parcel = AParcel_create();
	status = decode->parcel ? AParcel_unmarshal(decode->parcel, data, size) : STATUS_NO_MEMORY;
	free(data);
	if (status == STATUS_OK)
		status = AParcel_setDataPosition(decode->parcel, 0);
	return status == STATUS_OK ? EXIT_OK : fail_status(arguments, status, "the parcel");
}

/* Of a file that can be looked into. */
static bool is_recording(const char *word)
{
	uint8_t first[8];
	FILE *in = strcmp(word, "-") ? fopen(word, "re") : NULL;
	bool result = in && fread(first, 1, sizeof(first), in) == sizeof(first) &&
		      recorded_is(first);

	if (in)
		fclose(in);
	return result;
}

/* A file's name, "-", or the text itself. */
static int read_input(struct decode *decode)
{
	const struct arguments *arguments = decode->arguments;
	const char *word = arguments->argc ? arguments->argv[0] : "-";
	char *text = NULL;
	int result;

	if (strcmp(word, "-") != 0 && access(word, F_OK) != 0)
		return take_bytes(decode, word);
	if (is_recording(word))
		return fail(arguments, EXIT_USAGE, "binderctl show FILE",
			    "%s is a recording of transactions, and no text", word);
	result = input_read(arguments, word, LONGEST_INPUT, &text);
	if (result == EXIT_OK)
		result = take_bytes(decode, text);
	free(text);
	return result;
}

/* ---- by a method --------------------------------------------------------------------- */

/* Of SERVICE.method the service, or an interface's name. */
static int find_interface(struct decode *decode, const char *name)
{
	const struct arguments *arguments = decode->arguments;
	char *argv[] = { (char *)name, NULL };
	struct arguments ask = *arguments;
	const struct arguments *before = decode->session->arguments;
	int result = interface_library(arguments, NULL, &decode->library);

	if (result == EXIT_OK)
		result = interface_find(arguments, decode->library, name, &decode->interface);
	if (result != EXIT_NO_SERVICE)
		return result;
	ask.argc = 1;
	ask.argv = argv;
	decode->session->arguments = &ask;
	result = session_enter(decode->session, &decode->connection, &decode->service);
	if (result == EXIT_OK)
		result = interface_ask(decode->session, decode->service, true,
				       "--as INTERFACE.METHOD", &decode->asked);
	decode->session->arguments = before;
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
		return fail(decode->arguments, EXIT_OTHER, NULL, "out of memory");
	result = find_interface(decode, name);
	free(name);
	if (result != EXIT_OK)
		return result;
	decode->method = interface_method(decode->arguments, decode->interface, dot + 1);
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
	const struct arguments *arguments = decode->arguments;
	struct aidl_codec codec = { .library = decode->library };
	struct aidl_data values = { 0 };
	binder_status_t status;
	int result = EXIT_OK;

	if (decode->request && !skip_header(decode))
		return fail(arguments, EXIT_OTHER, "without --request, if it is a reply",
			    "the request does not begin with the name of %s",
			    decode->interface->qualified);
	if (!decode->request)
		result = reply_take_status(decode->sink, decode->parcel);
	if (result != EXIT_OK)
		return result;
	status = decode->request ?
			 aidl_request_read(&codec, decode->method, decode->parcel, &values) :
			 aidl_reply_read(&codec, decode->method, decode->parcel, &values);
	if (status != STATUS_OK)
		result = fail(arguments, EXIT_OTHER, "without --as, which shows the words",
			      "the %s is not what %s.%s says: %s",
			      decode->request ? "request" : "reply", decode->interface->qualified,
			      decode->method->name,
			      codec.error[0] ? codec.error : ABinder_statusName(status));
	else if (decode->request)
		result = call_method_show_request(decode->sink, decode->method, &values);
	else
		result = call_method_show_reply(decode->sink, decode->method, &values);
	aidl_data_clear(&values);
	return result;
}

/* ---- by types, or not at all ----------------------------------------------------------- */

static int show_by_types(struct decode *decode, const char *types)
{
	struct reply_view view = {
		.title = decode->request ? "request" : "parcel",
		.pasted = true,
		.has_status = !decode->request && !option_value(decode->arguments, "no-status"),
	};
	struct value_list *list = NULL;
	int result;

	if (types) {
		list = value_list_parse(decode->arguments, types, &view.type_count);
		if (!list)
			return EXIT_USAGE;
		view.types = list;
	}
	result = reply_show(decode->sink, decode->parcel, &view);
	free(list);
	return result;
}

static int run_decode(struct session *session, const struct arguments *arguments, struct sink *sink)
{
	char name[] = "the parcel", *words[] = { name, NULL };
	struct arguments about = *arguments;
	struct decode decode = {
		.session = session,
		.arguments = arguments,
		.sink = sink,
		.request = option_value(arguments, "request"),
	};
	const char *as = option_value(arguments, "as");
	int result = read_input(&decode);

	/* What messages are about from here on. */
	about.argc = 1;
	about.argv = words;
	decode.arguments = sink->arguments = &about;

	/* A type has no dot in it. */
	if (result == EXIT_OK && as && strchr(as, '.'))
		result = find_method(&decode, as);
	if (result == EXIT_OK)
		result = decode.method ? show_by_method(&decode) : show_by_types(&decode, as);
	sink->arguments = arguments;
	AParcel_delete(decode.parcel);
	aidl_library_free(decode.library);
	free(decode.asked);
	AIBinder_decStrong(decode.service);
	session_close(session, decode.connection);
	return result;
}

static const struct option_spec decode_options[] = {
	{ "as", 0, "TYPES|METHOD", "its types or method: i32,str or SERVICE.method" },
	{ "request", 0, NULL, "it is a request, which begins with an interface's name" },
	{ "no-status", 0, NULL, "the reply does not begin with a status" },
	OPTION_AIDL,
	{ 0 },
};

const struct verb verb_decode = {
	.name = "decode",
	.arguments = "[TEXT|FILE|-]",
	.summary = "show a pasted parcel: `service call` output, hex dump, base64",
	.details =
		"Reads the output of Android's `service call` (\"Result: Parcel(...)\"), a hexadecimal dump\n"
		"of any tool, plain digits, or base64, and shows it as `call` shows a reply: guessed, or\n"
		"by --as: types as those of call --reply, or SERVICE.METHOD, or INTERFACE.METHOD of\n"
		"AIDL.  Without a word, or with -, standard input is read.",
	.example =
		"binderctl decode --as str 'Result: Parcel(00000000 00000002 00690068 00000000)'",
	.options = decode_options,
	.timeout_ms = 5000,
	.max_words = 1,
	.json = true,
	.words_are_files = true,
	.run = run_decode,
};
