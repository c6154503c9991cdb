/* SPDX-License-Identifier: MIT */
/*
 * main.c: servicemanager, the process behind handle 0 of a Binder device.
 *
 * Started by `binderctl up`, `binderctl sandbox`, or an init system; reads the
 * command line, becomes context manager and serves in this one thread.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <binder/ext.h>

#include "access.h"
#include "service.h"

/* What Android's service manager maps: enough for names, not for data. */
#define RECEIVE_BUFFER (128u << 10)

struct options {
	const char *device;
	const char *allow;
	int ready_fd;
	bool verbose;
};

static void print_help(void)
{
	puts("Usage: servicemanager [OPTION]...\n"
	     "Serve android.os.IServiceManager as handle 0 of a Binder device, in the foreground.\n"
	     "\n"
	     "  --device NAME|PATH  the device (default: $BINDER_DEVICE, else \"binder\")\n"
	     "  --allow FILE        who may add names, beside uid 0, uid 1000 and this user:\n"
	     "                      lines \"UID NAME\", NAME may be *, # starts a comment\n"
	     "  --ready-fd N        write a newline to descriptor N once names can be added\n"
	     "  -v, --verbose       log who adds what, who is refused, who dies\n"
	     "  --help, --version\n"
	     "\n"
	     "Exit status: 0 the device is gone, 1 failure, 2 usage.");
}

static int parse_options(int argc, char **argv, struct options *options)
{
	enum { DEVICE = 256, ALLOW, READY_FD, HELP, VERSION };
	static const struct option table[] = {
		{ "device", required_argument, NULL, DEVICE },
		{ "allow", required_argument, NULL, ALLOW },
		{ "ready-fd", required_argument, NULL, READY_FD },
		{ "verbose", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, HELP },
		{ "version", no_argument, NULL, VERSION },
		{ 0 },
	};
	char *end;
	int c;

	while ((c = getopt_long(argc, argv, "v", table, NULL)) != -1) {
		switch (c) {
		case DEVICE:
			options->device = optarg;
			break;
		case ALLOW:
			options->allow = optarg;
			break;
		case READY_FD:
			errno = 0;
			options->ready_fd = strtol(optarg, &end, 10);
			if (errno || end == optarg || *end || options->ready_fd < 0) {
				fprintf(stderr,
					"servicemanager: --ready-fd: '%s' is no descriptor "
					"number\n",
					optarg);
				return 2;
			}
			break;
		case 'v':
			options->verbose = true;
			break;
		case HELP:
			print_help();
			exit(0);
		case VERSION:
			puts("servicemanager " BINDER_VERSION_STRING);
			exit(0);
		default:
			fputs("try: servicemanager --help\n", stderr);
			return 2;
		}
	}
	if (optind < argc) {
		fprintf(stderr,
			"servicemanager: unexpected argument '%s'\n"
			"try: servicemanager --help\n",
			argv[optind]);
		return 2;
	}
	return 0;
}

static void report_ready(int fd)
{
	if (fd < 0)
		return;
	/* Nobody listening any more is no reason to stop. */
	while (write(fd, "\n", 1) < 0 && errno == EINTR)
		;
	close(fd);
}

static int serve(const struct options *options, const struct access_rules *rules)
{
	ABinderConnection *connection = NULL;
	AIBinder *manager;
	binder_status_t status;

	ABinderConnection_setMapSize(RECEIVE_BUFFER);
	if (ABinderConnection_open(options->device, &connection) != STATUS_OK) {
		fprintf(stderr, "servicemanager: cannot open the Binder device: %s\n",
			ABinder_lastError());
		return 1;
	}
	manager = service_manager_new(rules, options->verbose);
	if (!manager) {
		fputs("servicemanager: out of memory\n", stderr);
		ABinderConnection_close(connection);
		return 1;
	}
	status = ABinderConnection_becomeContextManager(connection, manager);
	if (status != STATUS_OK) {
		fprintf(stderr, "servicemanager: %s: cannot become context manager: %s\n",
			ABinderConnection_getDevice(connection), ABinder_lastError());
	} else {
		if (options->verbose)
			fprintf(stderr, "servicemanager: serving %s\n",
				ABinderConnection_getDevice(connection));
		report_ready(options->ready_fd);
		ABinderConnection_joinThreadPool(connection);
		fputs("servicemanager: the device is gone\n", stderr);
	}
	service_manager_free(manager);
	ABinderConnection_close(connection);
	return status == STATUS_OK ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct options options = { .ready_fd = -1 };
	struct access_rules *rules;
	int result = parse_options(argc, argv, &options);

	if (result)
		return result;
	rules = access_rules_new(getuid());
	if (!rules) {
		fputs("servicemanager: out of memory\n", stderr);
		return 1;
	}
	if (options.allow && access_rules_load(rules, options.allow) < 0)
		result = 1;
	else
		result = serve(&options, rules);
	access_rules_free(rules);
	return result;
}
