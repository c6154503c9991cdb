/* SPDX-License-Identifier: MIT */
/*
 * error.c: what is wrong with an AIDL file, with the line and a caret.
 *
 * Called by every step; shown by whoever loads.  A file is hostile: what is
 * printed of it holds no control bytes.
 */
#include "internal.h"

#include <stdarg.h>
#include <string.h>

#define MAX_LINE 400

static const char *line_of(struct aidl_library *library, struct aidl_position at)
{
	const char *text = at.document->text;
	const char *end = text + at.document->size;
	size_t length = 0;

	for (unsigned line = 1; line < at.line && text < end; line++) {
		const char *next = memchr(text, '\n', (size_t)(end - text));

		text = next ? next + 1 : end;
	}
	while (text + length < end && text[length] != '\n' && text[length] != '\r' &&
	       length < MAX_LINE)
		length++;
	return arena_text(&library->arena, text, length);
}

/* Steps find them in their own order; people read files from top to bottom. */
static void insert(struct aidl_library *library, struct aidl_error *error)
{
	const struct aidl_error **place = &library->errors;

	while (*place && ((*place)->file != error->file || (*place)->line < error->line ||
			  ((*place)->line == error->line && (*place)->column <= error->column)))
		place = &((struct aidl_error *)(uintptr_t)*place)->next;
	error->next = *place;
	*place = error;
}

/* Those who make something of a file may come to one place several times. */
static bool is_known(const struct aidl_library *library, struct aidl_position at,
		     const char *message)
{
	for (const struct aidl_error *e = library->errors; e && at.document; e = e->next)
		if (e->file == at.document->path && e->line == at.line && e->column == at.column &&
		    !strcmp(e->message, message))
			return true;
	return false;
}

void aidl_report(struct aidl_library *library, struct aidl_position at, unsigned width,
		 const char *hint, const char *format, ...)
{
	struct aidl_error *error;
	va_list arguments;
	char message[600];

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	if (is_known(library, at, message) || library->error_count++ >= AIDL_MAX_ERRORS)
		return;
	error = arena_new(&library->arena, struct aidl_error);
	error->message = arena_text(&library->arena, message, strlen(message));
	error->hint = hint ? arena_text(&library->arena, hint, strlen(hint)) : NULL;
	error->width = width ? width : 1;
	error->line = at.line;
	error->column = at.column;
	if (at.document) {
		error->file = at.document->path;
		error->text = line_of(library, at);
	}
	insert(library, error);
}

void aidl_library_report(struct aidl_library *library, struct aidl_position at, unsigned width,
			 const char *message, const char *hint)
{
	jmp_buf jump;

	library->arena.no_memory = &jump;
	if (!setjmp(jump))
		aidl_report(library, at, width, hint, "%s", message);
	library->arena.no_memory = NULL;
}

const struct aidl_error *aidl_library_errors(const struct aidl_library *library)
{
	return library->errors;
}

static void print_safe(const char *text, FILE *out)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		putc(c == '\t' || (c >= 0x20 && c != 0x7f) ? c : '?', out);
	}
}

/* Tabs above stay tabs below, so that the caret stands under its word. */
static void print_caret(const struct aidl_error *error, FILE *out)
{
	const char *text = error->text;
	unsigned column = 1;
	unsigned width = error->width;
	size_t room;

	for (; *text && column < error->column; text++) {
		if (((unsigned char)*text & 0xc0) == 0x80)
			continue;
		putc(*text == '\t' ? '\t' : ' ', out);
		column++;
	}
	while (((unsigned char)*text & 0xc0) == 0x80)
		text++;
	room = strlen(text);
	if (width > room)
		width = room ? (unsigned)room : 1;
	putc('^', out);
	while (--width)
		putc('~', out);
	putc('\n', out);
}

static void print(const struct aidl_error *error, const char *severity, FILE *out)
{
	if (error->file) {
		print_safe(error->file, out);
		fprintf(out, ":%u:%u: ", error->line, error->column);
	}
	fprintf(out, "%s: ", severity);
	print_safe(error->message, out);
	putc('\n', out);
	if (error->text) {
		print_safe(error->text, out);
		putc('\n', out);
		print_caret(error, out);
	}
	if (error->hint) {
		fputs("hint: ", out);
		print_safe(error->hint, out);
		putc('\n', out);
	}
}

void aidl_error_print(const struct aidl_error *error, FILE *out)
{
	print(error, "error", out);
}

void aidl_warning_print(const struct aidl_error *error, FILE *out)
{
	print(error, "warning", out);
}
