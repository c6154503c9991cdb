/* SPDX-License-Identifier: MIT */
/*
 * vintf.c: reads the names of services from a manifest; see vintf.h.
 *
 * Called by list.c.  Of the XML it knows elements, and of those the few that make a name; it
 * follows nothing and expands nothing.
 */
#include "cli/verbs/vintf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct piece {
	const char *at, *end;
};

static bool is_empty(struct piece piece)
{
	return piece.at == piece.end;
}

/* Comments become blanks. */
static void blank_comments(char *text)
{
	char *at = text;

	while ((at = strstr(at, "<!--"))) {
		char *end = strstr(at + 4, "-->");

		end = end ? end + 3 : at + strlen(at);
		memset(at, ' ', (size_t)(end - at));
		at = end;
	}
}

/* The next element of that name in a piece: its attributes and what it holds.  What was passed is
 * taken off the piece.  False: there is none, or its end is missing. */
static bool next_element(struct piece *in, const char *name, struct piece *attributes,
			 struct piece *content)
{
	char end_tag[32];
	size_t size = strlen(name);
	const char *at = in->at, *close;

	snprintf(end_tag, sizeof(end_tag), "</%s>", name);
	for (; (at = memchr(at, '<', (size_t)(in->end - at))); at++) {
		const char *after = at + 1 + size;

		if (after >= in->end || strncmp(at + 1, name, size) != 0 ||
		    !strchr(" \t\r\n>", *after))
			continue;
		close = memchr(after, '>', (size_t)(in->end - after));
		if (!close)
			return false;
		*attributes = (struct piece){ after, close };
		content->at = close + 1;
		content->end = memmem(content->at, (size_t)(in->end - content->at), end_tag,
				      strlen(end_tag));
		if (!content->end)
			return false;
		in->at = content->end + strlen(end_tag);
		return true;
	}
	return false;
}

/* Without blanks around it. */
static struct piece trimmed(struct piece piece)
{
	while (piece.at < piece.end && strchr(" \t\r\n", *piece.at))
		piece.at++;
	while (piece.end > piece.at && strchr(" \t\r\n", piece.end[-1]))
		piece.end--;
	return piece;
}

static struct piece first_element(struct piece in, const char *name)
{
	struct piece attributes, content;

	return next_element(&in, name, &attributes, &content) ? trimmed(content) :
								(struct piece){ NULL, NULL };
}

struct hal {
	struct piece package, version; /* version: of HIDL alone */
	bool hidl;
	vintf_each each;
	void *cookie;
};

/* "package.IFoo/default", "package@1.0::IFoo/default".  An errno. */
static int tell(const struct hal *hal, const char *separator, struct piece interface,
		const char *slash, struct piece instance)
{
	char *name = NULL;
	int size = asprintf(&name, "%.*s%s%.*s%s%.*s", (int)(hal->package.end - hal->package.at),
			    hal->package.at, separator, (int)(interface.end - interface.at),
			    interface.at, slash, (int)(instance.end - instance.at), instance.at);
	int r = size < 0 ? -ENOMEM : hal->each(name, hal->cookie) ? 0 : -ECANCELED;

	if (size >= 0)
		free(name);
	return r;
}

static int tell_interfaces(const struct hal *hal, struct piece content)
{
	struct piece attributes, interface, instance;
	char separator[64] = ".";
	int r = 0;

	if (hal->hidl)
		snprintf(separator, sizeof(separator),
			 "@%.*s::", (int)(hal->version.end - hal->version.at), hal->version.at);
	while (r == 0 && next_element(&content, "interface", &attributes, &interface)) {
		struct piece name = first_element(interface, "name");

		while (r == 0 && next_element(&interface, "instance", &attributes, &instance))
			r = tell(hal, separator, name, "/", trimmed(instance));
	}
	return r;
}

static int tell_hal(const struct hal *hal, struct piece content)
{
	const struct piece nothing = { content.at, content.at };
	struct piece rest = content, attributes, name;
	int r = 0;

	/* A name with its instance, and of HIDL with its version: "@1.0::IFoo/default". */
	while (r == 0 && next_element(&rest, "fqname", &attributes, &name)) {
		name = trimmed(name);
		r = tell(hal, hal->hidl ? "" : ".", name, "", nothing);
	}
	return r == 0 ? tell_interfaces(hal, content) : r;
}

static bool has(struct piece piece, const char *text)
{
	return memmem(piece.at, (size_t)(piece.end - piece.at), text, strlen(text));
}

static int read_xml(char *text, vintf_each each, void *cookie)
{
	struct piece rest, attributes, content;
	int r = 0;

	blank_comments(text);
	rest = (struct piece){ text, text + strlen(text) };
	while (r == 0 && next_element(&rest, "hal", &attributes, &content)) {
		struct hal hal = { .package = first_element(content, "name"),
				   .version = first_element(content, "version"),
				   .hidl = !has(attributes, "\"aidl\"") &&
					   !has(attributes, "\"native\""),
				   .each = each,
				   .cookie = cookie };

		if (!is_empty(hal.package) && !has(attributes, "\"native\""))
			r = tell_hal(&hal, content);
	}
	return r;
}

/* Names of declared services have an instance. */
static bool is_name(const char *line)
{
	const char *slash = strchr(line, '/');

	return slash && slash > line && slash[1] && !strchr(slash + 1, '/') &&
	       !line[strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				  "0123456789_.-:@/")];
}

static int read_lines(char *text, vintf_each each, void *cookie)
{
	char *rest = text, *line;

	while ((line = strsep(&rest, "\n"))) {
		line += strspn(line, " \t");
		line[strcspn(line, " \t\r#")] = 0;
		if (!*line)
			continue;
		if (!is_name(line))
			return -EINVAL;
		if (!each(line, cookie))
			return -ECANCELED;
	}
	return 0;
}

int vintf_names(const char *text, vintf_each each, void *cookie)
{
	char *copy = strdup(text);
	int r;

	if (!copy)
		return -ENOMEM;
	r = strstr(copy, "<manifest") ? read_xml(copy, each, cookie) :
					read_lines(copy, each, cookie);
	free(copy);
	return r;
}
