/* SPDX-License-Identifier: MIT */
/*
 * main.c: runs the suites of the AIDL front end; prints TAP with
 * CK_TAP_LOG_FILE_NAME=-.
 */
#include <stdlib.h>

#include "aidl.h"

int main(void)
{
	SRunner *runner = srunner_create(parse_suite());
	int failed;

	srunner_add_suite(runner, constant_suite());
	srunner_add_suite(runner, rule_suite());
	srunner_add_suite(runner, library_suite());
	srunner_add_suite(runner, codec_suite());
	srunner_add_suite(runner, data_suite());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
