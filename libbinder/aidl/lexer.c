/* SPDX-License-Identifier: MIT */
/*
 * lexer.c: the words of an AIDL file.
 *
 * Called by the parser; hands on to the list of errors for bytes that begin no
 * word.
 */
#include "lexer.h"

#include <ctype.h>
#include <string.h>

static char here(const struct lexer *lexer)
{
	return lexer->document->text[lexer->offset];
}

static bool at_end(const struct lexer *lexer)
{
	return lexer->offset >= lexer->document->size;
}

static char ahead(const struct lexer *lexer, size_t by)
{
	return lexer->offset + by < lexer->document->size ?
		       lexer->document->text[lexer->offset + by] :
		       '\0';
}

static struct aidl_position position(const struct lexer *lexer)
{
	return (struct aidl_position){ lexer->document, lexer->line, lexer->column };
}

static void step(struct lexer *lexer)
{
	unsigned char byte = (unsigned char)here(lexer);

	lexer->offset++;
	if (byte == '\n') {
		lexer->line++;
		lexer->column = 1;
	} else if ((byte & 0xc0) != 0x80) { /* columns count characters */
		lexer->column++;
	}
}

static void steps(struct lexer *lexer, size_t count)
{
	while (count--)
		step(lexer);
}

static bool begins_name(char c)
{
	return isalpha((unsigned char)c) || c == '_';
}

static bool continues_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* ---- comments ---------------------------------------------------------------- */

/* The text of a doc comment, without the stars at the beginning of its lines. */
static const char *comment_text(struct lexer *lexer, const char *text, size_t length)
{
	char *copy = arena_take(&lexer->library->arena, length + 1);
	size_t used = 0;
	size_t i = 0;

	while (i < length) {
		size_t end;

		while (i < length && (text[i] == ' ' || text[i] == '\t' || text[i] == '\r'))
			i++;
		while (i < length && text[i] == '*')
			i++;
		if (i < length && text[i] == ' ')
			i++;
		for (end = i; end < length && text[end] != '\n';)
			end++;
		while (end > i && isspace((unsigned char)text[end - 1]))
			end--;
		if (used || end > i) { /* no empty lines at the top */
			memcpy(copy + used, text + i, end - i);
			used += end - i;
			copy[used++] = '\n';
		}
		while (i < length && text[i] != '\n')
			i++;
		i++;
	}
	while (used && copy[used - 1] == '\n')
		used--;
	copy[used] = '\0';
	return used ? copy : NULL;
}

/* Skips one that begins here with slash and star. */
static void block_comment(struct lexer *lexer, const char **comment)
{
	struct aidl_position at = position(lexer);
	size_t start;

	steps(lexer, 2);
	start = lexer->offset;
	while (!at_end(lexer) && !(here(lexer) == '*' && ahead(lexer, 1) == '/'))
		step(lexer);
	if (at_end(lexer)) {
		aidl_report(lexer->library, at, 2, NULL, "this comment has no end");
		return;
	}
	if (lexer->offset > start && lexer->document->text[start] == '*')
		*comment =
			comment_text(lexer, lexer->document->text + start, lexer->offset - start);
	steps(lexer, 2);
}

static void skip_blank(struct lexer *lexer, const char **comment)
{
	while (!at_end(lexer)) {
		if (isspace((unsigned char)here(lexer))) {
			step(lexer);
		} else if (here(lexer) == '/' && ahead(lexer, 1) == '/') {
			while (!at_end(lexer) && here(lexer) != '\n')
				step(lexer);
		} else if (here(lexer) == '/' && ahead(lexer, 1) == '*') {
			block_comment(lexer, comment);
		} else {
			return;
		}
	}
}

/* ---- words --------------------------------------------------------------------- */

/* 1, 0x1F, 1L, 255u8, 1.5, 1.5e3f, 1f: their meaning is found out by the parser. */
static void number(struct lexer *lexer, struct token *token)
{
	bool hexadecimal = here(lexer) == '0' && (ahead(lexer, 1) | 0x20) == 'x';

	token->kind = TOKEN_INTEGER;
	if (hexadecimal)
		steps(lexer, 2);
	while (continues_name(here(lexer)) || here(lexer) == '.') {
		char c = here(lexer);

		if (!hexadecimal) {
			bool exponent = (c | 0x20) == 'e';

			if (c == '.' || exponent || (c | 0x20) == 'f')
				token->kind = TOKEN_FLOATING;
			if (exponent && (ahead(lexer, 1) == '+' || ahead(lexer, 1) == '-'))
				step(lexer);
		} else if (c == '.') {
			break;
		}
		step(lexer);
	}
}

static void quoted(struct lexer *lexer, struct token *token)
{
	char quote = here(lexer);
	size_t start = lexer->offset + 1;

	step(lexer);
	while (!at_end(lexer) && here(lexer) != quote && here(lexer) != '\n') {
		if (here(lexer) == '\\' && ahead(lexer, 1) != '\n' && ahead(lexer, 1))
			step(lexer);
		step(lexer);
	}
	token->kind = quote == '"' ? TOKEN_STRING : TOKEN_CHARACTER;
	token->text = lexer->document->text + start;
	token->length = lexer->offset - start;
	if (at_end(lexer) || here(lexer) != quote) {
		aidl_report(lexer->library, token->at, 1, NULL, "the closing %c is missing", quote);
		token->kind = TOKEN_BAD;
		return;
	}
	step(lexer);
}

static size_t sign_length(const struct lexer *lexer)
{
	/* >> is two words here, so that List<List<int>> needs no rule of its own. */
	static const char *const two[] = { "<<", "<=", ">=", "==", "!=", "&&", "||" };
	static const char one[] = "(){}[]<>,;=.+-*/%&|^!~";

	for (size_t i = 0; i < sizeof(two) / sizeof(two[0]); i++)
		if (here(lexer) == two[i][0] && ahead(lexer, 1) == two[i][1])
			return 2;
	return here(lexer) && strchr(one, here(lexer)) ? 1 : 0;
}

static void bad_byte(struct lexer *lexer, struct token *token)
{
	unsigned char byte = (unsigned char)here(lexer);

	if (byte > 0x20 && byte < 0x7f)
		aidl_report(lexer->library, token->at, 1, NULL, "AIDL does not use '%c'", byte);
	else
		aidl_report(lexer->library, token->at, 1,
			    "outside of comments and strings AIDL is plain ASCII",
			    "unexpected byte 0x%02x", byte);
	token->kind = TOKEN_BAD;
	do
		step(lexer);
	while (!at_end(lexer) && ((unsigned char)here(lexer) & 0x80));
}

void lexer_start(struct lexer *lexer, struct aidl_library *library,
		 const struct aidl_document *document)
{
	*lexer = (struct lexer){ .library = library, .document = document, .line = 1, .column = 1 };
	if (document->size >= 3 && !memcmp(document->text, "\xef\xbb\xbf", 3))
		lexer->offset = 3; /* a byte order mark */
}

void lexer_next(struct lexer *lexer, struct token *token)
{
	*token = (struct token){ .kind = TOKEN_END };
	skip_blank(lexer, &token->comment);
	token->at = position(lexer);
	token->text = lexer->document->text + lexer->offset;
	if (at_end(lexer))
		return;
	if (begins_name(here(lexer))) {
		token->kind = TOKEN_NAME;
		while (continues_name(here(lexer)))
			step(lexer);
	} else if (here(lexer) == '@' && begins_name(ahead(lexer, 1))) {
		token->kind = TOKEN_ANNOTATION;
		token->text++;
		step(lexer);
		while (continues_name(here(lexer)))
			step(lexer);
	} else if (isdigit((unsigned char)here(lexer)) ||
		   (here(lexer) == '.' && isdigit((unsigned char)ahead(lexer, 1)))) {
		number(lexer, token);
	} else if (here(lexer) == '"' || here(lexer) == '\'') {
		quoted(lexer, token);
		return;
	} else if (sign_length(lexer)) {
		token->kind = TOKEN_SIGN;
		steps(lexer, sign_length(lexer));
	} else {
		bad_byte(lexer, token);
	}
	token->length = (size_t)(lexer->document->text + lexer->offset - token->text);
}

bool token_is(const struct token *token, const char *text)
{
	return (token->kind == TOKEN_SIGN || token->kind == TOKEN_NAME) &&
	       token->length == strlen(text) && !memcmp(token->text, text, token->length);
}
