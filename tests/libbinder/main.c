/* SPDX-License-Identifier: MIT */
/*
 * main.c: runs libbinder's suites; prints TAP with CK_TAP_LOG_FILE_NAME=-.
 */
#include <stdlib.h>
#include <string.h>

#include "suites.h"
#include "world.h"

int main(int argc, char **argv)
{
	SRunner *runner;
	int failed;

	if (argc == 5 && strcmp(argv[1], "peer") == 0)
		return peer_main(argv + 2);
	runner = srunner_create(driver_suite());

	/* On a device only what one can make a difference to. */
	if (world_has_daemon()) {
		srunner_add_suite(runner, utf_suite());
		srunner_add_suite(runner, wire_suite());
		srunner_add_suite(runner, stream_suite());
		srunner_add_suite(runner, parcel_suite());
		srunner_add_suite(runner, hostile_suite());
		srunner_add_suite(runner, status_suite());
		srunner_add_suite(runner, local_suite());
		srunner_add_suite(runner, view_suite());
		srunner_add_suite(runner, captured_suite());
		srunner_add_suite(runner, watch_suite());
	}
	srunner_add_suite(runner, call_suite());
	srunner_add_suite(runner, platform_suite());
	srunner_add_suite(runner, reference_suite());
	srunner_add_suite(runner, death_suite());
	srunner_add_suite(runner, error_suite());
	srunner_add_suite(runner, deadline_suite());
	srunner_add_suite(runner, limit_suite());
	srunner_add_suite(runner, thread_suite());
	srunner_add_suite(runner, interrupt_suite());
	srunner_add_suite(runner, fork_suite());
	srunner_add_suite(runner, manager_suite());
	srunner_add_suite(runner, profile_suite());
	srunner_add_suite(runner, aidl_golden_suite());
	srunner_add_suite(runner, hidl_suite());
	srunner_add_suite(runner, handle_suite());
	srunner_add_suite(runner, shell_suite());
	/* Each case is a process: the default connection lives as long as one does. */
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
