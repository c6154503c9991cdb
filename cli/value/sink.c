/* SPDX-License-Identifier: MIT */
/*
 * sink.c: a verb's answer as text, JSON or a value of the shell's.
 *
 * Called by the verbs; main.c and the shell make the sink.
 */
#include "cli/value/sink.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/errors.h"
#include "cli/value/text.h"

/* Below that nothing can be fitted well. */
#define NARROWEST 20

void sink_open(struct sink *sink, const struct arguments *arguments, FILE *out)
{
	struct winsize size;

	*sink = (struct sink){ .arguments = arguments, .out = out, .json = arguments->json };
	if (isatty(fileno(out)) && ioctl(fileno(out), TIOCGWINSZ, &size) == 0 &&
	    size.ws_col >= NARROWEST)
		sink->width = size.ws_col;
}

void sink_close(struct sink *sink)
{
	json_decref(sink->value);
	AParcel_delete(sink->parcel);
	AIBinder_decStrong(sink->binder);
}

/* ---- the answer -------------------------------------------------------------- */

static int no_json(const struct sink *sink)
{
	return fail(sink->arguments, EXIT_OTHER, NULL, "cannot make JSON of the answer");
}

int sink_put_json(struct sink *sink, json_t *value)
{
	int result = value ? EXIT_OK : EXIT_OTHER;

	if (sink->json && value) {
		result = json_dumpf(value, sink->out, JSON_INDENT(2)) ? EXIT_OTHER : EXIT_OK;
		fputc('\n', sink->out);
	}
	sink_keep(sink, value);
	return result == EXIT_OK ? EXIT_OK : no_json(sink);
}

int sink_put(struct sink *sink, const void *what, sink_to_json json, sink_to_text text)
{
	if (!sink->json && text)
		text(what, sink);
	return sink->json || sink->keeps ? sink_put_json(sink, json(what)) : EXIT_OK;
}

static bool takes(const struct sink *sink)
{
	return sink->keeps && !sink->value && !sink->parcel && !sink->binder;
}

void sink_keep(struct sink *sink, json_t *value)
{
	if (takes(sink))
		sink->value = value;
	else
		json_decref(value);
}

void sink_keep_parcel(struct sink *sink, AParcel *parcel)
{
	if (takes(sink))
		sink->parcel = parcel;
	else
		AParcel_delete(parcel);
}

void sink_keep_binder(struct sink *sink, AIBinder *binder)
{
	if (takes(sink))
		sink->binder = binder;
	else
		AIBinder_decStrong(binder);
}

/* ---- text -------------------------------------------------------------------- */

int sink_print(struct sink *sink, const char *format, ...)
{
	va_list args;
	int count;

	va_start(args, format);
	count = vfprintf(sink->out, format, args);
	va_end(args);
	return count;
}

/* Bytes of the text that fill at most so many columns; a character takes one. */
static size_t fitting(const char *text, int columns)
{
	size_t bytes = 0;

	while (text[bytes] && text[bytes] != '\n' && columns--)
		do
			bytes++;
		while (((unsigned char)text[bytes] & 0xc0) == 0x80);
	return bytes;
}

/* Bytes up to the last good place to break: behind a blank, else behind a character that
 * separates names, else anywhere. */
static size_t broken(const char *text, size_t most)
{
	size_t blank = most;

	if (!text[most] || text[most] == '\n')
		return most;
	while (blank && text[blank] != ' ')
		blank--;
	if (blank)
		return blank;
	for (size_t at = most; at > most / 3; at--)
		if (strchr("./,:;-_", text[at - 1]))
			return at;
	return most;
}

size_t sink_fitting(const struct sink *sink, int column, const char *text)
{
	int room = sink->width - column;

	if (!sink->width || room < NARROWEST / 2)
		return strcspn(text, "\n");
	return broken(text, fitting(text, room));
}

/* Printable text. */
static void print_fitted(struct sink *sink, int column, const char *text)
{
	while (*text) {
		size_t length = sink_fitting(sink, column, text);
		bool line_end = text[length] == '\n';

		fwrite(text, 1, length, sink->out);
		text += length + line_end;
		if (!line_end)
			text += strspn(text, " ");
		if (*text || line_end)
			fputc('\n', sink->out);
		if (*text && *text != '\n')
			fprintf(sink->out, "%*s", column, "");
	}
}

void sink_text(struct sink *sink, int column, const char *text, bool lines)
{
	char *shown = NULL;
	size_t size;
	FILE *memory = open_memstream(&shown, &size);

	if (!memory)
		return;
	text_print(memory, text, lines);
	if (fclose(memory) == 0)
		print_fitted(sink, column, shown);
	free(shown);
}
