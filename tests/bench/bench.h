/* SPDX-License-Identifier: MIT */
/*
 * bench.h: what the benchmarks share: processes, batches, medians.
 */
#ifndef TESTS_BENCH_H
#define TESTS_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* One round trip (or one message); 0 or -errno. */
typedef int (*bench_step)(void *context);

/* Median over batches of the time of one step in ns; < 0: a step failed. */
double bench_measure(bench_step step, void *context);
/* The same between batches of another step; *ratio: median of how many times as long it takes. */
double bench_compare(bench_step step, bench_step other, void *context, double *ratio);

/* A child that runs a function and ends with this program. */
pid_t bench_fork(void (*run)(void *context), void *context);
void bench_end(pid_t pid);

/* All processes from now on stay on one core, or may use all. */
void bench_pin(bool pinned);

/* ---- floors: ns for a round trip, < 0 when they cannot be had ---- */
double bench_futex_relay(void);
double bench_socket_relay(void);
/* A method call over the bare protocol, and through libdbus. */
void bench_dbus(double *bare, double *library);
double bench_dbus_library(const char *path);
/* Processes with so many names each on a bus, until standard input ends; an exit status. */
int bench_dbus_names(const char *address, int processes, int names);

/* ---- a parcelable of twenty fields by its AIDL: ns to write and read it ---- */
double bench_aidl(void);
/* ---- twenty values by the NDK's functions: ns to write and read them ---- */
double bench_parcel(void);

/* ---- Binder over driver/client ---- */
struct bench_binder;
struct bench_binder *bench_binder_start(void);
/* Round trip with @size bytes there and none back. */
double bench_binder_call(struct bench_binder *binder, size_t size);
double bench_binder_oneway(struct bench_binder *binder, size_t size);
void bench_binder_stop(struct bench_binder *binder);

/* ---- cost among many live nodes and handles ---- */
/* Prints the curve, through binderd and in the core alone. */
void bench_scale(void);
/* ns for a call, and for one that brings a new handle, with so many live ones; see scale_core.c. */
struct bench_core;
struct bench_core *bench_core_start(unsigned int live);
double bench_core_call(struct bench_core *core, unsigned int count);
double bench_core_handle(struct bench_core *core, unsigned int count);
void bench_core_stop(struct bench_core *core);

/* ---- Binder through libbinder; the same calls from Lua ---- */
struct bench_library;
struct bench_library *bench_library_start(void);
const char *bench_library_device(const struct bench_library *library);
/* To the server of a library that has been started. */
double bench_lua_call(const struct bench_library *library, size_t size);
double bench_library_call(struct bench_library *library, size_t size);
/* An empty call with a timeout; *ratio: to the same call without. */
double bench_library_timed_call(struct bench_library *library, double *ratio);
void bench_library_stop(struct bench_library *library);

#endif
