/* SPDX-License-Identifier: MIT */
/*
 * say.c: messages on standard error, each in one write.
 *
 * Called by all of the service manager.
 */
#include "say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void say(const char *format, ...)
{
	va_list args;
	char *text;
	int length;

	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	if (length < 0) {
		fputs("servicemanager: no memory for a message\n", stderr);
		return;
	}
	fwrite(text, 1, (size_t)length, stderr);
	free(text);
}
