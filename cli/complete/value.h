/* SPDX-License-Identifier: MIT */
/*
 * value.h: what the value of an option or of an argument may become.
 *
 * complete.c and method.c call these.  word is the whole
 * word at the cursor and before its part that stays: "--device=" or "pfd:", or nothing.
 */
#ifndef CLI_COMPLETE_VALUE_H
#define CLI_COMPLETE_VALUE_H

#include "cli/complete/complete.h"

/* Files and folders; the latter end with a slash, so that they go on. */
void complete_files(const struct completion *completion, const char *word, const char *before);
void complete_folders(const struct completion *completion, const char *word, const char *before);
/* Devices by name, and as files. */
void complete_devices(const struct completion *completion, const char *word, const char *before);
void complete_domains(const struct completion *completion, const char *word, const char *before);
void complete_languages(const struct completion *completion, const char *word, const char *before);
/* "i32,str[]": the last one of them. */
void complete_reply_types(const struct completion *completion, const char *word,
			  const char *before);
/* Programs in $PATH. */
void complete_programs(const struct completion *completion, const char *word, const char *before);

#endif
