/* SPDX-License-Identifier: MIT */
/*
 * verb.c: finds verbs by name.
 *
 * main() sets the table, so that the rooms below the verbs can ask for names without knowing
 * the rows.
 */
#include "cli/verb.h"

#include <string.h>

const struct verb *const *verbs;

const struct verb *verb_find(const char *name)
{
	for (int i = 0; verbs[i]; i++)
		if (!strcmp(verbs[i]->name, name))
			return verbs[i];
	return NULL;
}

const char *verb_name_at(int index)
{
	return verbs[index] && !verbs[index]->hidden ? verbs[index]->name : NULL;
}
