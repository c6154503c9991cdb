/* SPDX-License-Identifier: MIT */
/*
 * types.c: TYPE:VALUE as a value in a parcel, and values in a reply as JSON.
 *
 * The types are rows of binder/wire.h; here are arrays, nulls, what is outside of the process, and
 * the message about a wrong word.  Called by call.c and reply.c through types.h.
 */
#include "cli/value/types.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/errors.h"
#include "cli/session.h"
#include "cli/value/data.h"
#include "cli/value/outside.h"
#include "cli/value/text.h"

const char *value_type_name(int index)
{
	const struct aidl_wire *type = aidl_wire_at(index);

	return type ? type->name : index && aidl_wire_at(index - 1) ? "null" : NULL;
}

bool value_type_has_array(int index)
{
	const struct aidl_wire *type = aidl_wire_at(index);

	return type && type->array;
}

/* Its text may be all of a file. */
static bool has_file(const struct aidl_wire *type)
{
	return type->value == AIDL_DATA_STRING || type->value == AIDL_DATA_BYTES;
}

bool value_type_has_file(const char *name, size_t length)
{
	bool array;
	const struct aidl_wire *type = aidl_wire_find(name, length, &array);

	return type && !array && has_file(type);
}

static bool is_string(const struct aidl_wire *type)
{
	return type->value == AIDL_DATA_STRING;
}

/* ---- one value --------------------------------------------------------------- */

/* A failure that was reported already: its exit status, as something that is no status. */
#define REPORTED(exit_status) (1000 + (exit_status))

static binder_status_t open_file(const struct value_place *place, const char *path, int *ret)
{
	int fd = outside_open(path);

	if (fd < 0)
		return REPORTED(fail(place->arguments, EXIT_OTHER, NULL,
				     "argument %d '%s': cannot open %s: %s", place->number,
				     place->word, path, strerror(-fd)));
	*ret = fd;
	return STATUS_OK;
}

int value_check_file(const struct value_place *place, const char *word)
{
	const char *path = strchr(word, ':');
	binder_status_t status;
	int fd = -1;

	if (strncmp(word, "fd:", 3) != 0 && strncmp(word, "pfd:", 4) != 0)
		return EXIT_OK;
	status = open_file(place, path + 1, &fd);
	if (status != STATUS_OK)
		return status - REPORTED(0);
	close(fd);
	return EXIT_OK;
}

/* *ret is the caller's to clear.  STATUS_BAD_TYPE: the text is wrong, and nothing was said. */
static binder_status_t parse(const struct value_place *place, const struct aidl_wire *type,
			     const char *text, struct aidl_data *ret)
{
	AIBinder *binder = NULL;
	binder_status_t status;
	int result, fd;

	if (type->value == AIDL_DATA_BINDER) {
		result = session_find(place->session, place->connection, text, &binder);
		if (result != EXIT_OK)
			return REPORTED(result);
		aidl_data_set_binder(ret, binder);
		AIBinder_decStrong(binder);
		return STATUS_OK;
	}
	if (type->value == AIDL_DATA_FILE) {
		status = open_file(place, text, &fd);
		if (status == STATUS_OK)
			aidl_data_set_file(ret, fd);
		return status;
	}
	return aidl_wire_parse(type, text, ret);
}

static binder_status_t write_text(const struct value_place *place, const struct aidl_wire *type,
				  const char *text)
{
	struct aidl_data data = { .kind = AIDL_DATA_NULL };
	binder_status_t status = parse(place, type, text, &data);

	if (status == STATUS_OK)
		status = aidl_wire_write(type, &data, place->parcel);
	aidl_data_clear(&data);
	return status;
}

/* ---- arrays ---------------------------------------------------------------- */

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

/* byte[] alone is packed: it is what "bytes" writes. */
static const struct aidl_wire *packed(const struct aidl_wire *type)
{
	bool array;

	return type->kind == AIDL_BYTE ? aidl_wire_find("bytes", 5, &array) : NULL;
}

static binder_status_t write_packed(const struct value_place *place, const struct aidl_wire *type,
				    char *text, int32_t count)
{
	struct aidl_data bytes = { .kind = AIDL_DATA_NULL }, byte = { .kind = AIDL_DATA_NULL };
	binder_status_t status = STATUS_OK;

	/* As much as there is text, for as many bytes as it has elements. */
	if (!aidl_data_set_bytes(&bytes, text, (size_t)count))
		return STATUS_NO_MEMORY;
	for (int32_t i = 0; i < count && status == STATUS_OK; i++) {
		status = aidl_wire_parse(type, next_element(&text, false), &byte);
		bytes.text[i] = (char)byte.integer;
	}
	if (status == STATUS_OK)
		status = aidl_wire_write(packed(type), &bytes, place->parcel);
	aidl_data_clear(&bytes);
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

static binder_status_t write_array(const struct value_place *place, const struct aidl_wire *type,
				   const char *text)
{
	int32_t count = count_elements(text, is_string(type));
	char *copy = strdup(text), *rest = copy;
	binder_status_t status;

	if (!copy)
		return STATUS_NO_MEMORY;
	if (packed(type)) {
		status = write_packed(place, type, copy, count);
		free(copy);
		return status;
	}
	status = AParcel_writeInt32(place->parcel, count);
	for (int32_t i = 0; i < count && status == STATUS_OK; i++) {
		char *element = next_element(&rest, is_string(type));

		status = element ? write_text(place, type, element) : STATUS_BAD_TYPE;
	}
	free(copy);
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
		return fail(place->arguments, EXIT_USAGE, "binderctl help call",
			    "argument %d '%s': expected TYPE:VALUE, as in i32:3 or str:hello",
			    place->number, place->word);
	return fail(place->arguments, EXIT_USAGE, "binderctl help call",
		    "argument %d '%s': no such type: %.*s%s%s%s", place->number, place->word,
		    (int)length, place->word, near ? " (did you mean " : "", near ? near : "",
		    near ? "?)" : "");
}

static int settle(const struct value_place *place, const struct aidl_wire *type, bool array,
		  binder_status_t status)
{
	char example[64];

	if (status == STATUS_OK)
		return EXIT_OK;
	if (status >= REPORTED(0))
		return status - REPORTED(0);
	if (status != STATUS_BAD_TYPE)
		return fail_status(place->arguments, status, place->word);
	if (array)
		snprintf(example, sizeof(example), "%s[]:%s,%s", type->name, type->example,
			 type->example);
	else
		snprintf(example, sizeof(example), "%s:%s", type->name, type->example);
	return fail(place->arguments, EXIT_USAGE, example, "argument %d '%s': expected %s%s",
		    place->number, place->word, type->expected,
		    array ? " for each element, with commas between" : "");
}

/* ---- TYPE:@FILE ------------------------------------------------------------ */

static int cannot_read(const struct value_place *place, const char *path, const char *why)
{
	char hint[64];

	snprintf(hint, sizeof(hint), "%.*s:@@... for text that begins with @",
		 (int)strcspn(place->word, ":") % 16, place->word);
	return fail(place->arguments, EXIT_OTHER, hint, "argument %d '%s': cannot read %s: %s",
		    place->number, place->word, path, why);
}

/* A string16 is whole text without a NUL, wherever it comes from. */
static binder_status_t write_bytes(const struct value_place *place, const struct aidl_wire *type,
				   struct aidl_data *data)
{
	if (type->kind == AIDL_STRING &&
	    (memchr(data->text, 0, data->length) || !text_is_utf8(data->text, data->length)))
		return STATUS_BAD_TYPE;
	data->kind = type->value;
	return aidl_wire_write(type, data, place->parcel);
}

static int write_file(const struct value_place *place, const struct aidl_wire *type,
		      const char *path)
{
	struct aidl_data data = { .kind = AIDL_DATA_NULL };
	int result = outside_read(path, &data);

	if (result == -ENOMEM)
		result = fail(place->arguments, EXIT_OTHER, NULL, "out of memory");
	else if (result)
		result = cannot_read(place, *path ? path : "a file without a name",
				     result == -EFBIG ? "it has more than 16 MiB" :
							strerror(-result));
	else
		result = settle(place, type, false, write_bytes(place, type, &data));
	aidl_data_clear(&data);
	return result;
}

/* The text of a scalar: a file's, or as it stands, with one @ of two taken away. */
static int write_scalar(const struct value_place *place, const struct aidl_wire *type,
			const char *text)
{
	if (has_file(type) && text[0] == '@' && text[1] != '@')
		return write_file(place, type, text + 1);
	if (has_file(type) && text[0] == '@')
		text++;
	return settle(place, type, false, write_text(place, type, text));
}

/* ---- words ----------------------------------------------------------------- */

/* null, null:binder, null:str, null:i32[] ... */
static int write_null(const struct value_place *place, const char *of)
{
	const struct aidl_data null = { .kind = AIDL_DATA_NULL };
	const struct aidl_wire *type;
	bool array;

	type = aidl_wire_find(of, strlen(of), &array);
	if (!type || (!array && !type->nullable))
		return fail(place->arguments, EXIT_USAGE, "null:str",
			    "argument %d '%s': expected null, null:binder, null:str, null:bytes, "
			    "null:pfd or an array as in null:i32[]",
			    place->number, place->word);
	return settle(place, type, array,
		      array ? AParcel_writeInt32(place->parcel, -1) :
			      aidl_wire_write(type, &null, place->parcel));
}

int value_write(const struct value_place *place, const char *word)
{
	size_t length = strcspn(word, ":");
	const struct aidl_wire *type;
	bool array;

	if (length == 4 && !strncmp(word, "null", 4))
		return write_null(place, word[4] ? word + 5 : "binder");
	type = aidl_wire_find(word, length, &array);
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
	const struct aidl_wire *type;
	bool array;
	int result;

	type = aidl_wire_find(word, length, &array);
	if (type && !type->parse && word[length])
		return EXIT_OK;
	/* A null binder is written by the words of a connection. */
	if (!strcmp(word, "null") || !strcmp(word, "null:binder"))
		return EXIT_OK;
	aside.parcel = AParcel_createOn(NULL);
	if (!aside.parcel)
		return fail(place->arguments, EXIT_OTHER, NULL, "out of memory");
	result = value_write(&aside, word);
	AParcel_delete(aside.parcel);
	return result;
}

/* ---- replies --------------------------------------------------------------- */

static void fail_reply_type(const struct arguments *arguments, const char *word, size_t length)
{
	const size_t bare = strcspn(word, ",[:");
	char name[32];
	const char *near;

	if (bare == 4 && !strncmp(word, "null", 4)) {
		fail(arguments, EXIT_USAGE, "--reply str,binder,i32[]",
		     "--reply: '%.*s' is a value, no type: what may be null is read by its own type",
		     (int)length, word);
		return;
	}
	snprintf(name, sizeof(name), "%.*s", (int)bare, word);
	near = suggest_type(name);
	/* One of an argument's alone. */
	if (near && !strcmp(near, "null"))
		near = NULL;
	fail(arguments, EXIT_USAGE, "--reply i32,str,i32[]", "--reply: no such type: '%.*s'%s%s%s",
	     (int)length, word, near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
}

struct value_list *value_list_parse(const struct arguments *arguments, const char *words,
				    int *count_ret)
{
	int count = count_elements(words, false);
	struct value_list *list = calloc(count + 1, sizeof(*list));

	for (int i = 0; list && i < count; i++) {
		size_t length = strcspn(words, ",");
		const struct aidl_wire *type = aidl_wire_find(words, length, &list[i].array);

		if (!type) {
			fail_reply_type(arguments, words, length);
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

/* ---- values as JSON ---------------------------------------------------------- */

json_t *value_of_binder(AIBinder *binder)
{
	char *descriptor = NULL;
	uint32_t handle = 0;
	json_t *value;

	if (!binder)
		return json_null();
	if (AIBinder_getHandle(binder, &handle) != STATUS_OK)
		return json_pack("{s:b}", "local", 1);
	session_descriptor(binder, 1000, &descriptor);
	value = json_pack("{s:I, s:s?}", "handle", (json_int_t)handle, "descriptor", descriptor);
	free(descriptor);
	return value;
}

json_t *value_of_fd(int fd)
{
	char path[PATH_MAX];

	outside_path(fd, path, sizeof(path));
	return json_pack("{s:i, s:s}", "fd", fd, "path", path);
}

/* A string as it would be typed. */
static json_t *printed(const struct aidl_wire *type, const struct aidl_data *data)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	json_t *json = NULL;

	if (!out)
		return NULL;
	aidl_wire_print(type, data, out);
	if (fclose(out) == 0)
		json = json_stringn(text, size);
	free(text);
	return json;
}

/* u64 beyond 2^63 - 1, NaN and the infinities are strings; a float has as few digits as it can. */
static json_t *to_json(const struct aidl_wire *type, const struct aidl_data *data)
{
	bool is_unsigned = type->kind == AIDL_UNKNOWN && type->low < 0;
	json_t *text, *number;

	if (data->kind == AIDL_DATA_FLOATING && isfinite(data->floating)) {
		text = printed(type, data);
		number = text ? json_real(strtod(json_string_value(text), NULL)) : NULL;
		json_decref(text);
		return number;
	}
	if (data->kind == AIDL_DATA_FLOATING || data->kind == AIDL_DATA_BYTES ||
	    type->kind == AIDL_CHAR || (is_unsigned && data->integer < 0))
		return printed(type, data);
	return data_to_json(data);
}

static binder_status_t read_one(const AParcel *parcel, const struct aidl_wire *type, json_t **ret)
{
	struct aidl_data data = { .kind = AIDL_DATA_NULL };
	binder_status_t status = aidl_wire_read(type, parcel, &data);

	if (status == STATUS_OK)
		*ret = to_json(type, &data);
	aidl_data_clear(&data);
	return status;
}

/* A list of numbers, unlike bytes. */
static binder_status_t read_packed(const AParcel *parcel, const struct aidl_wire *type,
				   json_t **ret)
{
	struct aidl_data data = { .kind = AIDL_DATA_NULL };
	binder_status_t status = aidl_wire_read(type, parcel, &data);

	if (status == STATUS_OK)
		*ret = data_to_json(&data);
	aidl_data_clear(&data);
	return status;
}

static binder_status_t read_array(const AParcel *parcel, const struct aidl_wire *type, json_t **ret)
{
	int32_t count, left = AParcel_getDataSize(parcel);
	binder_status_t status;
	json_t *list;

	if (packed(type))
		return read_packed(parcel, packed(type), ret);
	status = AParcel_readInt32(parcel, &count);
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
	for (int32_t i = 0; i < count && status == STATUS_OK; i++) {
		json_t *element = NULL;

		status = read_one(parcel, type, &element);
		if (status == STATUS_OK && json_array_append_new(list, element))
			status = STATUS_NO_MEMORY;
	}
	if (status == STATUS_OK)
		*ret = list;
	else
		json_decref(list);
	return status;
}

binder_status_t value_read(const AParcel *parcel, const struct value_list *type, json_t **ret)
{
	json_t *value = NULL;
	binder_status_t status = type->array ? read_array(parcel, type->type, &value) :
					       read_one(parcel, type->type, &value);

	if (status == STATUS_OK && !value)
		status = STATUS_NO_MEMORY;
	if (status == STATUS_OK)
		*ret = value;
	return status;
}

/* As few digits as give the same value again. */
static void print_real(FILE *out, double value)
{
	const struct aidl_data data = { .kind = AIDL_DATA_FLOATING, .floating = value };

	aidl_wire_print(aidl_wire_of(AIDL_DOUBLE), &data, out);
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
		   type->type->kind != AIDL_CHAR) {
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
