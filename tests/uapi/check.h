/* SPDX-License-Identifier: MIT */
/*
 * check.h: how a test is declared, and how it says that it failed or cannot run.
 *
 * A test runs in a process of its own (main.c); the checks end that process.
 * Only the test's script may check; what actors do comes back as results.
 */
#ifndef UAPI_CHECK_H
#define UAPI_CHECK_H

#include <stdbool.h>

struct test {
	const char *item; /* number in the checklist */
	const char *name;
	const char *file;
	int line;
	void (*run)(void);
	struct test *next;
};

void check_register(struct test *test);

/* TEST("7.3", calls_overtake_queued_oneways) { ... } */
#define TEST(item_, name_) \
	static void name_(void); \
	static struct test test_##name_ = { item_, #name_, __FILE__, __LINE__, name_, 0 }; \
	static void __attribute__((constructor)) register_##name_(void) \
	{ \
		check_register(&test_##name_); \
	} \
	static void name_(void)

_Noreturn void check_failed(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The test cannot be run here. */
_Noreturn void check_skip(const char *format, ...) __attribute__((format(printf, 1, 2)));
void check_is(const char *file, int line, const char *what, long long found, long long expected);
/* The device's context manager is somebody else. */
_Noreturn void check_in_use(void);

#define fail(...) check_failed(__FILE__, __LINE__, __VA_ARGS__)
#define need(condition) \
	do { \
		if (!(condition)) \
			fail("expected: %s", #condition); \
	} while (0)
#define is(found, expected) \
	check_is(__FILE__, __LINE__, #found, (long long)(found), (long long)(expected))

extern const char *device_path;
/* The Linux whose driver's rules hold: the kernel's that runs, unless --linux says otherwise. */
extern const char *linux_release;

#endif
