/* SPDX-License-Identifier: MIT */
/*
 * format.c: a document in one form, with everything that was written in it.
 *
 * Called by `binderctl aidl --lang=aidl`.  It goes over the words of the text,
 * not over declarations: so comments, expressions and the order of members
 * stay.  Its own output comes out unchanged.
 */
#include <string.h>

#include "lexer.h"

#define INDENT 4
#define MAX_BRACES 128

struct format {
	struct lexer lexer;
	struct token token, previous;
	const char *text;
	size_t start, end;   /* of the word, in the text */
	size_t before;       /* the end of the previous one */
	unsigned depth;      /* of declarations */
	unsigned brackets;   /* ( [ and { of values that are open */
	unsigned enum_depth; /* commas end lines there; 0: in no enum */
	bool expression;     /* < is an operator there */
	bool unary;          /* the previous word is a sign of one operand */
	bool assigned;       /* what follows a = of a member */
	bool line_begins;
	bool newline; /* it has to be ended first */
	FILE *out;
};

static bool was(const struct format *f, const char *text)
{
	return token_is(&f->previous, text);
}

static bool is(const struct format *f, const char *text)
{
	return token_is(&f->token, text);
}

static bool is_one_of(const struct token *token, const char *const *words)
{
	while (*words && !token_is(token, *words))
		words++;
	return *words;
}

static void begin_line(struct format *f, unsigned extra)
{
	if (f->newline)
		putc('\n', f->out);
	if (f->line_begins)
		fprintf(f->out, "%*s", (int)((f->depth + extra) * INDENT), "");
	f->line_begins = f->newline = false;
}

/* The line ends with the next word, for a comment may still belong to it. */
static void end_line(struct format *f)
{
	f->newline |= !f->line_begins;
	f->line_begins = true;
}

static void blank_line(struct format *f)
{
	end_line(f);
	if (f->newline)
		putc('\n', f->out);
	putc('\n', f->out);
	f->newline = false;
}

/* ---- comments --------------------------------------------------------------------- */

/* The lines of a comment; those that begin with a star stand below its first one. */
static void print_comment(struct format *f, const char *text, size_t length)
{
	for (size_t i = 0; i < length;) {
		const char *end = memchr(text + i, '\n', length - i);
		size_t line = end ? (size_t)(end - text) - i : length - i;
		size_t next = i + line + 1, blanks = 0;

		while (line && strchr(" \t\r", text[i + line - 1]))
			line--;
		if (i) {
			bool star;

			while (blanks < line && strchr(" \t", text[i + blanks]))
				blanks++;
			star = blanks < line && text[i + blanks] == '*';
			if (star)
				begin_line(f, 0);
			else if (f->newline)
				putc('\n', f->out);
			f->line_begins = f->newline = false;
			if (star) {
				putc(' ', f->out);
				i += blanks;
				line -= blanks;
			}
		}
		fwrite(text + i, 1, line, f->out);
		i = next;
		if (i < length)
			end_line(f);
	}
	f->line_begins = false;
}

static size_t comment_length(const char *text, size_t room)
{
	const char *end;

	if (text[1] == '/') {
		end = memchr(text, '\n', room);
		return end ? (size_t)(end - text) : room;
	}
	end = memmem(text + 2, room - 2, "*/", 2);
	return end ? (size_t)(end - text) + 2 : room;
}

/* What stands between two words.  Returns how many lines ended there, after the last comment. */
/* What stands between two words.  Returns how many lines ended there, after the last comment. */
static unsigned between(struct format *f)
{
	const char *text = f->text + f->before;
	size_t room = f->start - f->before, at = 0;
	unsigned lines = 0;

	while (at < room) {
		bool comment = text[at] == '/' && at + 1 < room;
		size_t length = comment ? comment_length(text + at, room - at) : 1;
		bool ended = f->line_begins;

		if (!comment) {
			lines += text[at] == '\n';
			at++;
			continue;
		}
		if (lines || !f->before) {
			if (lines > 1 && f->before)
				blank_line(f);
			end_line(f);
			begin_line(f, f->brackets ? 2 : 0);
			ended = true;
		} else {
			putc(' ', f->out);
			f->line_begins = f->newline = false;
		}
		print_comment(f, text + at, length);
		lines = 0;
		at += length;
		/* What had a line of its own, or stood at the end of one, still does. */
		if (text[at - length + 1] == '/' ||
		    (ended && at < room && memchr(text + at, '\n', room - at)))
			end_line(f);
	}
	return lines;
}

/* ---- between words ------------------------------------------------------------------- */

static const char *const operators[] = { "+", "-",  "*",  "/",  "%",  "|",  "&",  "^", "<<",
					 "<", "<=", ">=", "==", "!=", "&&", "||", ">", NULL };

/* In front of what follows such a word, a sign has one operand. */
static bool begins_operand(const struct format *f)
{
	static const char *const words[] = { "(", "[", "{", ",", "=", "!", "~", NULL };

	return is_one_of(&f->previous, words) || is_one_of(&f->previous, operators);
}

static bool wants_space(const struct format *f)
{
	static const char *const closing[] = { ";", ",", ")", "]", ".", NULL };
	static const char *const opening[] = { "(", "[", ".", NULL };

	if (f->brackets && (is(f, "=") || was(f, "="))) /* @Backing(type="int") */
		return false;
	if (is_one_of(&f->token, closing) || is_one_of(&f->previous, opening) || f->unary)
		return false;
	if (is(f, "(")) /* of a method or an annotation; in an expression it may follow a sign */
		return f->expression && (was(f, "=") || is_one_of(&f->previous, operators));
	if (is(f, "["))
		return false;
	if (!f->expression && (is(f, "<") || is(f, ">") || was(f, "<")))
		return false;
	/* The lexer gives >> as two. */
	if (f->expression && is(f, ">") && was(f, ">") && f->before == f->start)
		return false;
	return !((was(f, "{") && f->brackets) || (is(f, "}") && f->brackets));
}

/* ---- words ------------------------------------------------------------------------------ */

static void print_word(struct format *f)
{
	f->unary = (is(f, "-") || is(f, "+") || is(f, "!") || is(f, "~")) && begins_operand(f);
	fwrite(f->text + f->start, 1, f->end - f->start, f->out);
}

/* A { behind these begins a value. */
static bool begins_value(const struct format *f)
{
	static const char *const words[] = { "=", ",", "(", "{", NULL };

	return f->brackets || (is_one_of(&f->previous, words) && f->previous.length &&
			       (was(f, "=") || was(f, "(")));
}

static void open_and_close(struct format *f)
{
	if (is(f, "(") || is(f, "[") || (is(f, "{") && begins_value(f))) {
		f->brackets++;
	} else if ((is(f, ")") || is(f, "]") || is(f, "}")) && f->brackets) {
		f->brackets--;
	} else if (is(f, "{")) {
		f->depth++;
	} else if (is(f, "}") && f->depth) {
		f->depth--;
		if (f->enum_depth > f->depth)
			f->enum_depth = 0;
	}
}

static bool ends_line(const struct format *f, bool value)
{
	if (f->brackets || value)
		return false;
	return is(f, ";") || is(f, "{") || is(f, "}") || (is(f, ",") && f->enum_depth);
}

static void take(struct format *f)
{
	bool closes = is(f, "}") && !f->brackets, value;
	unsigned lines = between(f), brackets = f->brackets;

	if (closes) {
		end_line(f);
		f->depth -= f->depth > 0;
	} else if (f->line_begins && lines > 1 && f->before && !was(f, "{")) {
		blank_line(f);
	} else if (!f->line_begins && lines &&
		   (was(f, ",") || f->previous.kind == TOKEN_ANNOTATION ||
		    (was(f, ")") && !is(f, ";") && !f->depth))) {
		end_line(f);
	}
	if (f->line_begins)
		begin_line(f, f->brackets ? 2 : 0);
	else if (f->before && wants_space(f))
		putc(' ', f->out);
	if (closes) /* open_and_close() does it again */
		f->depth++;
	print_word(f);
	value = (is(f, "{") && begins_value(f)) || (is(f, "}") && brackets);
	if (is(f, "enum"))
		f->enum_depth = f->depth + 1;
	open_and_close(f);
	f->assigned = (f->assigned || (is(f, "=") && !f->brackets)) && !ends_line(f, value);
	if (is(f, "=") || is(f, "["))
		f->expression = true;
	else if (ends_line(f, value) || is(f, "]") || is(f, ")") || (is(f, ",") && !f->brackets))
		f->expression = f->assigned || (f->brackets && f->expression && !is(f, "]"));
	if (ends_line(f, value))
		end_line(f);
}

binder_status_t aidl_document_print(struct aidl_library *library,
				    const struct aidl_declaration *first, FILE *out)
{
	const struct aidl_document *document = first->at.document;
	struct format f = { .text = document->text, .line_begins = true, .out = out };
	jmp_buf no_memory;

	library->arena.no_memory = &no_memory;
	if (setjmp(no_memory))
		return STATUS_NO_MEMORY;
	lexer_start(&f.lexer, library, document);
	f.before = 0;
	for (;;) {
		lexer_next(&f.lexer, &f.token);
		f.end = f.lexer.offset;
		f.start = f.token.kind == TOKEN_END ? document->size :
						      (size_t)(f.token.text - document->text);
		if (f.token.kind == TOKEN_STRING || f.token.kind == TOKEN_CHARACTER ||
		    f.token.kind == TOKEN_ANNOTATION)
			f.start--;
		if (f.token.kind == TOKEN_END)
			break;
		take(&f);
		f.previous = f.token;
		f.before = f.end;
	}
	f.brackets = 0;
	between(&f);
	if (!f.line_begins || f.newline)
		putc('\n', f.out);
	return ferror(out) ? STATUS_UNKNOWN_ERROR : STATUS_OK;
}
