/* SPDX-License-Identifier: MIT */
/*
 * relay.h: generated stubs whose methods are generated proxies.
 *
 * A call to a relay is read by the stub, written again by the proxy and sent to
 * another object; its reply is read by the proxy and written by the stub.
 */
#ifndef TESTS_AIDL_C_RELAY_H
#define TESTS_AIDL_C_RELAY_H

#include <android/binder_ibinder.h>

struct relay {
	const char *descriptor;
	/* to has to live longer. */
	AIBinder *(*make)(AIBinder *to);
};

/* The last one has no descriptor. */
extern const struct relay relays[];

#define DEFINE_RELAY(name) \
	static AIBinder *relay_##name(AIBinder *to) \
	{ \
		struct name *face = name##_asInterface(to); \
		AIBinder *binder = face ? name##_new(face->methods, face->self, NULL) : NULL; \
		name##_release(face); \
		return binder; \
	}

#endif
