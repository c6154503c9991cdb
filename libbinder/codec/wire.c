/* SPDX-License-Identifier: MIT */
/*
 * wire.c: the table of single values: their names, and how they are written, read and parsed.
 *
 * Called by the codec and by programs; hands on to the parcel.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <binder/wire.h>

#include "base/utf.h"
#include "codec.h"

/* Makes data a leaf of that kind.  Most are so already: a number is read for each of a list. */
static void become(struct aidl_data *data, enum aidl_data_kind kind)
{
	if (data->kind > AIDL_DATA_FLOATING)
		aidl_data_clear(data);
	data->kind = kind;
	data->type = NULL;
}

/* ---- integers ------------------------------------------------------------------------ */

/* bool, byte and char take a whole int32. */
static binder_status_t write_integer(const struct aidl_wire *wire, const struct aidl_data *data,
				     AParcel *parcel)
{
	if (data->integer < wire->low || data->integer > wire->high)
		return STATUS_BAD_VALUE;
	if (wire->size == sizeof(int64_t))
		return parcel_write(parcel, &data->integer, sizeof(data->integer));
	if (wire->kind == AIDL_BYTE)
		return parcel_write_int32(parcel, (int8_t)data->integer);
	return parcel_write_int32(parcel, (int32_t)data->integer);
}

static binder_status_t read_integer(const struct aidl_wire *wire, const AParcel *parcel,
				    struct aidl_data *data)
{
	int64_t value = 0;
	int32_t word = 0;
	binder_status_t status;

	if (wire->size == sizeof(value)) {
		status = parcel_copy(parcel, &value, sizeof(value));
	} else {
		status = parcel_read_int32(parcel, &word);
		value = wire->low >= 0 ? (int64_t)(uint32_t)word : word;
		if (wire->kind == AIDL_BYTE)
			value = (int8_t)value;
		else if (wire->kind == AIDL_CHAR)
			value = (uint16_t)value;
	}
	if (status == STATUS_OK) {
		become(data, AIDL_DATA_INTEGER);
		data->integer = value;
	}
	return status;
}

static int base_of(const char *digits)
{
	return digits[0] == '0' && (digits[1] | 32) == 'x' ? 16 : 10;
}

static binder_status_t parse_integer(const struct aidl_wire *wire, const char *word,
				     struct aidl_data *data)
{
	const char *digits = word + (*word == '-' || *word == '+');
	long long value;
	char *end;

	if (!isdigit((unsigned char)*digits))
		return STATUS_BAD_TYPE;
	errno = 0;
	value = strtoll(word, &end, base_of(digits));
	if (errno || *end || value < wire->low || value > wire->high)
		return STATUS_BAD_TYPE;
	aidl_data_set_integer(data, wire->kind == AIDL_BYTE ? (int8_t)value : value);
	return STATUS_OK;
}

static binder_status_t parse_unsigned(const struct aidl_wire *wire, const char *word,
				      struct aidl_data *data)
{
	const char *digits = word + (*word == '+');
	unsigned long long value;
	char *end;

	if (!isdigit((unsigned char)*digits))
		return STATUS_BAD_TYPE;
	errno = 0;
	value = strtoull(digits, &end, base_of(digits));
	if (errno || *end)
		return STATUS_BAD_TYPE;
	aidl_data_set_integer(data, (int64_t)value);
	return STATUS_OK;
}

static binder_status_t parse_char(const struct aidl_wire *wire, const char *word,
				  struct aidl_data *data)
{
	const size_t length = strlen(word);
	uint16_t unit;

	/* A 0 alone is the character.  A character of two units is not one value. */
	if (length > 1 && base_of(word) == 16)
		return parse_integer(wire, word, data);
	if (utf8_to_16_length(word, length) != 1)
		return STATUS_BAD_TYPE;
	utf8_to_16(word, length, &unit);
	aidl_data_set_integer(data, unit);
	return STATUS_OK;
}

static binder_status_t write_bool(const struct aidl_wire *wire, const struct aidl_data *data,
				  AParcel *parcel)
{
	return parcel_write_int32(parcel, data->boolean);
}

static binder_status_t read_bool(const struct aidl_wire *wire, const AParcel *parcel,
				 struct aidl_data *data)
{
	int32_t word;
	binder_status_t status = parcel_read_int32(parcel, &word);

	if (status == STATUS_OK) {
		become(data, AIDL_DATA_BOOLEAN);
		data->boolean = word;
	}
	return status;
}

static binder_status_t parse_bool(const struct aidl_wire *wire, const char *word,
				  struct aidl_data *data)
{
	bool yes = !strcmp(word, "true") || !strcmp(word, "1");

	if (!yes && strcmp(word, "false") != 0 && strcmp(word, "0") != 0)
		return STATUS_BAD_TYPE;
	aidl_data_set_boolean(data, yes);
	return STATUS_OK;
}

static void print_integer(const struct aidl_wire *wire, const struct aidl_data *data, FILE *out)
{
	const utf16_unit unit = (utf16_unit)data->integer;
	char text[4] = "";

	if (wire->kind == AIDL_UNKNOWN && wire->low < 0) {
		fprintf(out, "%" PRIu64, (uint64_t)data->integer);
	} else if (wire->kind != AIDL_CHAR) {
		fprintf(out, "%" PRId64, data->integer);
	} else if (unit < 0x20 || (unit >= 0xd800 && unit < 0xe000)) {
		/* Not a character by itself. */
		fprintf(out, "0x%04x", unit);
	} else {
		utf16_to_8(&unit, 1, text);
		fputs(text, out);
	}
}

static void print_bool(const struct aidl_wire *wire, const struct aidl_data *data, FILE *out)
{
	fputs(data->boolean ? "true" : "false", out);
}

/* ---- fractions ------------------------------------------------------------------------- */

static bool is_single(const struct aidl_wire *wire)
{
	return wire->kind == AIDL_FLOAT;
}

/* Infinity may be sent, but no number silently becomes it. */
static binder_status_t write_real(const struct aidl_wire *wire, const struct aidl_data *data,
				  AParcel *parcel)
{
	float single = (float)data->floating;

	if (!is_single(wire))
		return parcel_write(parcel, &data->floating, sizeof(data->floating));
	if (isfinite(data->floating) && !isfinite(single))
		return STATUS_BAD_VALUE;
	return parcel_write(parcel, &single, sizeof(single));
}

static binder_status_t read_real(const struct aidl_wire *wire, const AParcel *parcel,
				 struct aidl_data *data)
{
	float single = 0;
	double value = 0;
	binder_status_t status = is_single(wire) ? parcel_copy(parcel, &single, sizeof(single)) :
						   parcel_copy(parcel, &value, sizeof(value));

	if (status == STATUS_OK) {
		become(data, AIDL_DATA_FLOATING);
		data->floating = is_single(wire) ? (double)single : value;
	}
	return status;
}

static bool is_number_word(const char *text)
{
	return !strcasecmp(text, "inf") || !strcasecmp(text, "infinity") ||
	       !strcasecmp(text, "nan");
}

static binder_status_t parse_real(const struct aidl_wire *wire, const char *word,
				  struct aidl_data *data)
{
	const char *bare = word + (*word == '-' || *word == '+');
	double value;
	char *end;

	if (!isdigit((unsigned char)*bare) && *bare != '.' && !is_number_word(bare))
		return STATUS_BAD_TYPE;
	value = strtod(word, &end);
	if (*end || end == word)
		return STATUS_BAD_TYPE;
	/* strtod() makes infinity of digits that are too many. */
	if (!is_number_word(bare) && !isfinite(is_single(wire) ? (double)(float)value : value))
		return STATUS_BAD_TYPE;
	aidl_data_set_floating(data, value);
	return STATUS_OK;
}

/* As few digits as give the same value again. */
static void print_real(const struct aidl_wire *wire, const struct aidl_data *data, FILE *out)
{
	char text[40];

	for (int digits = 6; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, data->floating);
		if (is_single(wire) ? strtof(text, NULL) == (float)data->floating :
				      strtod(text, NULL) == data->floating)
			break;
	}
	fputs(text, out);
}

/* ---- text and bytes ---------------------------------------------------------------------- */

/* Takes malloc()ed text over; NULL is null. */
static void take_text(struct aidl_data *data, char *text, size_t length)
{
	become(data, text ? AIDL_DATA_STRING : AIDL_DATA_NULL);
	data->text = text;
	data->length = length;
}

static binder_status_t write_string16(const struct aidl_wire *wire, const struct aidl_data *data,
				      AParcel *parcel)
{
	return parcel_write_string16(parcel, data->text, data->length);
}

static binder_status_t read_string16(const struct aidl_wire *wire, const AParcel *parcel,
				     struct aidl_data *data)
{
	size_t length;
	char *text;
	binder_status_t status = parcel_take_text16(parcel, &text, &length);

	if (status == STATUS_OK)
		take_text(data, text, length);
	return status;
}

static binder_status_t write_string8(const struct aidl_wire *wire, const struct aidl_data *data,
				     AParcel *parcel)
{
	if (data->length > INT32_MAX)
		return STATUS_BAD_VALUE;
	return parcel_write_string8(parcel, data->text, (int32_t)data->length);
}

static binder_status_t read_string8(const struct aidl_wire *wire, const AParcel *parcel,
				    struct aidl_data *data)
{
	int32_t length;
	char *text;
	binder_status_t status = parcel_take_string8(parcel, &text, &length);

	if (status == STATUS_OK)
		take_text(data, text, text ? (size_t)length : 0);
	return status;
}

static binder_status_t parse_text(const struct aidl_wire *wire, const char *word,
				  struct aidl_data *data)
{
	size_t length = strlen(word);

	if (wire->kind == AIDL_STRING && utf8_to_16_length(word, length) < 0)
		return STATUS_BAD_TYPE;
	return aidl_data_set_string(data, word, length) ? STATUS_OK : STATUS_NO_MEMORY;
}

/* A byte[] of AIDL: a count and the bytes.  "raw" is the bytes alone. */
static binder_status_t write_bytes(const struct aidl_wire *wire, const struct aidl_data *data,
				   AParcel *parcel)
{
	bool counted = wire->size;
	binder_status_t status = STATUS_OK;

	if (data->kind == AIDL_DATA_NULL)
		return parcel_write_int32(parcel, -1);
	if (data->length > INT32_MAX)
		return STATUS_BAD_VALUE;
	if (counted)
		status = parcel_write_int32(parcel, (int32_t)data->length);
	return status == STATUS_OK ? parcel_write(parcel, data->text, data->length) : status;
}

static binder_status_t read_bytes(const struct aidl_wire *wire, const AParcel *parcel,
				  struct aidl_data *data)
{
	const void *bytes = NULL;
	int32_t count = (int32_t)parcel_left(parcel);
	binder_status_t status = wire->size ? parcel_read_count(parcel, 1, &count) : STATUS_OK;

	aidl_data_clear(data);
	if (status != STATUS_OK || count < 0)
		return status;
	status = parcel_read(parcel, (size_t)count, &bytes);
	if (status != STATUS_OK)
		return status;
	return aidl_data_set_bytes(data, bytes, (size_t)count) ? STATUS_OK : STATUS_NO_MEMORY;
}

static int hex_digit(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : (c | 32) - 'a' + 10;
}

static binder_status_t parse_hex(const struct aidl_wire *wire, const char *word,
				 struct aidl_data *data)
{
	size_t length = strlen(word);

	if (length % 2 || strspn(word, "0123456789abcdefABCDEF") != length)
		return STATUS_BAD_TYPE;
	if (!aidl_data_set_bytes(data, word, length / 2))
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < length / 2; i++)
		data->text[i] = (char)(hex_digit(word[2 * i]) << 4 | hex_digit(word[2 * i + 1]));
	return STATUS_OK;
}

static void print_hex(const struct aidl_wire *wire, const struct aidl_data *data, FILE *out)
{
	for (size_t i = 0; i < data->length; i++)
		fprintf(out, "%02x", (unsigned char)data->text[i]);
}

static void print_text(const struct aidl_wire *wire, const struct aidl_data *data, FILE *out)
{
	fwrite(data->text, 1, data->length, out);
}

/* ---- objects -------------------------------------------------------------------------------- */

static binder_status_t write_binder(const struct aidl_wire *wire, const struct aidl_data *data,
				    AParcel *parcel)
{
	return parcel_write_binder(parcel, data->binder);
}

static binder_status_t read_binder(const struct aidl_wire *wire, const AParcel *parcel,
				   struct aidl_data *data)
{
	AIBinder *binder;
	binder_status_t status;

	if (parcel->captured)
		return codec_read_captured_binder(parcel, data);
	status = parcel_read_binder(parcel, &binder);
	if (status != STATUS_OK)
		return status;
	aidl_data_clear(data);
	if (binder) {
		data->kind = AIDL_DATA_BINDER;
		data->binder = binder;
	}
	return STATUS_OK;
}

static binder_status_t write_fd(const struct aidl_wire *wire, const struct aidl_data *data,
				AParcel *parcel)
{
	return parcel_write_fd_copy(parcel, data->fd);
}

static binder_status_t write_file(const struct aidl_wire *wire, const struct aidl_data *data,
				  AParcel *parcel)
{
	return parcel_write_file(parcel, data->kind == AIDL_DATA_NULL ? -1 : data->fd);
}

/*
 * An object stands at the position for a bare descriptor, the word 1 or 0 for a
 * ParcelFileDescriptor: they cannot be mistaken, so both are read alike.
 */
static binder_status_t read_file(const struct aidl_wire *wire, const AParcel *parcel,
				 struct aidl_data *data)
{
	int fd;
	binder_status_t status;

	if (parcel->captured)
		return codec_read_captured_file(parcel, data);
	if (parcel_find_object(parcel, parcel->pos) < 0) {
		status = parcel_take_file(parcel, &fd);
	} else {
		status = parcel_read_fd(parcel, &fd);
		if (status == STATUS_OK)
			fd = fcntl(fd, F_DUPFD_CLOEXEC, 0); /* that one is the parcel's */
		if (status == STATUS_OK && fd < 0)
			status = -errno;
	}
	if (status != STATUS_OK)
		return status;
	aidl_data_clear(data);
	if (fd >= 0)
		aidl_data_set_file(data, fd);
	return STATUS_OK;
}

/* ---- the table -------------------------------------------------------------------------------- */

#define INTEGER \
	.value = AIDL_DATA_INTEGER, .array = true, .write = write_integer, .read = read_integer, \
	.print = print_integer
#define REAL \
	.value = AIDL_DATA_FLOATING, .array = true, .write = write_real, .read = read_real, \
	.parse = parse_real, .print = print_real
#define BYTES \
	.value = AIDL_DATA_BYTES, .write = write_bytes, .read = read_bytes, .parse = parse_hex, \
	.print = print_hex

static const struct aidl_wire table[] = {
	{ "bool", AIDL_BOOLEAN, .size = 4, .value = AIDL_DATA_BOOLEAN, .array = true,
	  .expected = "true or false (or 1 or 0)", .example = "true", .write = write_bool,
	  .read = read_bool, .parse = parse_bool, .print = print_bool },
	/* Signed or not: 255 is -1. */
	{ "byte", AIDL_BYTE, .size = 4, INTEGER, .low = INT8_MIN, .high = UINT8_MAX,
	  .expected = "a whole number from -128 to 255 (such as -1 or 0xff)", .example = "-1",
	  .parse = parse_integer },
	{ "char", AIDL_CHAR, .size = 4, INTEGER, .low = 0, .high = UINT16_MAX,
	  .expected = "one character, or its UTF-16 unit (such as A or 0x0041)", .example = "A",
	  .parse = parse_char },
	{ "i32", AIDL_INT, .size = 4, INTEGER, .low = INT32_MIN, .high = INT32_MAX,
	  .expected = "a whole number from -2147483648 to 2147483647 (such as -3 or 0x10)",
	  .example = "-3", .parse = parse_integer },
	{ "u32", .size = 4, INTEGER, .low = 0, .high = UINT32_MAX,
	  .expected = "a whole number from 0 to 4294967295 (such as 7 or 0x10)", .example = "7",
	  .parse = parse_integer },
	{ "i64", AIDL_LONG, .size = 8, INTEGER, .low = INT64_MIN, .high = INT64_MAX,
	  .expected = "a whole number from -9223372036854775808 to 9223372036854775807 "
		      "(such as -3 or 0x10)",
	  .example = "-3", .parse = parse_integer },
	{ "u64", .size = 8, INTEGER, .low = INT64_MIN, .high = INT64_MAX,
	  .expected = "a whole number from 0 to 18446744073709551615 (such as 7 or 0x10)",
	  .example = "7", .parse = parse_unsigned },
	{ "f32", AIDL_FLOAT, .size = 4, REAL,
	  .expected = "a number that a float can hold, up to 3.4e38 (such as 0.5 or 1e-3), inf, "
		      "-inf or nan",
	  .example = "0.5" },
	{ "f64", AIDL_DOUBLE, .size = 8, REAL,
	  .expected = "a number that a double can hold, up to 1.7e308 (such as 0.5 or 1e-3), inf, "
		      "-inf or nan",
	  .example = "-1e9" },
	{ "str", AIDL_STRING, .size = 4, .value = AIDL_DATA_STRING, .array = true, .nullable = true,
	  .expected = "UTF-8 text, or @FILE", .example = "hello", .write = write_string16,
	  .read = read_string16, .parse = parse_text, .print = print_text },
	{ "str8", .size = 4, .value = AIDL_DATA_STRING, .array = true, .expected = "text, or @FILE",
	  .example = "hello", .write = write_string8, .read = read_string8, .parse = parse_text,
	  .print = print_text },
	{ "binder", AIDL_IBINDER, .size = sizeof(struct flat_binder_object),
	  .value = AIDL_DATA_BINDER, .nullable = true, .expected = "the name of a service",
	  .example = "media.player", .write = write_binder, .read = read_binder },
	{ "fd", AIDL_FILE_DESCRIPTOR, .size = 4, .value = AIDL_DATA_FILE,
	  .expected = "the path of a file", .example = "/dev/null", .write = write_fd,
	  .read = read_file },
	{ "pfd", AIDL_PARCEL_FILE_DESCRIPTOR, .size = 4, .value = AIDL_DATA_FILE, .nullable = true,
	  .expected = "the path of a file", .example = "/dev/null", .write = write_file,
	  .read = read_file },
	{ "bytes", .size = 4, BYTES, .nullable = true,
	  .expected = "an even number of hexadecimal digits, or @FILE", .example = "0102ff" },
	{ "raw", .size = 0, BYTES, .expected = "an even number of hexadecimal digits, or @FILE",
	  .example = "0102ff" },
};

#define ROWS (sizeof(table) / sizeof(table[0]))

const struct aidl_wire *aidl_wire_at(size_t index)
{
	return index < ROWS ? &table[index] : NULL;
}

const struct aidl_wire *aidl_wire_find(const char *name, size_t length, bool *array)
{
	*array = length > 2 && !strncmp(name + length - 2, "[]", 2);
	if (*array)
		length -= 2;
	for (size_t i = 0; i < ROWS; i++)
		if (strlen(table[i].name) == length && !strncmp(table[i].name, name, length))
			return *array && !table[i].array ? NULL : &table[i];
	return NULL;
}

const struct aidl_wire *aidl_wire_of(enum aidl_kind kind)
{
	if (kind == AIDL_INTERFACE)
		kind = AIDL_IBINDER;
	for (size_t i = 0; kind != AIDL_UNKNOWN && i < ROWS; i++)
		if (table[i].kind == kind)
			return &table[i];
	return NULL;
}

binder_status_t aidl_wire_write(const struct aidl_wire *wire, const struct aidl_data *data,
				AParcel *parcel)
{
	if (data->kind == AIDL_DATA_NULL ? !wire->nullable : data->kind != wire->value)
		return STATUS_BAD_VALUE;
	return wire->write(wire, data, parcel);
}

binder_status_t aidl_wire_read(const struct aidl_wire *wire, const AParcel *parcel,
			       struct aidl_data *data)
{
	return wire->read(wire, parcel, data);
}

bool aidl_wire_print(const struct aidl_wire *wire, const struct aidl_data *data, FILE *out)
{
	if (!wire->print || data->kind != wire->value)
		return false;
	wire->print(wire, data, out);
	return true;
}

binder_status_t aidl_wire_parse(const struct aidl_wire *wire, const char *word,
				struct aidl_data *data)
{
	return wire->parse ? wire->parse(wire, word, data) : STATUS_BAD_TYPE;
}
