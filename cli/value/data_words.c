/* SPDX-License-Identifier: MIT */
/*
 * data_words.c: a word of the command line as a value of an AIDL type.
 *
 * Plain words for what is one value, JSON for what holds several.  Called by
 * call_method.c; hands on to data_json.c, and to session.c for services.
 */
#include "cli/value/data.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/errors.h"
#include "cli/interface.h"
#include "cli/value/scalars.h"
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
	result = fail(source->invocation, EXIT_USAGE, signature, "argument %s '%s': %s: %s",
		      source->argument->name, source->word, type ? type : "?",
		      message ? message : "out of memory");
	free(message);
	free(type);
	free(signature);
	return result;
}

static int no_memory(const struct data_source *source)
{
	return fail(source->invocation, EXIT_OTHER, NULL, "out of memory");
}

/* ---- what is outside ------------------------------------------------------------------- */

int data_from_service(const struct data_source *source, const char *name, struct aidl_data *ret)
{
	AIBinder *binder = NULL;
	int result = session_find(source->invocation, source->connection, name, &binder);

	if (result == EXIT_OK)
		aidl_data_set_binder(ret, binder);
	AIBinder_decStrong(binder);
	return result;
}

int data_from_file(const struct data_source *source, const char *path, struct aidl_data *ret)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0 && (errno == EACCES || errno == EROFS || errno == EISDIR || errno == ETXTBSY))
		fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail(source->invocation, EXIT_OTHER, NULL, "argument %s: cannot open %s: %s",
			    source->argument->name, path, strerror(errno));
	aidl_data_set_file(ret, fd);
	return EXIT_OK;
}

/* More than any call carries. */
#define MOST_BYTES (4 << 20)

static int read_bytes(const struct data_source *source, const char *path, struct aidl_data *ret)
{
	FILE *file = fopen(path, "re");
	char *bytes = malloc(MOST_BYTES);
	size_t size = 0;
	int result = EXIT_OK;

	if (file && bytes)
		size = fread(bytes, 1, MOST_BYTES, file);
	if (!bytes)
		result = no_memory(source);
	else if (!file || ferror(file))
		result = fail(source->invocation, EXIT_OTHER, NULL,
			      "argument %s: cannot read %s: %s", source->argument->name, path,
			      strerror(errno));
	else if (size == MOST_BYTES)
		result = data_fail(source, "%s is more than a call can carry", path);
	else if (!aidl_data_set_bytes(ret, bytes, size))
		result = no_memory(source);
	if (file)
		fclose(file);
	free(bytes);
	return result;
}

static int digit(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : (c | 32) - 'a' + 10;
}

int data_from_bytes(const struct data_source *source, const char *text, struct aidl_data *ret)
{
	size_t length = strlen(text);

	if (*text == '@')
		return read_bytes(source, text + 1, ret);
	if (length % 2 || strspn(text, "0123456789abcdefABCDEF") != length)
		return data_fail(source, "expected bytes:HEX, two digits a byte, or bytes:@FILE");
	if (!aidl_data_set_bytes(ret, text, length / 2))
		return no_memory(source);
	for (size_t i = 0; i < length / 2; i++)
		ret->text[i] = (char)(digit(text[2 * i]) << 4 | digit(text[2 * i + 1]));
	return EXIT_OK;
}

/* ---- plain words -------------------------------------------------------------------------- */

/* Numbers, characters and truth values, spelt as those of a call by code. */
static int from_scalar(const struct data_source *source, struct aidl_data *ret)
{
	const enum aidl_kind kind = source->argument->type->kind;
	const char *word = source->word, *expected;
	long long integer = 0;
	double real = 0;
	char16_t unit = 0;
	int8_t byte = 0;
	bool yes = false, good;

	if (kind == AIDL_BOOLEAN) {
		expected = SCALAR_BOOLEAN;
		good = scalar_boolean(word, &yes);
		aidl_data_set_boolean(ret, yes);
	} else if (kind == AIDL_BYTE) {
		expected = SCALAR_BYTE;
		good = scalar_byte(word, &byte);
		aidl_data_set_integer(ret, byte);
	} else if (kind == AIDL_CHAR) {
		expected = SCALAR_CHAR;
		good = scalar_char(word, &unit);
		aidl_data_set_integer(ret, unit);
	} else if (kind == AIDL_FLOAT || kind == AIDL_DOUBLE) {
		expected = kind == AIDL_FLOAT ? SCALAR_FLOAT : SCALAR_DOUBLE;
		good = scalar_real(word, kind == AIDL_FLOAT, &real);
		aidl_data_set_floating(ret, real);
	} else {
		expected = kind == AIDL_INT ? SCALAR_INT32 : SCALAR_INT64;
		good = scalar_integer(word, kind == AIDL_INT ? INT32_MIN : INT64_MIN,
				      kind == AIDL_INT ? INT32_MAX : INT64_MAX, &integer);
		aidl_data_set_integer(ret, integer);
	}
	return good ? EXIT_OK : data_fail(source, "expected %s", expected);
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
	long long value;
	size_t size;
	int result;
	FILE *out;

	if (scalar_integer(source->word, INT64_MIN, INT64_MAX, &value)) {
		aidl_data_set_integer(ret, value);
		return EXIT_OK;
	}
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
		return from_scalar(source, ret);
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
		return data_from_service(source, word, ret);
	case AIDL_FILE_DESCRIPTOR:
	case AIDL_PARCEL_FILE_DESCRIPTOR:
		return data_from_file(source, word, ret);
	case AIDL_ARRAY:
		if (type->element->kind == AIDL_BYTE && !strncmp(word, "bytes:", 6))
			return data_from_bytes(source, word + 6, ret);
		return from_json_text(source, ret);
	default:
		return from_json_text(source, ret);
	}
}
