/* SPDX-License-Identifier: MIT */
/*
 * worker.c: threads that do jobs, as many as there are jobs at a time.
 *
 * Called by job.c.  They live until the state ends; what they are doing then is
 * given up, and nobody waits for it.
 */
#include <signal.h>

#include "queue.h"

/* More than that many jobs at a time wait for each other. */
#define WORKERS_MAX 128

static void *work(void *arg)
{
	struct lb_queue *queue = arg;

	pthread_mutex_lock(&queue->lock);
	while (!queue->closed) {
		struct lb_job *job = queue->jobs;

		if (!job) {
			queue->idle_workers++;
			pthread_cond_wait(&queue->work_ready, &queue->lock);
			queue->idle_workers--;
			continue;
		}
		queue->jobs = job->next;
		if (!queue->jobs)
			queue->jobs_tail = &queue->jobs;
		pthread_mutex_unlock(&queue->lock);
		lb_job_run(job);
		pthread_mutex_lock(&queue->lock);
	}
	queue->workers--;
	pthread_cond_broadcast(&queue->work_ready);
	pthread_mutex_unlock(&queue->lock);
	lb_queue_put(queue);
	return NULL;
}

/* Signals stay with the threads of the program. */
static bool start(struct lb_queue *queue)
{
	pthread_attr_t attributes;
	sigset_t all, before;
	pthread_t thread;
	int error;

	lb_queue_get(queue);
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&thread, &attributes, work, queue);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	if (error)
		atomic_fetch_sub(&queue->refs, 1); /* not the last: the state's */
	else
		queue->workers++;
	return error == 0;
}

bool lb_worker_take(struct lb_queue *queue, struct lb_job *job)
{
	unsigned int waiting = 1;

	for (const struct lb_job *other = queue->jobs; other; other = other->next)
		waiting++;
	if (waiting > queue->idle_workers && queue->workers < WORKERS_MAX && !start(queue) &&
	    queue->workers == 0)
		return false;
	job->next = NULL;
	*queue->jobs_tail = job;
	queue->jobs_tail = &job->next;
	pthread_cond_signal(&queue->work_ready);
	return true;
}

void lb_worker_end_all(struct lb_queue *queue)
{
	struct lb_job *jobs;

	pthread_mutex_lock(&queue->lock);
	jobs = queue->jobs;
	queue->jobs = NULL;
	queue->jobs_tail = &queue->jobs;
	pthread_cond_broadcast(&queue->work_ready);
	while (queue->idle_workers)
		pthread_cond_wait(&queue->work_ready, &queue->lock);
	pthread_mutex_unlock(&queue->lock);
	while (jobs) {
		struct lb_job *next = jobs->next;

		lb_job_put(jobs);
		jobs = next;
	}
}
