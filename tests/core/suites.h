/* SPDX-License-Identifier: MIT */
/* suites.h: the suites of core-tests, one for each file, run by main.c. */
#ifndef TESTS_CORE_SUITES_H
#define TESTS_CORE_SUITES_H

#include "scene.h"

#define SUITES(ROW) \
	ROW(commands) \
	ROW(read) \
	ROW(looper) \
	ROW(calls) \
	ROW(nested) \
	ROW(oneway) \
	ROW(buffers) \
	ROW(objects) \
	ROW(files) \
	ROW(sg) \
	ROW(nodes) \
	ROW(refs) \
	ROW(charges) \
	ROW(death) \
	ROW(exit) \
	ROW(manager) \
	ROW(poll) \
	ROW(priority) \
	ROW(ioctls) \
	ROW(freeze) \
	ROW(frozen) \
	ROW(crowd) \
	ROW(state) \
	ROW(stats) \
	ROW(log) \
	ROW(rbtree) \
	ROW(random) \
	ROW(security) \
	ROW(security_payload) \
	ROW(security_life)

#define ROW(name) Suite *name##_suite(void);
SUITES(ROW)
#undef ROW

#endif
