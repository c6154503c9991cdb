/* SPDX-License-Identifier: MIT */
/*
 * verbs.c: the table of verbs.  Help, usage errors, completion and the manual
 * page come from it; each row stands beside its function.
 */
#include "cli/verb.h"

/* In the order of the help.  The hidden ones stand at the end. */
const struct verb *const all_verbs[] = {
	&verb_list,    &verb_call,         &verb_methods, &verb_describe,  &verb_dump,
	&verb_cmd,     &verb_ping,         &verb_info,    &verb_wait,      &verb_run,
	&verb_aidl,    &verb_serve,        &verb_test,    &verb_up,        &verb_down,
	&verb_sandbox, &verb_doctor,       &verb_device,  &verb_ps,        &verb_threads,
	&verb_clients, &verb_uses,         &verb_proxies, &verb_blocked,   &verb_state,
	&verb_stats,   &verb_transactions, &verb_log,     &verb_decode,    &verb_monitor,
	&verb_top,     &verb_trace,        &verb_capture, &verb_show,      &verb_explain,
	&verb_help,    &verb_completion,   &verb_version, &verb_test_file, &verb_complete,
	NULL,
};
