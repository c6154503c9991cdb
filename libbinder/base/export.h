/* SPDX-License-Identifier: MIT */
/*
 * export.h: marks what the shared library shows; all else is built hidden.
 *
 * Used by the files that define public functions; libbinder.map lists the names.
 */
#ifndef LIBBINDER_EXPORT_H
#define LIBBINDER_EXPORT_H

#define EXPORT __attribute__((visibility("default")))

#endif
