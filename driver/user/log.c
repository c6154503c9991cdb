/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * log.c: writes binderd's log lines.
 *
 * Called from everywhere in driver/user.  A reader of standard error that has
 * stopped reading loses lines; it does not stop the daemon.
 */
#include "log.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define WINDOW_SECONDS 5
#define WINDOW_LINES 10

enum log_level log_level = LOG_INFO;

static void put(const char *line, size_t length)
{
	struct pollfd fd = { .fd = STDERR_FILENO, .events = POLLOUT };

	if (poll(&fd, 1, 0) == 1 && write(STDERR_FILENO, line, length) < 0) {
		/* Nobody is left to tell. */
	}
}

void log_line(enum log_level level, const char *format, ...)
{
	static const char *const names[] = { "error: ", "warning: ", "", "debug: " };
	char line[1024];
	va_list args;
	int n, m;

	n = snprintf(line, sizeof(line), "binderd: %s", names[level]);
	va_start(args, format);
	m = vsnprintf(line + n, sizeof(line) - (size_t)n - 1, format, args);
	va_end(args);
	if (m < 0)
		return;
	n += m;
	if ((size_t)n > sizeof(line) - 2)
		n = sizeof(line) - 2;
	line[n++] = '\n';
	put(line, (size_t)n);
}

bool log_allowed(struct log_limit *limit)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	if (!limit->used || now.tv_sec - limit->window >= WINDOW_SECONDS) {
		if (limit->dropped)
			log_line(LOG_WARNING, "%u lines like the next one were left out",
				 limit->dropped);
		limit->window = now.tv_sec;
		limit->used = 0;
		limit->dropped = 0;
	}
	if (limit->used == WINDOW_LINES) {
		limit->dropped++;
		return false;
	}
	limit->used++;
	return true;
}
