/* SPDX-License-Identifier: MIT */
/*
 * verbs.c: the table of verbs.  Help, usage errors, completion and the manual
 * page come from it; each row stands beside its function.
 */
#include "cli/verb.h"

#include <string.h>

const struct option_spec global_options[] = {
	{ "device", 0, "NAME|PATH",
	  "the Binder device (default: $BINDER_DEVICE, else \"binder\")" },
	{ "android", 0, "VERSION",
	  "Android version of the wire format: 30, 11, 12L, 35.1 (default:\n"
	  "$BINDER_ANDROID, else the service manager's)" },
	{ "domain", 0, "NAME", "system or vendor (default: $BINDER_DOMAIN)" },
	{ "json", 0, NULL, "print JSON for programs" },
	{ "help", 'h', NULL, "show help" },
	{ "version", 0, NULL, "show the version" },
	{ 0 },
};

/* In the order of the help.  The hidden ones stand at the end. */
const struct verb *const verbs[] = {
	&verb_list,    &verb_call,       &verb_methods, &verb_describe,  &verb_dump,
	&verb_ping,    &verb_info,       &verb_wait,    &verb_run,       &verb_aidl,
	&verb_serve,   &verb_test,       &verb_up,      &verb_down,      &verb_sandbox,
	&verb_doctor,  &verb_ps,         &verb_threads, &verb_clients,   &verb_uses,
	&verb_proxies, &verb_blocked,    &verb_state,   &verb_stats,     &verb_transactions,
	&verb_log,     &verb_decode,     &verb_monitor, &verb_top,       &verb_explain,
	&verb_help,    &verb_completion, &verb_version, &verb_test_file, &verb_complete,
	NULL,
};

const struct verb *verb_find(const char *name)
{
	for (int i = 0; verbs[i]; i++)
		if (!strcmp(verbs[i]->name, name))
			return verbs[i];
	return NULL;
}

const char *verb_name_at(int index)
{
	return verbs[index] && !verbs[index]->hidden ? verbs[index]->name : NULL;
}
