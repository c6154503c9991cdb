/* SPDX-License-Identifier: MIT */
#include "verb.h"
int verb_doctor(struct invocation *invocation)
{
	return EXIT_OK;
}
