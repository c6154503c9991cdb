/* SPDX-License-Identifier: MIT */
/*
 * android/binder_process.h: the threads in which this process serves calls.
 *
 * These act on the process's default connection; binder/ext.h has the same for
 * any other.  Signals are blocked in threads that libbinder starts.
 */
#ifndef ANDROID_BINDER_PROCESS_H
#define ANDROID_BINDER_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include <android/binder_status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Starts one thread; the driver may ask for more, see below.  Does nothing the second time. */
void ABinderProcess_startThreadPool(void);
/* How many more threads the driver may ask for: 15 unless set.  false: no driver. */
bool ABinderProcess_setThreadPoolMaxThreadCount(uint32_t numThreads);
bool ABinderProcess_isThreadPoolStarted(void);
/* Serves in the calling thread; returns when the driver is gone. */
void ABinderProcess_joinThreadPool(void);

/* Accepted for the sake of programs written for Android; there is no such scheduling here. */
void ABinderProcess_disableBackgroundScheduling(bool disable);

/*
 * For programs with an event loop of their own and no pool: poll *fd for
 * POLLIN, then handle.  *fd stays libbinder's.  Both belong to one thread.
 */
binder_status_t ABinderProcess_setupPolling(int *fd);
/* Serves what has come and returns. */
binder_status_t ABinderProcess_handlePolledCommands(void);

#ifdef __cplusplus
}
#endif
#endif
