/* SPDX-License-Identifier: MIT */
/*
 * input.c: reads a file or standard input to its end.
 */
#include "cli/verbs/input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/errors.h"

/* malloc()ed; NULL with errno set. */
static char *read_all(FILE *in, size_t most, size_t *size_ret)
{
	size_t room = 65536, size = 0;
	char *text = malloc(room), *grown;

	while (text) {
		size += fread(text + size, 1, room - size - 1, in);
		if (ferror(in) || feof(in) || size > most)
			break;
		room *= 2;
		grown = realloc(text, room);
		if (!grown)
			free(text);
		text = grown;
	}
	if (text && (ferror(in) || size > most)) {
		errno = size > most ? EFBIG : errno;
		free(text);
		return NULL;
	}
	*size_ret = size;
	return text;
}

int input_read(const struct arguments *arguments, const char *word, size_t most, char **ret)
{
	bool standard = !strcmp(word, "-");
	FILE *in = standard ? stdin : fopen(word, "re");
	char *text = NULL;
	size_t size = 0;
	int error;

	if (in) {
		errno = 0;
		text = read_all(in, most, &size);
	}
	error = errno;
	if (in && !standard)
		fclose(in);
	if (!text)
		return fail(arguments, EXIT_OTHER, NULL, "%s: %s",
			    standard ? "standard input" : word, strerror(error));
	/* Bytes that are no text end no text. */
	for (char *zero; (zero = memchr(text, 0, size));)
		*zero = ' ';
	text[size] = 0;
	*ret = text;
	return EXIT_OK;
}
