/* SPDX-License-Identifier: MIT */
/*
 * types.c: the table of types, and what is the same for all of them: arrays,
 * nulls, and what is said about a wrong word.
 *
 * Called by call.c and reply.c through types.h; hands on to the functions of a
 * type in types_scalar.c and types_object.c.
 */
#include "cli/value/types_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/errors.h"
#include "cli/value/scalars.h"

/* ---- the table ------------------------------------------------------------- */

#define FUNCTIONS(of) .write = type_write_##of, .read = type_read_##of

static const struct value_type types[] = {
	{ "bool", SCALAR_BOOLEAN, "bool:true", .array = true, FUNCTIONS(bool) },
	{ "byte", SCALAR_BYTE, "byte:-1", .array = true, FUNCTIONS(byte) },
	{ "char", SCALAR_CHAR, "char:A", .array = true, FUNCTIONS(char) },
	{ "i32", SCALAR_INT32, "i32:-3", .array = true, FUNCTIONS(int32) },
	{ "u32", SCALAR_UINT32, "u32:7", .array = true, FUNCTIONS(uint32) },
	{ "i64", SCALAR_INT64, "i64:-3", .array = true, FUNCTIONS(int64) },
	{ "u64", SCALAR_UINT64, "u64:7", .array = true, FUNCTIONS(uint64) },
	{ "f32", SCALAR_FLOAT, "f32:0.5", .array = true, FUNCTIONS(float) },
	{ "f64", SCALAR_DOUBLE, "f64:-1e9", .array = true, FUNCTIONS(double) },
	{ "str", "UTF-8 text, or @FILE", "str:hello", .array = true, FUNCTIONS(string16),
	  .write_file = type_file_string16, .write_null = type_write_null_string },
	{ "str8", "text, or @FILE", "str8:hello", .array = true, FUNCTIONS(string8),
	  .write_file = type_file_string8 },
	{ "binder", "the name of a service", "binder:media.player", .outside = true,
	  FUNCTIONS(binder), .write_null = type_write_null_binder },
	{ "fd", "the path of a file", "fd:/dev/null", .outside = true, FUNCTIONS(fd) },
	{ "pfd", "the path of a file", "pfd:/dev/null", .outside = true, FUNCTIONS(parcel_fd),
	  .write_null = type_write_null_parcel_fd },
	{ "bytes", "an even number of hexadecimal digits, or @FILE", "bytes:0102ff",
	  FUNCTIONS(bytes), .write_file = type_file_bytes, .write_null = type_write_null_count },
	{ "raw", "an even number of hexadecimal digits, or @FILE", "raw:0102ff", FUNCTIONS(raw),
	  .write_file = type_file_raw },
};

#define TYPE_COUNT ((int)(sizeof(types) / sizeof(*types)))

const char *value_type_name(int index)
{
	return index < TYPE_COUNT ? types[index].name : index == TYPE_COUNT ? "null" : NULL;
}

/* "i32" or "i32[]", of that many characters. */
static const struct value_type *type_find(const char *name, size_t length, bool *array)
{
	*array = length > 2 && !strncmp(name + length - 2, "[]", 2);
	if (*array)
		length -= 2;
	for (int i = 0; i < TYPE_COUNT; i++)
		if (strlen(types[i].name) == length && !strncmp(types[i].name, name, length))
			return *array && !types[i].array ? NULL : &types[i];
	return NULL;
}

bool value_type_has_array(int index)
{
	return index < TYPE_COUNT && types[index].array;
}

bool value_type_has_file(const char *name, size_t length)
{
	bool array;
	const struct value_type *type = type_find(name, length, &array);

	return type && !array && type->write_file;
}

/* ---- arrays ---------------------------------------------------------------- */

static bool is_string(const struct value_type *type)
{
	return type->write == type_write_string16 || type->write == type_write_string8;
}

/*
 * Takes the next element off *text, in place: *text is moved behind its comma,
 * or becomes NULL behind the last one.  NULL: a backslash before something else.
 */
static char *next_element(char **text, bool escapes)
{
	char *start = *text, *to = start, *from = start;

	for (; *from && *from != ','; from++) {
		if (escapes && *from == '\\') {
			from++;
			if (*from == 'e')
				continue;
			if (*from != ',' && *from != '\\')
				return NULL;
		}
		*to++ = *from;
	}
	*text = *from ? from + 1 : NULL;
	*to = 0;
	return start;
}

/* byte[] alone is packed: a count and the bytes. */
static binder_status_t write_byte_array(const struct value_place *place, char *text, int32_t count)
{
	int8_t *bytes = malloc(count + 1);
	binder_status_t status = STATUS_OK;

	if (!bytes)
		return STATUS_NO_MEMORY;
	for (int32_t i = 0; i < count && status == STATUS_OK; i++) {
		if (!scalar_byte(next_element(&text, false), &bytes[i]))
			status = STATUS_BAD_TYPE;
	}
	if (status == STATUS_OK)
		status = AParcel_writeByteArray(place->parcel, bytes, count);
	free(bytes);
	return status;
}

static int32_t count_elements(const char *text, bool escapes)
{
	int32_t count = *text != 0;

	for (; *text; text++) {
		if (escapes && *text == '\\' && text[1])
			text++;
		else
			count += *text == ',';
	}
	return count;
}

static binder_status_t write_array(const struct value_place *place, const struct value_type *type,
				   const char *text)
{
	int32_t count = count_elements(text, is_string(type));
	char *copy = strdup(text), *rest = copy;
	binder_status_t status;

	if (!copy)
		return STATUS_NO_MEMORY;
	if (type->write == type_write_byte) {
		status = write_byte_array(place, copy, count);
		free(copy);
		return status;
	}
	status = AParcel_writeInt32(place->parcel, count);
	for (int32_t i = 0; i < count && status == STATUS_OK; i++) {
		char *element = next_element(&rest, is_string(type));

		status = element ? type->write(place, element) : STATUS_BAD_TYPE;
	}
	free(copy);
	return status;
}

/* Packed bytes: count, bytes, padding. */
static binder_status_t read_byte_array(const AParcel *parcel, int32_t count, json_t *list)
{
	const void *data;
	binder_status_t status = count ? AParcel_readRaw(parcel, count, &data) : STATUS_OK;

	for (int32_t i = 0; i < count && status == STATUS_OK; i++)
		if (json_array_append_new(list, json_integer(((const int8_t *)data)[i])))
			status = STATUS_NO_MEMORY;
	return status;
}

static binder_status_t read_array(const AParcel *parcel, const struct value_type *type,
				  json_t **ret)
{
	int32_t count, left = AParcel_getDataSize(parcel);
	binder_status_t status = AParcel_readInt32(parcel, &count);
	json_t *list;

	if (status != STATUS_OK)
		return status;
	if (count == -1) {
		*ret = json_null();
		return STATUS_OK;
	}
	/* No element takes less than a byte. */
	if (count < 0 || count > left)
		return STATUS_BAD_VALUE;
	list = json_array();
	if (!list)
		return STATUS_NO_MEMORY;
	if (type->read == type_read_byte)
		status = read_byte_array(parcel, count, list);
	for (int32_t i = 0; type->read != type_read_byte && i < count && status == STATUS_OK; i++) {
		json_t *element = NULL;

		status = type->read(parcel, &element);
		if (status == STATUS_OK && json_array_append_new(list, element))
			status = STATUS_NO_MEMORY;
	}
	if (status == STATUS_OK)
		*ret = list;
	else
		json_decref(list);
	return status;
}

/* ---- one argument ---------------------------------------------------------- */

static int unknown_type(const struct value_place *place, size_t length)
{
	char name[32];
	const char *near;

	snprintf(name, sizeof(name), "%.*s", (int)length, place->word);
	name[strcspn(name, "[")] = 0;
	near = suggest_type(name);
	if (!place->word[length])
		return fail(place->invocation, EXIT_USAGE, "binderctl help call",
			    "argument %d '%s': expected TYPE:VALUE, as in i32:3 or str:hello",
			    place->number, place->word);
	return fail(place->invocation, EXIT_USAGE, "binderctl help call",
		    "argument %d '%s': no such type: %.*s%s%s%s", place->number, place->word,
		    (int)length, place->word, near ? " (did you mean " : "", near ? near : "",
		    near ? "?)" : "");
}

static int settle(const struct value_place *place, const struct value_type *type, bool array,
		  binder_status_t status)
{
	char example[64];

	if (status == STATUS_OK)
		return EXIT_OK;
	if (status >= TYPE_REPORTED(0))
		return status - TYPE_REPORTED(0);
	if (status != STATUS_BAD_TYPE)
		return fail_status(place->invocation, status, place->word);
	if (array)
		snprintf(example, sizeof(example), "%s[]:%s,%s", type->name,
			 strchr(type->example, ':') + 1, strchr(type->example, ':') + 1);
	else
		snprintf(example, sizeof(example), "%s", type->example);
	return fail(place->invocation, EXIT_USAGE, example, "argument %d '%s': expected %s%s",
		    place->number, place->word, type->expected,
		    array ? " for each element, with commas between" : "");
}

/* ---- TYPE:@FILE ------------------------------------------------------------ */

/* More than any receive buffer takes. */
#define LARGEST_FILE (16u << 20)

static int cannot_read(const struct value_place *place, const char *path, const char *why)
{
	char hint[64];

	snprintf(hint, sizeof(hint), "%.*s:@@... for text that begins with @",
		 (int)strcspn(place->word, ":") % 16, place->word);
	return fail(place->invocation, EXIT_OTHER, hint, "argument %d '%s': cannot read %s: %s",
		    place->number, place->word, path, why);
}

static int write_file(const struct value_place *place, const struct value_type *type,
		      const char *path)
{
	FILE *file = fopen(path, "re");
	char *data = file ? malloc(LARGEST_FILE + 1) : NULL;
	size_t size;
	int result;

	if (!file)
		return cannot_read(place, *path ? path : "a file without a name", strerror(errno));
	if (!data) {
		fclose(file);
		return fail(place->invocation, EXIT_OTHER, NULL, "out of memory");
	}
	size = fread(data, 1, LARGEST_FILE + 1, file);
	if (ferror(file))
		result = cannot_read(place, path, strerror(errno));
	else if (size > LARGEST_FILE)
		result = cannot_read(place, path, "it has more than 16 MiB");
	else
		result = settle(place, type, false, type->write_file(place, data, size));
	fclose(file);
	free(data);
	return result;
}

/* The text of a scalar: a file's, or as it stands, with one @ of two taken away. */
static int write_scalar(const struct value_place *place, const struct value_type *type,
			const char *text)
{
	if (type->write_file && text[0] == '@' && text[1] != '@')
		return write_file(place, type, text + 1);
	if (type->write_file && text[0] == '@')
		text++;
	return settle(place, type, false, type->write(place, text));
}

/* ---- words ----------------------------------------------------------------- */

/* null, null:binder, null:str, null:i32[] ... */
static int write_null(const struct value_place *place, const char *of)
{
	const struct value_type *type;
	bool array;

	type = type_find(of, strlen(of), &array);
	if (!type || (!array && !type->write_null))
		return fail(place->invocation, EXIT_USAGE, "null:str",
			    "argument %d '%s': expected null, null:binder, null:str, null:bytes, "
			    "null:pfd or an array as in null:i32[]",
			    place->number, place->word);
	return settle(place, type, array,
		      array ? type_write_null_count(place) : type->write_null(place));
}

int value_write(const struct value_place *place, const char *word)
{
	size_t length = strcspn(word, ":");
	const struct value_type *type;
	bool array;

	if (length == 4 && !strncmp(word, "null", 4))
		return write_null(place, word[4] ? word + 5 : "binder");
	type = type_find(word, length, &array);
	if (!type || !word[length])
		return unknown_type(place, length);
	if (!array)
		return write_scalar(place, type, word + length + 1);
	return settle(place, type, true, write_array(place, type, word + length + 1));
}

int value_check(const struct value_place *place, const char *word)
{
	size_t length = strcspn(word, ":");
	struct value_place aside = *place;
	const struct value_type *type;
	bool array;
	int result;

	type = type_find(word, length, &array);
	if (type && type->outside && word[length])
		return EXIT_OK;
	/* A null binder is written by the words of a connection. */
	if (!strcmp(word, "null") || !strcmp(word, "null:binder"))
		return EXIT_OK;
	aside.parcel = AParcel_createOn(NULL);
	if (!aside.parcel)
		return fail(place->invocation, EXIT_OTHER, NULL, "out of memory");
	result = value_write(&aside, word);
	AParcel_delete(aside.parcel);
	return result;
}

/* ---- replies --------------------------------------------------------------- */

static void fail_reply_type(const struct invocation *invocation, const char *word, size_t length)
{
	const size_t bare = strcspn(word, ",[:");
	char name[32];
	const char *near;

	if (bare == 4 && !strncmp(word, "null", 4)) {
		fail(invocation, EXIT_USAGE, "--reply str,binder,i32[]",
		     "--reply: '%.*s' is a value, no type: what may be null is read by its own type",
		     (int)length, word);
		return;
	}
	snprintf(name, sizeof(name), "%.*s", (int)bare, word);
	near = suggest_type(name);
	/* One of an argument's alone. */
	if (near && !strcmp(near, "null"))
		near = NULL;
	fail(invocation, EXIT_USAGE, "--reply i32,str,i32[]", "--reply: no such type: '%.*s'%s%s%s",
	     (int)length, word, near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
}

struct value_list *value_list_parse(const struct invocation *invocation, const char *words,
				    int *count_ret)
{
	int count = count_elements(words, false);
	struct value_list *list = calloc(count + 1, sizeof(*list));

	for (int i = 0; list && i < count; i++) {
		size_t length = strcspn(words, ",");
		const struct value_type *type = type_find(words, length, &list[i].array);

		if (!type) {
			fail_reply_type(invocation, words, length);
			free(list);
			return NULL;
		}
		list[i].type = type;
		snprintf(list[i].name, sizeof(list[i].name), "%s%s", type->name,
			 list[i].array ? "[]" : "");
		words += length + (words[length] == ',');
	}
	*count_ret = count;
	return list;
}

binder_status_t value_read(const AParcel *parcel, const struct value_list *type, json_t **ret)
{
	json_t *value = NULL;
	binder_status_t status = type->array ? read_array(parcel, type->type, &value) :
					       type->type->read(parcel, &value);

	if (status == STATUS_OK && !value)
		status = STATUS_NO_MEMORY;
	if (status == STATUS_OK)
		*ret = value;
	return status;
}

/* As few digits as give the same value again. */
static void print_real(FILE *out, double value)
{
	char text[40];

	for (int digits = 6; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			break;
	}
	fputs(text, out);
}

static void print_value(FILE *out, const struct value_list *type, const json_t *value)
{
	const char *descriptor = json_string_value(json_object_get(value, "descriptor"));
	const json_t *handle = json_object_get(value, "handle"), *fd = json_object_get(value, "fd");

	if (handle) {
		fprintf(out, "handle %lld %s", (long long)json_integer_value(handle),
			descriptor ? descriptor : "?");
	} else if (fd) {
		fprintf(out, "%lld %s", (long long)json_integer_value(fd),
			json_string_value(json_object_get(value, "path")));
	} else if (json_is_real(value)) {
		print_real(out, json_real_value(value));
	} else if (json_is_array(value)) {
		fputc('[', out);
		for (size_t i = 0; i < json_array_size(value); i++) {
			fputs(i ? ", " : "", out);
			print_value(out, type, json_array_get(value, i));
		}
		fputc(']', out);
	} else if (json_is_string(value) && type && !is_string(type->type) &&
		   strcmp(type->type->name, "char") != 0) {
		/* Too large for JSON's numbers, or none of them: a string there, but not here. */
		fputs(json_string_value(value), out);
	} else {
		json_dumpf(value, out, JSON_ENCODE_ANY);
	}
}

char *value_text(const struct value_list *type, const json_t *value)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	print_value(out, type, value);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}
