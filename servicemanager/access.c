/* SPDX-License-Identifier: MIT */
/*
 * access.c: the rules of access.h, and the reader of the allow-list file.
 *
 * Called by main.c once and by service.c for each registration.
 */
#include "access.h"
#include "say.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UID_SYSTEM 1000

struct access_rule {
	uid_t uid;
	char *name;
};

struct access_rules {
	uid_t owner;
	struct access_rule *rule;
	size_t count;
};

struct access_rules *access_rules_new(uid_t owner)
{
	struct access_rules *rules = calloc(1, sizeof(*rules));

	if (rules)
		rules->owner = owner;
	return rules;
}

void access_rules_free(struct access_rules *rules)
{
	if (!rules)
		return;
	for (size_t i = 0; i < rules->count; i++)
		free(rules->rule[i].name);
	free(rules->rule);
	free(rules);
}

static int add_rule(struct access_rules *rules, uid_t uid, const char *name)
{
	struct access_rule *grown;
	char *copy = strdup(name);

	if (!copy)
		return -ENOMEM;
	grown = reallocarray(rules->rule, rules->count + 1, sizeof(*grown));
	if (!grown) {
		free(copy);
		return -ENOMEM;
	}
	rules->rule = grown;
	rules->rule[rules->count++] = (struct access_rule){ .uid = uid, .name = copy };
	return 0;
}

static bool parse_uid(const char *text, uid_t *ret)
{
	char *end;
	unsigned long value;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	value = strtoul(text, &end, 10);
	/* (uid_t)-1 is "no user" to the system. */
	if (errno || *end || value >= UINT_MAX)
		return false;
	*ret = value;
	return true;
}

/* NULL, or what is wrong with the line. */
static const char *parse_line(struct access_rules *rules, char *line)
{
	char *save = NULL, *uid_text, *name, *rest;
	uid_t uid;

	line[strcspn(line, "#\n")] = 0;
	uid_text = strtok_r(line, " \t\r", &save);
	if (!uid_text)
		return NULL;
	name = strtok_r(NULL, " \t\r", &save);
	rest = strtok_r(NULL, " \t\r", &save);
	if (!name || rest)
		return "expected two words, a numeric uid and a name (\"1001 media.player\")";
	if (!parse_uid(uid_text, &uid))
		return "the first word is no numeric uid";
	if (strcmp(name, "*") != 0 && !access_name_is_valid(name))
		return "the name is not 1 to 127 of A-Z a-z 0-9 _ . / - (nor *)";
	return add_rule(rules, uid, name) < 0 ? "out of memory" : NULL;
}

int access_rules_load(struct access_rules *rules, const char *path)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	unsigned int number = 0;
	int result = 0;

	if (!file) {
		result = -errno;
		say("servicemanager: %s: cannot open the allow-list: %s\n", path,
		    strerror(-result));
		return result;
	}
	while (getline(&line, &size, file) >= 0) {
		const char *wrong = parse_line(rules, line);

		number++;
		if (wrong) {
			say("servicemanager: %s:%u: %s\n", path, number, wrong);
			result = -EINVAL;
		}
	}
	if (ferror(file)) {
		say("servicemanager: %s: cannot read the allow-list: %s\n", path, strerror(errno));
		result = -EIO;
	}
	free(line);
	fclose(file);
	return result;
}

bool access_may_add(const struct access_rules *rules, uid_t uid, const char *name)
{
	if (uid == 0 || uid == UID_SYSTEM || uid == rules->owner)
		return true;
	for (size_t i = 0; i < rules->count; i++) {
		const struct access_rule *rule = &rules->rule[i];

		if (rule->uid == uid && (!strcmp(rule->name, "*") || !strcmp(rule->name, name)))
			return true;
	}
	return false;
}

bool access_name_is_valid(const char *name)
{
	size_t length = strlen(name);

	return length >= 1 && length <= SERVICE_NAME_MAX &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./-") ==
		       length;
}
