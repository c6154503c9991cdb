/* SPDX-License-Identifier: MIT */
/*
 * random.c: random AIDL, as much of it as C can carry.
 *
 *   aidl-random SEED DIR [plain]
 *
 * writes DIR/r/NAME.aidl, and DIR/list.c, in which agree.c finds the interfaces.
 * The same seed gives the same files.  plain: without binders and descriptors.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define TYPES 8
#define INTERFACES 4

static uint64_t state;
static char directory[512];
static bool plain; /* nothing that cannot be written down */
static int made;   /* declarations that may be used so far */

static unsigned pick(unsigned below)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(state >> 33) % below;
}

__attribute__((format(printf, 1, 2))) static FILE *create(const char *format, ...)
{
	char path[700];
	int used = snprintf(path, sizeof(path), "%s/", directory);
	va_list arguments;
	FILE *out;

	va_start(arguments, format);
	vsnprintf(path + used, sizeof(path) - (size_t)used, format, arguments);
	va_end(arguments);
	out = fopen(path, "w");
	if (!out) {
		perror(path);
		exit(1);
	}
	return out;
}

/* ---- types ------------------------------------------------------------------------- */

struct chosen {
	char text[96];
	bool must_say; /* in, out or inout: it can be any */
};

static const char *const numbers[] = { "boolean", "byte", "char", "int", "long", "float", "double" };

static void choose_boxed(char *text, size_t size)
{
	if (!made || pick(3) == 0)
		snprintf(text, size,
			 pick(2) ? "Box<String>" :
			 pick(2) ? "Box<Box<String>>" :
				   "Box<int>");
	else
		snprintf(text, size, "Box<T%u>", pick((unsigned)made));
}

/* What a single value is; Tn is an enum, a parcelable or a union by n % 3. */
static void choose_single(char *text, size_t size, bool *number, bool *structure)
{
	unsigned kind = pick(12);

	*number = *structure = false;
	if (kind < 4) {
		snprintf(text, size, "%s", numbers[pick(7)]);
		*number = true;
	} else if (kind < 6) {
		snprintf(text, size, "String");
	} else if (kind == 6 && !plain) {
		snprintf(text, size, pick(2) ? "IBinder" : "ParcelFileDescriptor");
	} else if (kind == 7) {
		choose_boxed(text, size);
		*structure = true;
	} else if (made) {
		unsigned n = pick((unsigned)made);

		snprintf(text, size, "T%u", n);
		*number = n % 3 == 0;
		*structure = n % 3 != 0;
	} else {
		snprintf(text, size, "int");
		*number = true;
	}
}

static struct chosen choose(void)
{
	bool number, structure;
	struct chosen chosen = { 0 };
	char single[40];
	bool nullable = pick(3) == 0;

	choose_single(single, sizeof(single), &number, &structure);
	switch (pick(7)) {
	case 3:
		/* Numbers cannot be in a Map; nor can Lua have null as a value. */
		if (number && single[0] != 'T')
			snprintf(single, sizeof(single), "String");
		snprintf(chosen.text, sizeof(chosen.text), "%sMap<String, %s>",
			 nullable && !plain ? "@nullable " : "", single);
		chosen.must_say = true;
		break;
	case 0:
		snprintf(chosen.text, sizeof(chosen.text), "%s%s[]", nullable ? "@nullable " : "",
			 single);
		chosen.must_say = true;
		break;
	case 1:
		if (number) {
			snprintf(chosen.text, sizeof(chosen.text), "%s[%u][%u]", single,
				 1 + pick(3), 1 + pick(3));
			chosen.must_say = true;
			break;
		}
		snprintf(chosen.text, sizeof(chosen.text), "%sList<%s>",
			 nullable ? "@nullable " : "", single);
		chosen.must_say = true;
		break;
	case 2:
		snprintf(chosen.text, sizeof(chosen.text), "%s[%u]", single, 1 + pick(4));
		chosen.must_say = true;
		break;
	default:
		snprintf(chosen.text, sizeof(chosen.text), "%s%s",
			 nullable && !number ? "@nullable " : "", single);
		chosen.must_say = structure;
	}
	return chosen;
}

/* ---- declarations ---------------------------------------------------------------------- */

static void write_enum(unsigned n)
{
	static const char *const backing[] = { "byte", "int", "long" };
	FILE *out = create("r/T%u.aidl", n);

	fprintf(out, "package r;\n@Backing(type=\"%s\")\nenum T%u { A = %u, B, C = %u }\n",
		backing[pick(3)], n, pick(50), 60 + pick(60));
	fclose(out);
}

static void write_structure(unsigned n, bool is_union)
{
	static const char *const defaults[][2] = {
		{ "int", "-7" },        { "String", "\"text\"" },         { "int[]", "{1, 2, 3}" },
		{ "float", "0.5f" },    { "String[]", "{\"a\", \"b\"}" }, { "boolean", "true" },
		{ "long", "1L << 40" }, { "int[2]", "{4, 5}" },
	};
	FILE *out = create("r/T%u.aidl", n);
	unsigned fields = 1 + pick(6);

	fprintf(out, "package r;\n/** Number %u. */\n%s%s T%u {\n", n,
		n == 4 ? "@VintfStability " : "", is_union ? "union" : "parcelable", n);
	for (unsigned i = 0; i < fields; i++) {
		if (!is_union && pick(4) == 0) {
			unsigned d = pick(8);

			fprintf(out, "\t%s f%u = %s;\n", defaults[d][0], i, defaults[d][1]);
		} else if (!is_union && pick(5) == 0) {
			fprintf(out, "\tParcelableHolder f%u;\n", i);
		} else {
			/* A union begins with something that has a value of itself. */
			fprintf(out, "\t%s f%u;\n", is_union && !i ? "int" : choose().text, i);
		}
	}
	if (pick(2))
		fprintf(out, "\t@nullable(heap=true) T%u again;\n", n);
	fprintf(out, "}\n");
	fclose(out);
}

static void write_box(void)
{
	FILE *out = create("r/Box.aidl");

	fprintf(out, "package r;\nparcelable Box<T> {\n\tT t;\n\t@nullable T maybe;\n\tT[] many;\n"
		     "\tList<T> list;\n\tMap<String, T> named;\n"
		     "\t@nullable(heap=true) Box<T> again;\n}\n");
	fclose(out);
}

static void write_method(FILE *out, unsigned n)
{
	static const char *const directions[] = { "in", "out", "inout" };
	unsigned arguments = pick(6);
	bool oneway = pick(6) == 0;

	fprintf(out, "\t%s%s m%u(", oneway ? "oneway " : "",
		oneway || pick(4) == 0 ? "void" : choose().text, n);
	for (unsigned i = 0; i < arguments; i++) {
		struct chosen chosen = choose();
		const char *direction = directions[oneway ? 0 : pick(3)];

		/* One file never only comes out, but it must be said whether it comes back. */
		if (!chosen.must_say && strstr(chosen.text, "ParcelFileDescriptor"))
			direction = strcmp(direction, "out") ? direction : "inout";
		else if (!chosen.must_say)
			direction = "";
		fprintf(out, "%s%s %s a%u", i ? ", " : "", direction, chosen.text, i);
	}
	fprintf(out, ");\n");
}

static void write_interface(unsigned n)
{
	FILE *out = create("r/I%u.aidl", n);

	fprintf(out, "package r;\ninterface I%u {\n", n);
	for (unsigned i = 0; i < 8; i++)
		write_method(out, i);
	fprintf(out, "}\n");
	fclose(out);
}

static void write_list(void)
{
	FILE *out = create("list.c");

	fprintf(out, "#include \"relay.h\"\n");
	for (int i = 0; i < INTERFACES; i++)
		fprintf(out, "#include <r/I%d.h>\nDEFINE_RELAY(I%d)\n", i, i);
	fprintf(out, "const struct relay relays[] = {\n");
	for (int i = 0; i < INTERFACES; i++)
		fprintf(out, "\t{ \"r.I%d\", relay_I%d },\n", i, i);
	fprintf(out, "\t{ 0 },\n};\n");
	fclose(out);
}

int main(int argc, char **argv)
{
	char path[600];

	plain = argc == 4 && !strcmp(argv[3], "plain");
	if (argc != 3 + plain) {
		fprintf(stderr, "usage: aidl-random SEED DIR [plain]\n");
		return 2;
	}
	state = strtoull(argv[1], NULL, 10) * 2654435761u + 1;
	snprintf(directory, sizeof(directory), "%s", argv[2]);
	snprintf(path, sizeof(path), "%s/r", directory);
	mkdir(path, 0777);
	write_box();
	for (made = 0; made < TYPES; made++) {
		if (made % 3 == 0)
			write_enum((unsigned)made);
		else
			write_structure((unsigned)made, made % 3 == 2);
	}
	for (unsigned i = 0; i < INTERFACES; i++)
		write_interface(i);
	write_list();
	return 0;
}
