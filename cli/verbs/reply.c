/* SPDX-License-Identifier: MIT */
/*
 * reply.c: a reply as text or JSON: an exception by name, values by their
 * types, or whatever inspect.c makes of it.
 */
#include "cli/verbs/reply.h"

#include <stdlib.h>
#include <string.h>

#include "cli/errors.h"
#include "cli/failure.h"
#include "cli/value/inspect.h"

#define EXCEPTION_HAS_REPLY_HEADER (-128) /* a fat header, then as if it were 0 */
#define EXCEPTION_HAS_NOTED_OPS (-127)

static int32_t first_word(const AParcel *reply)
{
	int32_t word = 0;

	AParcel_setDataPosition(reply, 0);
	if (AParcel_readInt32(reply, &word) != STATUS_OK)
		word = 0;
	AParcel_setDataPosition(reply, 0);
	return word;
}

/*
 * Does the reply begin with an exception?  A service without AIDL may start
 * with any number, so the rest has to read as a status as well.  *ret is NULL
 * for no exception; the position is behind the status when there was one.
 */
static void read_exception(const AParcel *reply, AStatus **ret)
{
	int32_t word = first_word(reply);
	AStatus *status = NULL;

	*ret = NULL;
	if (word < EXCEPTION_HAS_REPLY_HEADER || word >= 0 ||
	    (word < EX_PARCELABLE && word != EXCEPTION_HAS_REPLY_HEADER &&
	     word != EXCEPTION_HAS_NOTED_OPS))
		return;
	if (AParcel_readStatusHeader(reply, &status) != STATUS_OK)
		return;
	if (AStatus_isOk(status) || AStatus_getExceptionCode(status) == EX_TRANSACTION_FAILED) {
		AStatus_delete(status);
		return;
	}
	*ret = status;
}

int reply_sent(struct sink *sink)
{
	sink_print(sink, sink->json ? "{\"sent\": true}\n" : "sent\n");
	sink_keep(sink, json_true());
	return EXIT_OK;
}

static int show_exception(struct sink *sink, const AStatus *status)
{
	binder_exception_t code = AStatus_getExceptionCode(status);
	const char *message = AStatus_getMessage(status);
	const int error =
		code == EX_SERVICE_SPECIFIC ? (int)AStatus_getServiceSpecificError(status) : 0;

	if (sink->json)
		sink_put_json(sink, json_pack("{s:s, s:i, s:i, s:s}", "exception",
					      ABinder_exceptionName(code), "code", (int)code,
					      "error", error, "message", message ? message : ""));
	return failure_exception(sink->arguments, ABinder_exceptionName(code),
				 code == EX_SERVICE_SPECIFIC ? &error : NULL, message);
}

int reply_take_status(struct sink *sink, const AParcel *reply)
{
	AStatus *status = NULL;
	binder_status_t result = AParcel_readStatusHeader(reply, &status);
	int shown = EXIT_OK;

	if (result != STATUS_OK)
		return fail(sink->arguments, EXIT_OTHER,
			    "binderctl info, and its interface's version",
			    "%s: its reply does not begin with an AIDL status (%s)",
			    sink->arguments->argv[0], ABinder_statusName(result));
	if (!AStatus_isOk(status))
		shown = show_exception(sink, status);
	AStatus_delete(status);
	return shown;
}

/* The words as JSON: one string in hexadecimal. */
static json_t *hex(const uint8_t *data, size_t size)
{
	char *text = malloc(2 * size + 1);
	json_t *value;

	if (!text)
		return NULL;
	for (size_t i = 0; i < size; i++)
		snprintf(text + 2 * i, 3, "%02x", data[i]);
	value = json_stringn(text, 2 * size);
	free(text);
	return value;
}

/* One line, or one element of the list, for a value of that name. */
static int show_value(struct sink *sink, json_t *list, const char *name,
		      const struct value_list *type, const json_t *value, const uint8_t *data,
		      size_t offset, size_t size)
{
	char *text, *note = NULL;

	if (list)
		return json_array_append_new(list,
					     json_pack("{s:s, s:O?, s:I, s:o}", "type", name,
						       "value", value, "offset", (json_int_t)offset,
						       "data", hex(data + offset, size)));
	text = value ? value_text(type, value) : NULL;
	if (asprintf(&note, "%s%s%s", name, text ? " " : "", text ? text : "") < 0)
		note = NULL;
	inspect_print(sink, data, offset, size, note);
	free(text);
	free(note);
	return 0;
}

static int show_typed(struct sink *sink, const AParcel *reply, const struct reply_view *view,
		      const uint8_t *data, size_t size, json_t *list)
{
	if (view->has_status) {
		AStatus *status = NULL;
		binder_status_t result;

		AParcel_setDataPosition(reply, 0);
		result = AParcel_readStatusHeader(reply, &status);
		AStatus_delete(status);
		if (result != STATUS_OK)
			return fail(sink->arguments, EXIT_OTHER, "--no-status, or no --reply",
				    "the reply of %zu bytes does not begin with an AIDL status",
				    size);
		if (!list)
			inspect_print(sink, data, 0, AParcel_getDataPosition(reply), "status ok");
	}
	for (int i = 0; i < view->type_count; i++) {
		const struct value_list *type = &view->types[i];
		int32_t start = AParcel_getDataPosition(reply);
		json_t *value = NULL;
		binder_status_t result = value_read(reply, type, &value);

		if (result != STATUS_OK)
			return fail(sink->arguments, EXIT_OTHER, "the call without --reply",
				    "--reply: value %d, %s: the reply does not hold one at offset "
				    "%d of %zu (%s)",
				    i + 1, type->name, (int)start, size,
				    ABinder_statusName(result));
		show_value(sink, list, type->name, type, value, data, start,
			   AParcel_getDataPosition(reply) - start);
		json_decref(value);
	}
	if (!list && (size_t)AParcel_getDataPosition(reply) < size)
		inspect_print(sink, data, AParcel_getDataPosition(reply),
			      size - AParcel_getDataPosition(reply), "(not read)");
	return EXIT_OK;
}

static const char *lone_word(const uint8_t *data)
{
	static char text[16];
	int32_t value;

	memcpy(&value, data, sizeof(value));
	snprintf(text, sizeof(text), "= %d", (int)value);
	return text;
}

static int show_guessed(struct sink *sink, const AParcel *reply, const struct reply_view *view,
			const uint8_t *data, json_t *list)
{
	struct reading *readings = NULL;
	size_t count = 0;
	const struct inspect_how how = { .status = view->has_status, .pasted = view->pasted };
	binder_status_t result = inspect(reply, &how, &readings, &count);

	if (result != STATUS_OK)
		return fail_status(sink->arguments, result, "the reply");
	for (size_t i = 0; i < count; i++) {
		const struct reading *reading = &readings[i];
		const char *name = reading_name(reading->kind);

		/* Plain words speak for themselves; one alone is a number more often than not. */
		if (reading->kind == READING_STATUS && !list)
			name = "status ok";
		else if (reading->kind == READING_WORDS && !list)
			name = reading->size == 4 ? lone_word(data + reading->offset) : "";
		show_value(sink, list, name, NULL, reading->value, data, reading->offset,
			   reading->size);
	}
	readings_free(readings, count);
	return EXIT_OK;
}

int reply_show(struct sink *sink, const AParcel *reply, const struct reply_view *view)
{
	const uint8_t *data = NULL;
	size_t size = 0;
	AStatus *exception = NULL;
	json_t *list = NULL;
	int result;

	if (view->has_status)
		read_exception(reply, &exception);
	if (exception) {
		result = show_exception(sink, exception);
		AStatus_delete(exception);
		return result;
	}
	if (AParcel_getBytes(reply, &data, &size) != STATUS_OK)
		return fail(sink->arguments, EXIT_OTHER, NULL, "the reply cannot be read");
	if (sink->json) {
		list = json_array();
		if (!list)
			return fail(sink->arguments, EXIT_OTHER, NULL, "out of memory");
	} else {
		sink_print(sink, "%s, %zu byte%s\n", view->title ? view->title : "reply", size,
			   size == 1 ? "" : "s");
	}
	if (view->types)
		result = show_typed(sink, reply, view, data, size, list);
	else
		result = show_guessed(sink, reply, view, data, list);
	if (sink->json && result == EXIT_OK)
		return sink_put_json(sink, json_pack("{s:n, s:I, s:o}", "exception", "size",
						     (json_int_t)size, "values", list));
	json_decref(list);
	return result;
}
