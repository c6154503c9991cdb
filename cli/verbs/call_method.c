/* SPDX-License-Identifier: MIT */
/*
 * call_method.c: a call by the name of its method.
 *
 * The service says which interface it has, interface.c finds its AIDL; words
 * become values (data_words.c), values a parcel and the reply values again (the
 * codec of libbinder), and those text (data_text.c) or JSON (data_json.c).
 */
#include "cli/verbs/call_method.h"

#include <stdlib.h>
#include <string.h>

#include "cli/value/data.h"
#include "cli/errors.h"
#include "cli/failure.h"
#include "cli/interface.h"
#include "cli/verbs/reply.h"
#include "cli/session.h"

struct method_call {
	struct session *session;
	const struct arguments *arguments;
	struct sink *sink;
	ABinderConnection *connection;
	AIBinder *service;
	char *descriptor; /* malloc()ed */
	struct aidl_library *library;
	const struct aidl_declaration *interface;
	const struct aidl_method *method;
	struct aidl_codec codec;
	struct aidl_data values; /* of its arguments, by name */
	struct aidl_data reply;
	AParcel *in, *out;
};

static int check_options(const struct arguments *arguments)
{
	static const char *const raw[] = { "reply", "no-token", "no-status" };

	for (size_t i = 0; i < sizeof(raw) / sizeof(raw[0]); i++)
		if (option_value(arguments, raw[i]))
			return fail(arguments, EXIT_USAGE, "the method's code; binderctl methods",
				    "--%s: a call by name is read and written as the AIDL says",
				    raw[i]);
	return EXIT_OK;
}

/* What the service is, or is said to be. */
static int ask_descriptor(struct method_call *call)
{
	const struct arguments *arguments = call->arguments;
	const char *given = option_value(arguments, "interface");
	int result = EXIT_OK;

	if (given)
		call->descriptor = strdup(given);
	else
		result = interface_ask(call->session, call->service,
				       option_value(arguments, "oneway"), "--interface DESC",
				       &call->descriptor);
	if (result != EXIT_OK)
		return result;
	if (!call->descriptor || !*call->descriptor)
		return fail(arguments, EXIT_OTHER, "--interface DESC",
			    "%s does not say which interface it has", arguments->argv[0]);
	return EXIT_OK;
}

static int find_method(struct method_call *call)
{
	const struct arguments *arguments = call->arguments;
	const char *name = arguments->argv[1];
	int result = interface_expect_aidl(arguments, call->connection, call->descriptor);

	if (result == EXIT_OK)
		result = interface_library(arguments, call->connection, &call->library);
	if (result == EXIT_OK)
		result = interface_find(arguments, call->library, call->descriptor,
					&call->interface);
	if (result == EXIT_NO_SERVICE)
		return interface_missing(arguments, call->library, call->descriptor,
					 "or the method's code instead of its name", NULL);
	if (result != EXIT_OK)
		return result;
	if (call->interface->kind != AIDL_INTERFACE)
		return fail(arguments, EXIT_OTHER, NULL, "%s is no interface", call->descriptor);
	call->method = interface_method(arguments, call->interface, name);
	return call->method ? EXIT_OK : EXIT_USAGE;
}

/* ---- arguments ---------------------------------------------------------------------------- */

/* For an array that only comes out, a length may go in. */
static bool takes_length(const struct aidl_field *argument)
{
	return argument->direction == AIDL_OUT && argument->type->kind == AIDL_ARRAY &&
	       argument->type->size < 0;
}

static const struct aidl_field *argument_named(const struct aidl_method *method, const char *word,
					       size_t length)
{
	const struct aidl_field *argument = method->arguments;

	while (argument &&
	       (strlen(argument->name) != length || strncmp(argument->name, word, length) != 0))
		argument = argument->next;
	return argument;
}

/* The first of those that go in which has no value yet. */
static const struct aidl_field *next_argument(const struct method_call *call)
{
	const struct aidl_field *argument = call->method->arguments;

	while (argument &&
	       (!(argument->direction & AIDL_IN) || aidl_data_get(&call->values, argument->name)))
		argument = argument->next;
	return argument;
}

static int take_word(struct method_call *call, const struct aidl_field *argument, const char *word)
{
	static const struct aidl_type integer = { .kind = AIDL_INT, .name = "int", .size = -1 };
	struct data_source source = {
		.arguments = call->arguments,
		.session = call->session,
		.connection = call->connection,
		.library = call->library,
		.interface = call->interface,
		.method = call->method,
		.argument = argument,
		.word = word,
	};
	struct aidl_field length = { .name = argument->name, .type = &integer };
	struct aidl_data *value;

	if (aidl_data_get(&call->values, argument->name))
		return data_fail(&source, "given twice");
	if (argument->direction == AIDL_OUT && !takes_length(argument))
		return data_fail(&source, "it only comes out");
	if (takes_length(argument))
		source.argument = &length;
	value = aidl_data_put(&call->values, argument->name);
	if (!value)
		return fail(call->arguments, EXIT_OTHER, NULL, "out of memory");
	return data_from_word(&source, value);
}

static int fail_with_signature(const struct method_call *call, int exit_status, const char *message)
{
	char *signature = interface_signature(call->interface, call->method);

	fail(call->arguments, exit_status, signature, "%s: %s", call->method->name, message);
	free(signature);
	return exit_status;
}

static int take_words(struct method_call *call)
{
	aidl_data_set_map(&call->values);
	for (int i = 2; i < call->arguments->argc; i++) {
		const char *word = call->arguments->argv[i];
		size_t length = strcspn(word, "=");
		const struct aidl_field *argument = NULL;
		char message[64];
		int result;

		if (word[length])
			argument = argument_named(call->method, word, length);
		if (argument) {
			word += length + 1;
		} else {
			argument = next_argument(call);
			if (!argument) {
				snprintf(message, sizeof(message), "argument %d is one too many",
					 i - 1);
				return fail_with_signature(call, EXIT_USAGE, message);
			}
		}
		result = take_word(call, argument, word);
		if (result != EXIT_OK)
			return result;
	}
	return EXIT_OK;
}

static int write_request(struct method_call *call)
{
	const struct arguments *arguments = call->arguments;
	binder_status_t status = AIBinder_prepareRaw(call->service, call->descriptor, &call->in);

	if (status != STATUS_OK)
		return fail_status(arguments, status, arguments->argv[0]);
	call->codec.library = call->library;
	status = aidl_request_write(&call->codec, call->method, &call->values, call->in);
	if (status == STATUS_OK)
		return EXIT_OK;
	if (call->codec.error[0])
		return fail_with_signature(call,
					   status == STATUS_BAD_VALUE ? EXIT_USAGE : EXIT_OTHER,
					   call->codec.error);
	return fail_status(arguments, status, call->method->name);
}

/* ---- the reply ------------------------------------------------------------------------------ */

/* A method's values as a MAP: what came back, or what it was given. */
struct method_values {
	const struct aidl_method *method;
	const struct aidl_data *map;
};

static json_t *to_json(const void *what)
{
	const struct method_values *values = what;
	json_t *out = json_object(), *object;

	for (const struct aidl_field *a = values->method->arguments; a; a = a->next)
		if (a->direction & AIDL_OUT)
			json_object_set_new(out, a->name,
					    data_to_json(aidl_data_get(values->map, a->name)));
	object = json_pack("{s:n, s:o}", "exception", "out", out);
	if (object && values->method->returns->kind != AIDL_VOID)
		json_object_set_new(object, "return",
				    data_to_json(aidl_data_get(values->map, "return")));
	return object;
}

static json_t *request_to_json(const void *what)
{
	const struct method_values *values = what;
	json_t *in = json_object();

	for (const struct aidl_field *a = values->method->arguments; a; a = a->next)
		if (a->direction & AIDL_IN)
			json_object_set_new(in, a->name,
					    data_to_json(aidl_data_get(values->map, a->name)));
	return json_pack("{s:s, s:o}", "method", values->method->name, "arguments", in);
}

static void print_value(const struct method_values *values, const char *name, bool named,
			struct sink *sink)
{
	char *text = NULL;
	size_t size;
	FILE *memory = open_memstream(&text, &size);

	if (named)
		sink_print(sink, "%s = ", name);
	if (memory) {
		data_print(aidl_data_get(values->map, name), 0, memory);
		fclose(memory);
		sink_text(sink, 0, text, true);
	}
	sink_print(sink, "\n");
	free(text);
}

static void print_arguments(const struct method_values *values, unsigned int direction,
			    struct sink *sink)
{
	for (const struct aidl_field *a = values->method->arguments; a; a = a->next)
		if (a->direction & direction)
			print_value(values, a->name, true, sink);
}

static void to_text(const void *what, struct sink *sink)
{
	const struct method_values *values = what;
	bool named = false;

	for (const struct aidl_field *a = values->method->arguments; a; a = a->next)
		named |= (a->direction & AIDL_OUT) != 0;
	if (values->method->returns->kind != AIDL_VOID)
		print_value(values, "return", named, sink);
	print_arguments(values, AIDL_OUT, sink);
}

static void request_to_text(const void *what, struct sink *sink)
{
	print_arguments(what, AIDL_IN, sink);
}

int call_method_show_reply(struct sink *sink, const struct aidl_method *method,
			   const struct aidl_data *reply)
{
	return sink_put(sink, &(struct method_values){ method, reply }, to_json, to_text);
}

int call_method_show_request(struct sink *sink, const struct aidl_method *method,
			     const struct aidl_data *values)
{
	return sink_put(sink, &(struct method_values){ method, values }, request_to_json,
			request_to_text);
}

/* The first of what a Lua proxy returns: the result, else what comes out, else true. */
static json_t *first_value(const struct method_call *call)
{
	const struct aidl_field *argument = call->method->arguments;

	if (call->method->returns->kind != AIDL_VOID)
		return data_to_json(aidl_data_get(&call->reply, "return"));
	while (argument && !(argument->direction & AIDL_OUT))
		argument = argument->next;
	return argument ? data_to_json(aidl_data_get(&call->reply, argument->name)) : json_true();
}

/* The call has been carried out: what it gave is shown, as words where AIDL does not say more. */
static int show_undescribed(const struct method_call *call)
{
	const struct reply_view view = { .has_status = true };

	fail(call->arguments, EXIT_OK, NULL, "%s; shown as a call by code shows it",
	     call->codec.error[0] ? call->codec.error : "AIDL does not describe all of the reply");
	return reply_show(call->sink, call->out, &view);
}

static int show_reply(struct method_call *call)
{
	int result = reply_take_status(call->sink, call->out);
	char message[sizeof(call->codec.error) + 40];
	binder_status_t status;

	if (result != EXIT_OK)
		return result;
	status = aidl_reply_read(&call->codec, call->method, call->out, &call->reply);
	if (status == STATUS_INVALID_OPERATION)
		return show_undescribed(call);
	if (status != STATUS_OK) {
		snprintf(message, sizeof(message), "the reply is not what the AIDL says: %s",
			 call->codec.error[0] ? call->codec.error : ABinder_statusName(status));
		return fail_with_signature(call, EXIT_OTHER, message);
	}
	if (call->sink->keeps)
		sink_keep(call->sink, first_value(call));
	return call_method_show_reply(call->sink, call->method, &call->reply);
}

static int transact(struct method_call *call)
{
	const struct arguments *arguments = call->arguments;
	bool oneway = call->method->oneway || option_value(arguments, "oneway");
	binder_status_t status = AIBinder_transactRaw(call->service, call->method->code, &call->in,
						      &call->out, oneway ? FLAG_ONEWAY : 0,
						      session_left(call->session));

	if (status != STATUS_OK)
		return failure_status(call->session, call->connection, status);
	return call->out ? show_reply(call) : reply_sent(call->sink);
}

int call_method(struct session *session, const struct arguments *arguments, struct sink *sink)
{
	struct method_call call = { .session = session, .arguments = arguments, .sink = sink };
	int result = check_options(arguments);

	if (result == EXIT_OK)
		result = session_enter(session, &call.connection, &call.service);
	if (result == EXIT_OK)
		result = ask_descriptor(&call);
	if (result == EXIT_OK)
		result = find_method(&call);
	if (result == EXIT_OK)
		result = take_words(&call);
	if (result == EXIT_OK)
		result = write_request(&call);
	if (result == EXIT_OK)
		result = transact(&call);
	aidl_data_clear(&call.values);
	aidl_data_clear(&call.reply);
	AParcel_delete(call.in);
	AParcel_delete(call.out);
	aidl_library_free(call.library);
	free(call.descriptor);
	AIBinder_decStrong(call.service);
	session_close(session, call.connection);
	return result;
}
