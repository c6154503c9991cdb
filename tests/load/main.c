/* SPDX-License-Identifier: MIT */
/*
 * main.c: load-tests: limits, and hostile clients beside innocent ones.
 */
#include "suites.h"

#include <stdlib.h>

int main(void)
{
	SRunner *runner = srunner_create(limit_suite());
	int failed;

	srunner_add_suite(runner, mix_suite());
	srunner_add_suite(runner, attack_suite());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
