/* SPDX-License-Identifier: MIT */
/*
 * inspect.c: guesses at the contents of a parcel, and prints words and text.
 *
 * Objects are known from the parcel's offsets; strings are recognised by a
 * length, that many printable UTF-16 units, a zero unit and zero padding.
 */
#include "cli/value/inspect.h"

#include <stdlib.h>
#include <string.h>

#include "cli/value/types.h"

#define OBJECT_SIZE 24    /* of a binder or a descriptor in a parcel */
#define SHORTEST_STRING 2 /* "1, 65" is more often two numbers than an "A" */

static uint32_t word_at(const uint8_t *data, size_t offset)
{
	uint32_t word;

	memcpy(&word, data + offset, sizeof(word));
	return word;
}

static uint16_t unit_at(const uint8_t *data, size_t offset)
{
	uint16_t unit;

	memcpy(&unit, data + offset, sizeof(unit));
	return unit;
}

static bool is_printable(uint16_t unit)
{
	return (unit >= 0x20 && unit != 0x7f && unit < 0xfffe) || unit == '\n' || unit == '\t';
}

/* Size of what looks like a String16 at offset, padding and all; 0: nothing does. */
static size_t string_size(const uint8_t *data, size_t offset, size_t end)
{
	uint64_t length, bytes, padded;

	if (end - offset < 4)
		return 0;
	length = word_at(data, offset);
	bytes = (length + 1) * 2;
	padded = (bytes + 3) & ~3ull;
	if (length < SHORTEST_STRING || length > INT32_MAX || padded > end - offset - 4)
		return 0;
	for (uint64_t i = 0; i < length; i++)
		if (!is_printable(unit_at(data, offset + 4 + 2 * i)))
			return 0;
	for (uint64_t at = length * 2; at < padded; at += 2)
		if (unit_at(data, offset + 4 + at))
			return 0;
	return 4 + padded;
}

static bool read_string(const AParcel *parcel, struct reading *reading)
{
	char *text = NULL;

	if (AParcel_setDataPosition(parcel, reading->offset) != STATUS_OK ||
	    AParcel_readString16(parcel, &text) != STATUS_OK)
		return false;
	reading->value = text ? json_string(text) : NULL;
	free(text);
	return reading->value != NULL;
}

/* The levels that follow a binder: vendor, system, vintf, or none. */
static bool is_stability(uint32_t word)
{
	return word == 0 || word == 0x03 || word == 0x0c || word == 0x3f;
}

static void read_object(const AParcel *parcel, const uint8_t *data, size_t end,
			struct reading *reading)
{
	AIBinder *binder = NULL;
	uint64_t handle_or_fd = 0;

	reading->size = OBJECT_SIZE;
	switch (AParcel_getObjectAt(parcel, reading->offset, &handle_or_fd)) {
	case ABINDER_OBJECT_FD:
		reading->kind = READING_FD;
		reading->value = value_of_fd((int)handle_or_fd);
		break;
	case ABINDER_OBJECT_HANDLE:
	case ABINDER_OBJECT_LOCAL:
		reading->kind = READING_BINDER;
		if (end - reading->offset >= OBJECT_SIZE + 4 &&
		    is_stability(word_at(data, reading->offset + OBJECT_SIZE)))
			reading->size += 4;
		if (AParcel_setDataPosition(parcel, reading->offset) == STATUS_OK &&
		    AParcel_readStrongBinder(parcel, &binder) == STATUS_OK)
			reading->value = value_of_binder(binder);
		AIBinder_decStrong(binder);
		break;
	case ABINDER_OBJECT_WEAK:
		reading->kind = READING_BINDER;
		reading->value = json_pack("{s:I, s:s}", "handle", (json_int_t)handle_or_fd,
					   "descriptor", "(weak)");
		break;
	default:
		break;
	}
	if (reading->size > end - reading->offset)
		reading->size = end - reading->offset;
}

/* The first word of an object as the driver writes it: three letters and 0x85. */
#define OBJECT(a, b, c) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | 0x85)

/* Of a parcel that was pasted, where nobody says which words are objects.  false: these are not. */
static bool guess_object(const uint8_t *data, size_t offset, size_t end, struct reading *ret)
{
	struct reading reading = { .offset = offset, .size = OBJECT_SIZE, .kind = READING_BINDER };

	if (end - offset < OBJECT_SIZE)
		return false;
	switch (word_at(data, offset)) {
	case OBJECT('s', 'h', '*'):
	case OBJECT('w', 'h', '*'):
		reading.value = json_pack("{s:I, s:n}", "handle",
					  (json_int_t)word_at(data, offset + 8), "descriptor");
		break;
	case OBJECT('s', 'b', '*'):
	case OBJECT('w', 'b', '*'):
		/* An address of the sender's; all zero is null. */
		reading.value = word_at(data, offset + 8) || word_at(data, offset + 12) ?
					json_pack("{s:b}", "local", 1) :
					json_null();
		break;
	case OBJECT('f', 'd', '*'):
		reading.kind = READING_FD;
		reading.value = json_pack("{s:I, s:s}", "fd", (json_int_t)word_at(data, offset + 8),
					  "path", "?");
		break;
	default:
		return false;
	}
	if (reading.kind == READING_BINDER && end - offset >= OBJECT_SIZE + 4 &&
	    is_stability(word_at(data, offset + OBJECT_SIZE)))
		reading.size += 4;
	*ret = reading;
	return true;
}

/* Takes what is at offset; the size of plain words is one word. */
static struct reading reading_at(const AParcel *parcel, const uint8_t *data, size_t offset,
				 size_t end, bool is_object, const struct inspect_how *how)
{
	struct reading reading = { .offset = offset };

	if (is_object) {
		read_object(parcel, data, end, &reading);
		return reading;
	}
	if (how->pasted && guess_object(data, offset, end, &reading))
		return reading;
	if (how->status && offset == 0 && end >= 4 && word_at(data, 0) == 0) {
		reading.kind = READING_STATUS;
		reading.size = 4;
		return reading;
	}
	reading.size = string_size(data, offset, end);
	if (reading.size && read_string(parcel, &reading)) {
		reading.kind = READING_STRING16;
		return reading;
	}
	reading.size = end - offset < 4 ? end - offset : 4;
	return reading;
}

static bool append(struct reading **list, size_t *count, const struct reading *reading)
{
	struct reading *last = *count ? &(*list)[*count - 1] : NULL;
	struct reading *grown;

	/* Words side by side are one stretch. */
	if (last && last->kind == READING_WORDS && reading->kind == READING_WORDS) {
		last->size += reading->size;
		return true;
	}
	grown = reallocarray(*list, *count + 1, sizeof(*grown));
	if (!grown)
		return false;
	*list = grown;
	grown[(*count)++] = *reading;
	return true;
}

binder_status_t inspect(const AParcel *parcel, const struct inspect_how *how, struct reading **ret,
			size_t *count_ret)
{
	const uint8_t *data = NULL;
	const uint64_t *objects = NULL;
	struct reading *list = NULL;
	size_t size = 0, object_count = 0, next = 0, count = 0, offset = 0;

	if (AParcel_getBytes(parcel, &data, &size) != STATUS_OK ||
	    AParcel_getObjects(parcel, &objects, &object_count) != STATUS_OK)
		return STATUS_BAD_VALUE;
	while (offset < size) {
		struct reading reading;
		size_t end = size;
		bool is_object;

		while (next < object_count && objects[next] < offset)
			next++;
		is_object = next < object_count && objects[next] == offset;
		if (!is_object && next < object_count)
			end = objects[next];
		reading = reading_at(parcel, data, offset, end, is_object, how);
		if (!append(&list, &count, &reading)) {
			json_decref(reading.value);
			readings_free(list, count);
			return STATUS_NO_MEMORY;
		}
		offset += reading.size;
	}
	*ret = list;
	*count_ret = count;
	return STATUS_OK;
}

void readings_free(struct reading *readings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		json_decref(readings[i].value);
	free(readings);
}

const char *reading_name(enum reading_kind kind)
{
	static const char *const names[] = {
		[READING_WORDS] = "words",  [READING_STATUS] = "status",
		[READING_STRING16] = "str", [READING_BINDER] = "binder",
		[READING_FD] = "fd",
	};

	return names[kind];
}

/* From so many columns on there is room for 16 bytes and a note. */
#define WIDE 100

/* Prints what of the note fits beside a line, or all of it where there is no width; returns the
 * rest, NULL for none. */
static const char *print_note(struct sink *sink, int column, const char *note)
{
	size_t length = sink_fitting(sink, column, note);

	sink_print(sink, "  %.*s", (int)length, note);
	note += length;
	note += strspn(note, " \n");
	return *note ? note : NULL;
}

void inspect_print(struct sink *sink, const uint8_t *data, size_t offset, size_t size,
		   const char *note)
{
	const size_t width = sink->width && sink->width < WIDE ? 8 : 16;
	const int words_width = (int)width / 4 * 9 - 1,
		  column = 8 + words_width + 2 + (int)width + 2;

	if (!size || (note && !*note))
		note = NULL;
	for (size_t line = 0; line < size || note; line += width) {
		char words[40] = "", text[20] = "";
		size_t part = line >= size ? 0 : size - line < width ? size - line : width;
		size_t used = 0;

		for (size_t i = 0; i + 4 <= part; i += 4)
			used += snprintf(words + used, sizeof(words) - used, "%s%08x", i ? " " : "",
					 word_at(data, offset + line + i));
		for (size_t i = 0; i < part; i++) {
			uint8_t byte = data[offset + line + i];

			text[i] = byte >= 0x20 && byte < 0x7f ? byte : '.';
		}
		text[part] = 0;
		if (part)
			sink_print(sink, "  %04zx  %-*s  ", offset + line, words_width, words);
		else
			sink_print(sink, "%*s", 8 + words_width + 2, "");
		sink_print(sink, "%-*s", note ? (int)width : 0, text);
		if (note)
			note = print_note(sink, column, note);
		sink_print(sink, "\n");
	}
}
