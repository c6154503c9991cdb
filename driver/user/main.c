/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * main.c: binderd: starts everything up, and takes it down at a signal.
 *
 * The work is done in the loop's callbacks: device.c accepts, client.c greets,
 * thread.c and request.c serve, driver/core decides.
 */
#include "log.h"
#include "options.h"
#include "channel/activation.h"
#include "channel/device.h"
#include "channel/directory.h"
#include "channel/orphan.h"
#include "channel/status.h"
#include "limits/closer.h"
#include "limits/quota.h"
#include "limits/trim.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

static struct device *devices[OPTIONS_MAX_DEVICES];

static void signal_ready(struct loop_source *source, u32 events)
{
	struct signalfd_siginfo info;

	if (read(source->fd, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo != SIGUSR1) {
		log_info("ends at signal %u from pid %d", info.ssi_signo, (int)info.ssi_pid);
		loop_stop();
		return;
	}
	for (u32 i = 0; i < options.device_count; i++)
		device_log_counts(devices[i]);
}

static struct loop_source signals = { .fd = -1, .ready = signal_ready };

static int watch_signals(void)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signals.fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return signals.fd < 0 ? -errno : loop_add(&signals, EPOLLIN);
}

/* Clients cost us descriptors: take as many as we may, and leave none to one user alone. */
static void set_limits(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
		quota_set_capacity(limit.rlim_cur < UINT32_MAX ? (u32)limit.rlim_cur : UINT32_MAX);
}

static int open_devices(void)
{
	int r;

	for (u32 i = 0; i < options.device_count; i++) {
		r = device_open(options.devices[i], &devices[i]);
		if (r < 0)
			return r;
	}
	return 0;
}

static void say_ready(void)
{
	log_info("serves %u devices in %s", options.device_count, directory_path());
	status_ready();
	if (options.ready_fd < 0)
		return;
	if (write(options.ready_fd, "\n", 1) != 1)
		log_warning("cannot write to the descriptor of --ready-fd: %s", strerror(errno));
	close(options.ready_fd);
}

int main(int argc, char **argv)
{
	int status, r;

	if (options_parse(argc, argv, &status) < 0)
		return status;
	set_limits();
	quota_at_limit(orphan_reclaim);
	r = activation_take(options.dir);
	options_default_devices();
	if (r == 0)
		r = directory_open(options.dir);
	if (r < 0)
		return 1;
	r = loop_init();
	if (r == 0)
		r = watch_signals();
	/* After the signals are blocked: its threads are not to take them. */
	if (r == 0)
		r = closer_start();
	if (r < 0)
		log_error("cannot start: %s", strerror(-r));
	if (r == 0)
		r = open_devices();
	if (r == 0) {
		say_ready();
		r = loop_run();
		if (r < 0)
			log_error("cannot wait for events: %s", strerror(-r));
	}
	status_stopping();
	for (u32 i = 0; i < options.device_count; i++)
		device_close(devices[i]);
	trim_end();
	if (signals.fd >= 0)
		close(signals.fd);
	closer_stop();
	loop_close();
	directory_close();
	return r < 0 ? 1 : 0;
}
