/* SPDX-License-Identifier: MIT */
/*
 * main.c: servicemanager, the process behind handle 0 of a Binder device.
 *
 * Started by `binderctl up`, `binderctl sandbox`, or an init system; reads the
 * command line, becomes context manager and serves: in this one thread, or in
 * several for hwbinder.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <binder/ext.h>

#include "driver/daemon/conf.h"
#include "driver/daemon/supervisor.h"
#include "access.h"
#include "manifest.h"
#include "connection/profile.h"
#include "service.h"
#include "say.h"

/* What Android's service manager maps: enough for names, not for data. */
#define RECEIVE_BUFFER (128u << 10)

struct options {
	const char *device;
	const char *allow;
	const char *manifest;
	const char *domain;
	const struct profile *profile; /* NULL: said by nobody */
	const char *config;            /* NULL: servicemanager.conf in its folder */
	bool hwbinder;
	int ready_fd;
	bool verbose;
};

static void print_help(void)
{
	puts("Usage: servicemanager [OPTION]...\n"
	     "Serve android.os.IServiceManager as handle 0 of a Binder device, in the foreground.\n"
	     "\n"
	     "  --device NAME|PATH  the device (default: $BINDER_DEVICE, else \"binder\")\n"
	     "  --config PATH       the configuration file (default:\n"
	     "                      /etc/binder/servicemanager.conf, if it is there); see\n"
	     "                      servicemanager.conf(5)\n"
	     "  --allow FILE        who may add names, beside uid 0, uid 1000 and this user:\n"
	     "                      lines \"UID NAME\", NAME may be *, # starts a comment\n"
	     "  --android N         be that of another Android: an API level (26 to 37), a version\n"
	     "                      (8 to 17), 35.1 for 15 from r6 or 35.2 from r20 (default:\n"
	     "                      $BINDER_ANDROID, else the newest)\n"
	     "  --domain NAME       system or vendor: whose requests are taken (default:\n"
	     "                      $BINDER_DOMAIN, else both)\n"
	     "  --hwbinder          serve android.hidl.manager@1.0::IServiceManager, on device\n"
	     "                      hwbinder unless another is named\n"
	     "  --manifest FILE     what is declared to exist: lines \"NAME [apex=APEX]\n"
	     "                      [address=HOST:PORT]\"\n"
	     "  --ready-fd N        write a newline to descriptor N once names can be added\n"
	     "  -v, --verbose       log who adds what, who is refused, who dies\n"
	     "  --help, --version\n"
	     "\n"
	     "Exit status: 0 the device is gone, 1 failure, 2 usage.");
}

static int take_android(struct options *options, const char *word)
{
	options->profile = profile_parse(word);
	if (options->profile)
		return 0;
	say("servicemanager: --android: '%s' is no Android that is known: expected an API "
	    "level from 26, a version from 8, 35.1 or 35.2\n",
	    word);
	return 2;
}

static int parse_options(int argc, char **argv, struct options *options)
{
	enum {
		DEVICE = 256,
		CONFIG,
		ALLOW,
		ANDROID,
		DOMAIN,
		MANIFEST,
		HWBINDER,
		READY_FD,
		HELP,
		VERSION
	};
	static const struct option table[] = {
		{ "device", required_argument, NULL, DEVICE },
		{ "config", required_argument, NULL, CONFIG },
		{ "allow", required_argument, NULL, ALLOW },
		{ "android", required_argument, NULL, ANDROID },
		{ "domain", required_argument, NULL, DOMAIN },
		{ "hwbinder", no_argument, NULL, HWBINDER },
		{ "manifest", required_argument, NULL, MANIFEST },
		{ "ready-fd", required_argument, NULL, READY_FD },
		{ "verbose", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, HELP },
		{ "version", no_argument, NULL, VERSION },
		{ 0 },
	};
	char *end;
	int c;

	/* Its own words would be a write of their own. */
	opterr = 0;
	while ((c = getopt_long(argc, argv, "v", table, NULL)) != -1) {
		switch (c) {
		case DEVICE:
			options->device = optarg;
			break;
		case CONFIG:
			options->config = optarg;
			break;
		case ALLOW:
			options->allow = optarg;
			break;
		case ANDROID:
			if (take_android(options, optarg))
				return 2;
			break;
		case DOMAIN:
			options->domain = optarg;
			break;
		case MANIFEST:
			options->manifest = optarg;
			break;
		case HWBINDER:
			options->hwbinder = true;
			break;
		case READY_FD:
			errno = 0;
			options->ready_fd = strtol(optarg, &end, 10);
			if (errno || end == optarg || *end || options->ready_fd < 0) {
				say("servicemanager: --ready-fd: '%s' is no descriptor "
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
			say("servicemanager: '%s' is no option, or lacks its value\n"
			    "try: servicemanager --help\n",
			    argv[optind - 1]);
			return 2;
		}
	}
	if (optind < argc) {
		say("servicemanager: unexpected argument '%s'\n"
		    "try: servicemanager --help\n",
		    argv[optind]);
		return 2;
	}
	return 0;
}

/* ---- the configuration file ------------------------------------------------------- */

/* What the command line has left open. */
static struct options *unset;

static bool set_verbose(const char *value, char *why)
{
	if (!strcmp(value, "yes")) {
		unset->verbose = true;
	} else if (strcmp(value, "no") != 0) {
		snprintf(why, CONF_WHY, "verbose: '%.60s' is neither yes nor no", value);
		return false;
	}
	return true;
}

static bool set_android(const char *value, char *why)
{
	const struct profile *profile = profile_parse(value);

	if (!profile) {
		snprintf(why, CONF_WHY, "android: '%.60s' is no Android that is known", value);
		return false;
	}
	if (!unset->profile)
		unset->profile = profile;
	return true;
}

static bool set_from_file(const char *name, const char *value, const char *where, char *why)
{
	const struct {
		const char *name;
		const char **value;
	} words[] = {
		{ "allow", &unset->allow },
		{ "domain", &unset->domain },
		{ "manifest", &unset->manifest },
	};

	if (!strcmp(name, "verbose"))
		return set_verbose(value, why);
	if (!strcmp(name, "android"))
		return set_android(value, why);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strcmp(words[i].name, name) != 0)
			continue;
		if (!*words[i].value)
			*words[i].value = value;
		return true;
	}
	snprintf(why, CONF_WHY, "'%.60s' is no setting; see servicemanager.conf(5)", name);
	return false;
}

static int read_conf(struct options *options)
{
	const char *file = options->config ? options->config : "servicemanager.conf";

	if (options->config && !strchr(options->config, '/')) {
		say("servicemanager: --config: '%s' is no path with a /\n", options->config);
		return 2;
	}
	unset = options;
	return conf_read("servicemanager", file, set_from_file) < 0 ? 2 : 0;
}

/* ---- serving ------------------------------------------------------------------------ */

static void report_ready(int fd, const char *device)
{
	char lines[512];

	snprintf(lines, sizeof(lines), "READY=1\nSTATUS=Serves names on %.400s\n", device);
	supervisor_tell(lines);
	if (fd < 0)
		return;
	/* Nobody listening any more is no reason to stop. */
	while (write(fd, "\n", 1) < 0 && errno == EINTR)
		;
	close(fd);
}

/* Which Android to be: said on the command line, or in the environment, or the newest. */
static binder_status_t choose(const struct options *options, ABinderConnection *connection,
			      struct service_options *service)
{
	const char *android = getenv("BINDER_ANDROID");
	binder_status_t status = STATUS_OK;
	char word[16];

	service->profile = options->profile;
	if (!service->profile && android && *android)
		service->profile = profile_parse(android);
	if (!service->profile)
		service->profile = profile_default();
	if (options->hwbinder)
		service->profile = profile_hidl();
	status = ABinderConnection_setAndroid(connection,
					      profile_word(service->profile, word, sizeof(word)));
	if (status == STATUS_OK && options->domain)
		status = ABinderConnection_setDomain(connection, options->domain);
	return status;
}

static int serve(const struct options *options, struct service_options *service)
{
	ABinderConnection *connection = NULL;
	AIBinder *manager;
	binder_status_t status;

	ABinderConnection_setMapSize(RECEIVE_BUFFER);
	/* What is said here counts more; the connection would take it for a contradiction. */
	if (options->profile || options->hwbinder)
		unsetenv("BINDER_ANDROID");
	if (ABinderConnection_open(options->device, &connection) != STATUS_OK) {
		say("servicemanager: cannot open the Binder device: %s\n", ABinder_lastError());
		return 1;
	}
	if (choose(options, connection, service) != STATUS_OK) {
		say("servicemanager: %s\n", ABinder_lastError());
		if (!options->hwbinder && ABinderConnection_isHidl(connection))
			say("try: servicemanager --hwbinder --device %s\n",
			    ABinderConnection_getDevice(connection));
		ABinderConnection_close(connection);
		return 1;
	}
	/* One that has no AIDL interface is not for AIDL's names. */
	manager = service->profile->servicemanager ? service_manager_new(service) :
						     hidl_manager_new(service);
	if (!manager) {
		fputs("servicemanager: out of memory\n", stderr);
		ABinderConnection_close(connection);
		return 1;
	}
	status = ABinderConnection_becomeContextManager(connection, manager);
	if (status != STATUS_OK) {
		say("servicemanager: %s: cannot become context manager: %s\n",
		    ABinderConnection_getDevice(connection), ABinder_lastError());
	} else {
		if (options->verbose)
			say("servicemanager: serving %s (%s)\n",
			    ABinderConnection_getDevice(connection), service->profile->name);
		/* This thread is one of them. */
		if (!service->profile->servicemanager &&
		    ABinderConnection_startThreadPool(connection, HIDL_MANAGER_THREADS - 1) !=
			    STATUS_OK)
			say("servicemanager: no more threads: %s\n", ABinder_lastError());
		report_ready(options->ready_fd, ABinderConnection_getDevice(connection));
		ABinderConnection_joinThreadPool(connection);
		fputs("servicemanager: the device is gone\n", stderr);
	}
	if (service->profile->servicemanager)
		service_manager_free(manager);
	else
		hidl_manager_free(manager);
	ABinderConnection_close(connection);
	return status == STATUS_OK ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct options options = { .ready_fd = -1 };
	struct access_rules *rules;
	struct manifest *manifest = NULL;
	int result = parse_options(argc, argv, &options);

	if (!result)
		result = read_conf(&options);
	if (result)
		return result;
	if (options.hwbinder && !options.device)
		options.device = "hwbinder";
	rules = access_rules_new(getuid());
	if (!rules) {
		fputs("servicemanager: out of memory\n", stderr);
		return 1;
	}
	if ((options.allow && access_rules_load(rules, options.allow) < 0) ||
	    (options.manifest && manifest_load(options.manifest, &manifest) < 0)) {
		result = 1;
	} else {
		struct service_options service = {
			.rules = rules,
			.manifest = manifest,
			.verbose = options.verbose,
		};

		result = serve(&options, &service);
	}
	manifest_free(manifest);
	access_rules_free(rules);
	return result;
}
