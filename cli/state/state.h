/* SPDX-License-Identifier: MIT */
/*
 * state.h: the text in which a driver shows its state, as JSON.
 */
#ifndef CLI_STATE_STATE_H
#define CLI_STATE_STATE_H

#include <jansson.h>

/*
 * A view of a driver (Linux 3.18 to 7.3 in C, 6.18 to 7.3 in Rust, ours), as binderctl(1)
 * describes it.  Lines that are not understood are kept as {"text": ...} in a list "other" of
 * what they stand under.  NULL: no memory.
 */
json_t *state_to_json(const char *view, const char *text);

#endif
