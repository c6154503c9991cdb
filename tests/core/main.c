/* SPDX-License-Identifier: MIT */
/* main.c: runs every suite of the driver core. */
#include "suites.h"

int main(void)
{
	SRunner *runner = srunner_create(NULL);
	int failed;

#define ROW(name) srunner_add_suite(runner, name##_suite());
	SUITES(ROW)
#undef ROW
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
