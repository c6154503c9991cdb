/* SPDX-License-Identifier: MIT */
/*
 * gbinder.c: `binderctl doctor --gbinder`: what libgbinder has to be told of the service manager.
 *
 * Called by doctor.c; prints a file for /etc/gbinder.d.
 */
#include "cli/doctor/doctor.h"
#include "cli/value/sink.h"

/* Without an ApiLevel libgbinder speaks the protocol of Android 8, which has no number of its. */
#define FIRST_LEVEL 28

int doctor_print_gbinder(struct session *session, struct sink *sink)
{
	ABinderConnection *connection = NULL;
	int result = session_open(session, &connection), api = 0;
	const char *android;

	if (result == EXIT_OK) {
		android = ABinderConnection_getAndroid(connection, &api);
		sink_print(sink,
			   "# For /etc/gbinder.d/binder.conf: what libgbinder speaks on %s\n"
			   "# (%s).\n",
			   ABinderConnection_getDevice(connection), android);
		if (api >= FIRST_LEVEL)
			sink_print(sink, "[General]\nApiLevel = %d\n", api);
		else
			sink_print(sink, "# No ApiLevel: that is libgbinder's default.\n");
	}
	session_close(session, connection);
	return result;
}
