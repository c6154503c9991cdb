/* SPDX-License-Identifier: MIT */
/*
 * data_words.c: a word of the command line as a value of an AIDL type.
 *
 * Plain words for what is one value, JSON for what holds several.  Called by
 * call_method.c; hands on to data_json.c, and to session.c for services.
 */
#include "cli/value/data.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <binder/wire.h>

#include "cli/errors.h"
#include "cli/interface.h"
#include "cli/value/outside.h"
#include "cli/value/text.h"
#include "cli/session.h"

int data_fail(const struct data_source *source, const char *format, ...)
{
	char *signature = interface_signature(source->interface, source->method);
	char *type = interface_type(source->interface, source->argument->type);
	char *message = NULL;
	va_list args;
	int result;

	va_start(args, format);
	if (vasprintf(&message, format, args) < 0)
		message = NULL;
	va_end(args);
	result = fail(source->arguments, EXIT_USAGE, signature, "argument %s '%s': %s: %s",
		      source->argument->name, source->word, type ? type : "?",
		      message ? message : "out of memory");
	free(message);
	free(type);
	free(signature);
	return result;
}

static int no_memory(const struct data_source *source)
{
	return fail(source->arguments, EXIT_OTHER, NULL, "out of memory");
}

/* ---- what is outside ------------------------------------------------------------------- */

int data_from_service(const struct data_source *source, const char *name, struct aidl_data *ret)
{
	AIBinder *binder = NULL;
	int result = session_find(source->session, source->connection, name, &binder);

	if (result == EXIT_OK)
		aidl_data_set_binder(ret, binder);
	AIBinder_decStrong(binder);
	return result;
}

int data_from_file(const struct data_source *source, const char *path, struct aidl_data *ret)
{
	int fd = outside_open(path);

	if (fd < 0)
		return fail(source->arguments, EXIT_OTHER, NULL, "argument %s: cannot open %s: %s",
			    source->argument->name, path, strerror(-fd));
	aidl_data_set_file(ret, fd);
	return EXIT_OK;
}

static int read_bytes(const struct data_source *source, const char *path, struct aidl_data *ret)
{
	int result = outside_read(path, ret);

	if (result == -ENOMEM)
		return no_memory(source);
	if (result == -EFBIG)
		return data_fail(source, "%s is more than a call can carry", path);
	if (result)
		return fail(source->arguments, EXIT_OTHER, NULL, "argument %s: cannot read %s: %s",
			    source->argument->name, path, strerror(-result));
	return EXIT_OK;
}

int data_from_bytes(const struct data_source *source, const char *text, struct aidl_data *ret)
{
	bool array;
	binder_status_t status;

	if (*text == '@')
		return read_bytes(source, text + 1, ret);
	status = aidl_wire_parse(aidl_wire_find("bytes", 5, &array), text, ret);
	if (status == STATUS_NO_MEMORY)
		return no_memory(source);
	if (status != STATUS_OK)
		return data_fail(source, "expected bytes:HEX, two digits a byte, or bytes:@FILE");
	return EXIT_OK;
}

/* ---- plain words -------------------------------------------------------------------------- */

/*
 * The word without the type that a call by code has in front of it: "binder:media.player" is
 * "media.player".  Text has none: all of it is the value.
 */
static const char *without_type(const struct aidl_wire *wire, const char *word)
{
	size_t length = wire ? strlen(wire->name) : 0;

	if (!length || wire->value == AIDL_DATA_STRING || strncmp(word, wire->name, length) != 0 ||
	    word[length] != ':')
		return word;
	return word + length + 1;
}

/* Numbers, characters and truth values, spelt as those of a call by code. */
static int from_scalar(const struct data_source *source, const struct aidl_wire *wire,
		       struct aidl_data *ret)
{
	if (aidl_wire_parse(wire, without_type(wire, source->word), ret) == STATUS_OK)
		return EXIT_OK;
	return data_fail(source, "expected %s", wire->expected);
}

static int from_text(const struct data_source *source, struct aidl_data *ret)
{
	if (!text_is_utf8(source->word, strlen(source->word)))
		return data_fail(source, "expected text in UTF-8");
	return aidl_data_set_string(ret, source->word, strlen(source->word)) ? EXIT_OK :
									       no_memory(source);
}

/* Names, which the codec knows, or a number. */
static int from_enum(const struct data_source *source, struct aidl_data *ret)
{
	const struct aidl_declaration *declaration = source->argument->type->declaration;
	char *names = NULL;
	size_t size;
	int result;
	FILE *out;

	if (aidl_wire_parse(aidl_wire_of(AIDL_LONG), source->word, ret) == STATUS_OK)
		return EXIT_OK;
	for (const char *name = source->word;; name++) {
		size_t length = strcspn(name, "|");
		const struct aidl_constant *c = declaration->constants;

		while (c && (strlen(c->name) != length || strncmp(c->name, name, length) != 0))
			c = c->next;
		if (!c)
			break;
		name += length;
		if (!*name)
			return from_text(source, ret);
	}
	out = open_memstream(&names, &size);
	for (const struct aidl_constant *c = declaration->constants; out && c; c = c->next)
		fprintf(out, "%s%s", c->name, c->next ? ", " : "");
	if (out)
		fclose(out);
	result = data_fail(source, "expected a number or a name: %s", names ? names : "?");
	free(names);
	return result;
}

static int from_json_text(const struct data_source *source, struct aidl_data *ret)
{
	json_error_t error;
	json_t *json = json_loads(
		source->word, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
	int result;

	if (!json)
		return data_fail(source, "expected JSON: %s (column %d)", error.text, error.column);
	result = data_from_json(source, source->argument->type, json, ret);
	json_decref(json);
	return result;
}

int data_from_word(const struct data_source *source, struct aidl_data *ret)
{
	const struct aidl_type *type = source->argument->type;
	const struct aidl_wire *wire = aidl_wire_of(type->kind);
	const char *word = source->word;

	if (type->nullable && !strcmp(word, "null")) {
		aidl_data_clear(ret);
		return EXIT_OK;
	}
	switch (type->kind) {
	case AIDL_BOOLEAN:
	case AIDL_BYTE:
	case AIDL_CHAR:
	case AIDL_INT:
	case AIDL_LONG:
	case AIDL_FLOAT:
	case AIDL_DOUBLE:
		return from_scalar(source, wire, ret);
	case AIDL_ENUM:
		return from_enum(source, ret);
	case AIDL_CHAR_SEQUENCE:
		return from_text(source, ret);
	case AIDL_STRING:
		/* Where null is a word of its own, its text needs the quotes of JSON. */
		return type->nullable && *word == '"' ? from_json_text(source, ret) :
							from_text(source, ret);
	case AIDL_IBINDER:
	case AIDL_INTERFACE:
		return data_from_service(source, without_type(wire, word), ret);
	case AIDL_FILE_DESCRIPTOR:
	case AIDL_PARCEL_FILE_DESCRIPTOR:
		return data_from_file(source, without_type(wire, word), ret);
	case AIDL_ARRAY:
		if (type->element->kind == AIDL_BYTE && !strncmp(word, "bytes:", 6))
			return data_from_bytes(source, word + 6, ret);
		return from_json_text(source, ret);
	default:
		return from_json_text(source, ret);
	}
}
