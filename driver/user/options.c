/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * options.c: binderd's configuration file and command line, from one table that also prints
 * --help.  The command line counts more.
 */
#include "options.h"
#include "log.h"
#include "daemon/conf.h"

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

int options_add_device(const char *text)
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

/* Where the configuration is; NULL: binderd.conf in its folder. */
static const char *conf_file;

static int set_config(const char *text)
{
	conf_file = text;
	return strchr(text, '/') ? 0 : -EINVAL;
}

static const struct {
	const char *name, *argument, *help;
	int (*set)(const char *text);
} table[] = {
	{ "config", "PATH",
	  "the configuration file (default: /etc/binder/binderd.conf,\n"
	  "if it is there); see binderd.conf(5)",
	  set_config },
	{ "dir", "DIR",
	  "where the devices' sockets are (default: $BINDER_DIR, for root\n"
	  "/run/binder, else $XDG_RUNTIME_DIR/binder)",
	  set_dir },
	{ "device", "NAME",
	  "a device to offer, once for each\n"
	  "(default: binder, hwbinder and vndbinder)",
	  options_add_device },
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
	printf("  %-29s%s\n  %-29s%s\n  %-29s%s\n\n"
	       "SIGTERM and SIGINT end it; SIGUSR1 logs what exists.\n",
	       "--print-config", "print what is set, and where", "--help", "print this",
	       "--version", "print the version");
}

/* ---- what was set, and where ---------------------------------------------------- */

struct setting {
	int row;
	const char *value, *where;
};

#define MOST_SETTINGS 256

static struct setting settings[MOST_SETTINGS];
static u32 setting_count;

static bool is_for_device(int row)
{
	return table[row].set == options_add_device;
}

/* A later value replaces an earlier one, and devices of the command line all of the file's. */
static void note_setting(int row, const char *value, const char *where)
{
	u32 kept = 0;

	for (u32 i = 0; i < setting_count; i++) {
		if (settings[i].row != row || (is_for_device(row) && settings[i].where == where))
			settings[kept++] = settings[i];
	}
	setting_count = kept;
	if (setting_count < MOST_SETTINGS)
		settings[setting_count++] = (struct setting){ row, value, where };
}

static void print_settings(void)
{
	for (u32 i = 0; i < setting_count; i++)
		printf("%s = %s  # %s\n", table[settings[i].row].name, settings[i].value,
		       settings[i].where);
}

static bool set_from_file(const char *name, const char *value, const char *where, char *why)
{
	for (u32 i = 0; i < ARRAY_SIZE(table); i++) {
		if (strcmp(table[i].name, name) != 0)
			continue;
		if (table[i].set == set_config || table[i].set == set_ready_fd) {
			snprintf(why, CONF_WHY, "%s is for the command line", name);
			return false;
		}
		if (table[i].set(value) < 0) {
			snprintf(why, CONF_WHY, "'%.60s' is no %s for %s; see binderd.conf(5)",
				 value, table[i].argument, name);
			return false;
		}
		/* All devices of the file are one setting. */
		note_setting((int)i, value, is_for_device((int)i) ? "file" : conf_keep(where));
		return true;
	}
	snprintf(why, CONF_WHY, "'%.60s' is no setting; see binderd.conf(5)", name);
	return false;
}

static bool set_from_command_line(int row, const char *value)
{
	static const char where[] = "command line";

	if (table[row].set(value) < 0) {
		log_line(LOG_ERROR, "'%s' is no %s for --%s; try 'binderd --help'.", value,
			 table[row].argument, table[row].name);
		return false;
	}
	note_setting(row, value, where);
	return true;
}

/* ---- the command line -------------------------------------------------------------- */

struct given {
	int row;
	const char *value;
};

/* 0: its options in given and their number in count; otherwise exit with *status. */
static int read_command_line(int argc, char **argv, struct given *given, u32 *count, bool *print,
			     int *status)
{
	struct option longs[ARRAY_SIZE(table) + 4] = { { 0 } };
	int which, at = 0;

	for (u32 i = 0; i < ARRAY_SIZE(table); i++)
		longs[i] = (struct option){ table[i].name, required_argument, &at, (int)i };
	longs[ARRAY_SIZE(table)] = (struct option){ "help", no_argument, NULL, 'h' };
	longs[ARRAY_SIZE(table) + 1] = (struct option){ "version", no_argument, NULL, 'v' };
	longs[ARRAY_SIZE(table) + 2] = (struct option){ "print-config", no_argument, NULL, 'p' };

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
		if (which == 'p') {
			*print = true;
			continue;
		}
		if (which != 0) {
			log_line(LOG_ERROR,
				 "'%s' is no option, or lacks its value; try 'binderd --help'.",
				 argv[optind - 1]);
			return -1;
		}
		given[(*count)++] = (struct given){ at, optarg };
		/* It is needed before the others count. */
		if (table[at].set == set_config && !set_from_command_line(at, optarg))
			return -1;
	}
	if (optind < argc) {
		log_line(LOG_ERROR, "unexpected argument '%s'; try 'binderd --help'.",
			 argv[optind]);
		return -1;
	}
	return 0;
}

static bool take_given(const struct given *given, u32 count)
{
	for (u32 i = 0; i < count; i++) {
		if (is_for_device(given[i].row)) {
			options.device_count = 0;
			break;
		}
	}
	for (u32 i = 0; i < count; i++) {
		if (!set_from_command_line(given[i].row, given[i].value))
			return false;
	}
	return true;
}

int options_parse(int argc, char **argv, int *status)
{
	struct given *given = calloc((size_t)argc + 1, sizeof(*given));
	bool print = false, ok;
	u32 count = 0;

	*status = 2;
	if (!given) {
		fputs("binderd: out of memory\n", stderr);
		return -1;
	}
	ok = read_command_line(argc, argv, given, &count, &print, status) == 0 &&
	     conf_read("binderd", conf_file ? conf_file : "binderd.conf", set_from_file) == 0 &&
	     take_given(given, count);
	free(given);
	if (!ok || !print)
		return ok ? 0 : -1;
	print_settings();
	*status = 0;
	return -1;
}

void options_default_devices(void)
{
	if (options.device_count)
		return;
	options_add_device("binder");
	options_add_device("hwbinder");
	options_add_device("vndbinder");
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
