/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * options.c: binderd's command line, from one table that also prints --help.
 */
#include "options.h"
#include "log.h"

#include <getopt.h>
#include <stdio.h>

struct options options = {
	.mode = 0600,
	.ready_fd = -1,
	.direct = DIRECT_SAME_USER,
	.manager_uid = UINT32_MAX,
	.unlabeled = "u:r:unlabeled:s0",
	.limits = {
		.opens_per_uid = 4096,
		.opens_per_process = 1024,
		.threads_per_open = 2048,
		.memory_per_uid = 512,
	},
};

static int parse_number(const char *text, u64 max, int base, u32 *ret)
{
	unsigned long long value;
	char *end;

	errno = 0;
	value = strtoull(text, &end, base);
	if (errno || end == text || *end || *text == '-' || value > max)
		return -EINVAL;
	*ret = (u32)value;
	return 0;
}

static int set_dir(const char *text)
{
	options.dir = text;
	return *text ? 0 : -EINVAL;
}

static bool device_name_ok(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && length <= 100 && name[0] != '.' && !strchr(name, '/');
}

static int add_device(const char *text)
{
	if (!device_name_ok(text) || options.device_count == OPTIONS_MAX_DEVICES)
		return -EINVAL;
	for (u32 i = 0; i < options.device_count; i++) {
		if (strcmp(options.devices[i], text) == 0)
			return 0;
	}
	options.devices[options.device_count++] = text;
	return 0;
}

static int set_mode(const char *text)
{
	return parse_number(text, 0777, 8, &options.mode);
}

static int set_ready_fd(const char *text)
{
	u32 fd;
	int r = parse_number(text, INT32_MAX, 10, &fd);

	if (r == 0)
		options.ready_fd = (int)fd;
	return r;
}

static int set_direct(const char *text)
{
	static const char *const names[] = { "same-user", "all", "none" };

	for (u32 i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(text, names[i]) == 0) {
			options.direct = (enum direct_policy)i;
			return 0;
		}
	}
	return -EINVAL;
}

static int set_manager(const char *text)
{
	options.any_manager = strcmp(text, "any") == 0;
	if (options.any_manager)
		return 0;
	return parse_number(text, UINT32_MAX - 1, 10, &options.manager_uid);
}

static int set_unlabeled(const char *text)
{
	if (!*text || strlen(text) >= 4096)
		return -EINVAL;
	options.unlabeled = strcmp(text, "refuse") == 0 ? NULL : text;
	return 0;
}

static int set_log_level(const char *text)
{
	static const char *const names[] = { "error", "warning", "info", "debug" };

	for (u32 i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(text, names[i]) == 0) {
			log_level = (enum log_level)i;
			return 0;
		}
	}
	return -EINVAL;
}

static int set_opens_per_uid(const char *text)
{
	return parse_number(text, INT32_MAX, 10, &options.limits.opens_per_uid);
}

static int set_opens_per_process(const char *text)
{
	return parse_number(text, INT32_MAX, 10, &options.limits.opens_per_process);
}

static int set_threads_per_open(const char *text)
{
	return parse_number(text, INT32_MAX, 10, &options.limits.threads_per_open);
}

static int set_files_per_uid(const char *text)
{
	return parse_number(text, INT32_MAX, 10, &options.limits.files_per_uid);
}

static int set_files_per_process(const char *text)
{
	return parse_number(text, INT32_MAX, 10, &options.limits.files_per_process);
}

static int set_memory_per_process(const char *text)
{
	return parse_number(text, INT32_MAX, 10, &options.limits.memory_per_process);
}

static int set_memory_per_uid(const char *text)
{
	return parse_number(text, INT32_MAX, 10, &options.limits.memory_per_uid);
}

static const struct {
	const char *name, *argument, *help;
	int (*set)(const char *text);
} table[] = {
	{ "dir", "DIR",
	  "where the devices' sockets are (default: $BINDER_DIR, for root\n"
	  "/run/binder, else $XDG_RUNTIME_DIR/binder)",
	  set_dir },
	{ "device", "NAME",
	  "a device to offer, once for each\n"
	  "(default: binder, hwbinder and vndbinder)",
	  add_device },
	{ "mode", "OCTAL", "permissions of the sockets (default: 600)", set_mode },
	{ "ready-fd", "N", "write a newline to descriptor N and close it when ready",
	  set_ready_fd },
	{ "direct", "WHOSE",
	  "read large payloads straight from the memory of processes of:\n"
	  "same-user (default), all, none",
	  set_direct },
	{ "manager", "UID|any",
	  "who may become context manager, besides root and the\n"
	  "daemon's own user",
	  set_manager },
	{ "unlabeled", "LABEL|refuse",
	  "security label of clients that have none, for services that\n"
	  "ask; refuse: calls to those fail, as with a kernel's driver\n"
	  "(default: u:r:unlabeled:s0)",
	  set_unlabeled },
	{ "log-level", "LEVEL", "error, warning, info (default) or debug", set_log_level },
	{ "max-opens-per-uid", "N", "open devices of one user (default: 4096)", set_opens_per_uid },
	{ "max-opens-per-process", "N", "open devices of one process (default: 1024)",
	  set_opens_per_process },
	{ "max-threads-per-open", "N", "threads that use one open device (default: 2048)",
	  set_threads_per_open },
	{ "max-files-per-uid", "N",
	  "descriptors held for one user (default: half of the\n"
	  "daemon's own limit; for its own user seven eighths)",
	  set_files_per_uid },
	{ "max-files-per-process", "N",
	  "descriptors held for one process (default: half of its\n"
	  "user's)",
	  set_files_per_process },
	{ "max-memory-per-process", "MIB",
	  "memory used for one process (default: a quarter of its\n"
	  "user's)",
	  set_memory_per_process },
	{ "max-memory-per-uid", "MIB", "memory used for one user (default: 512)",
	  set_memory_per_uid },
};

static void print_help(void)
{
	printf("Usage: binderd [OPTION]...\n"
	       "Serves Binder devices to processes on this machine, without a kernel driver.\n\n");
	for (u32 i = 0; i < ARRAY_SIZE(table); i++) {
		char left[64];
		const char *line = table[i].help, *end;

		snprintf(left, sizeof(left), "--%s %s", table[i].name, table[i].argument);
		while ((end = strchr(line, '\n'))) {
			printf("  %-29s%.*s\n", left, (int)(end - line), line);
			left[0] = '\0';
			line = end + 1;
		}
		printf("  %-29s%s\n", left, line);
	}
	printf("  %-29s%s\n  %-29s%s\n\n"
	       "SIGTERM and SIGINT end it; SIGUSR1 logs what exists.\n",
	       "--help", "print this", "--version", "print the version");
}

int options_parse(int argc, char **argv, int *status)
{
	struct option longs[ARRAY_SIZE(table) + 3] = { { 0 } };
	int which, at = 0;

	for (u32 i = 0; i < ARRAY_SIZE(table); i++)
		longs[i] = (struct option){ table[i].name, required_argument, &at, (int)i };
	longs[ARRAY_SIZE(table)] = (struct option){ "help", no_argument, NULL, 'h' };
	longs[ARRAY_SIZE(table) + 1] = (struct option){ "version", no_argument, NULL, 'v' };

	*status = 2;
	/* Its own words would be a write of their own. */
	opterr = 0;
	while ((which = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		if (which == 'h' || which == 'v') {
			if (which == 'h')
				print_help();
			else
				printf("binderd %s\n", BINDER_VERSION_STRING);
			*status = 0;
			return -1;
		}
		if (which != 0) {
			fprintf(stderr,
				"binderd: '%s' is no option, or lacks its value; try 'binderd "
				"--help'.\n",
				argv[optind - 1]);
			return -1;
		}
		if (table[at].set(optarg) < 0) {
			fprintf(stderr, "binderd: '%s' is no %s for --%s; try 'binderd --help'.\n",
				optarg, table[at].argument, table[at].name);
			return -1;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "binderd: unexpected argument '%s'; try 'binderd --help'.\n",
			argv[optind]);
		return -1;
	}
	if (!options.device_count) {
		add_device("binder");
		add_device("hwbinder");
		add_device("vndbinder");
	}
	return 0;
}

bool options_has_device(const char *address)
{
	const char *name = strrchr(address, '/');

	for (u32 i = 0; name && i < options.device_count; i++) {
		if (strcmp(name + 1, options.devices[i]) == 0)
			return true;
	}
	return false;
}
