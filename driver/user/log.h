/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * log.h: binderd's log lines, on standard error.
 */
#ifndef BINDERD_LOG_H
#define BINDERD_LOG_H

#include <stdbool.h>
#include <stdint.h>

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

extern enum log_level log_level;

/* One line, without a newline at the end of @format. */
void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Lets a burst of lines through every few seconds; counts the others. */
struct log_limit {
	int64_t window;
	uint32_t used, dropped;
};
bool log_allowed(struct log_limit *limit);

#define log_at(level, ...) \
	do { \
		if ((level) <= log_level) \
			log_line(level, __VA_ARGS__); \
	} while (0)
#define log_error(...) log_at(LOG_ERROR, __VA_ARGS__)
#define log_warning(...) log_at(LOG_WARNING, __VA_ARGS__)
#define log_info(...) log_at(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_at(LOG_DEBUG, __VA_ARGS__)

/* For what a client can provoke as often as it likes. */
#define log_limited(level, ...) \
	do { \
		static struct log_limit limit_; \
		if ((level) <= log_level && log_allowed(&limit_)) \
			log_line(level, __VA_ARGS__); \
	} while (0)

#endif
