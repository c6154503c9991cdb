/* SPDX-License-Identifier: MIT */
/*
 * say.h: messages on standard error, each in one write.
 */
#ifndef SERVICEMANAGER_SAY_H
#define SERVICEMANAGER_SAY_H

/* fprintf() may cut a message in two, and those of two processes would mix. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
