/* SPDX-License-Identifier: MIT */
/*
 * parse_words.c: how the parser takes words, says what it missed, and finds
 * its way back after an error.
 *
 * Called by the other files of the parser; hands on to the lexer.
 */
#include "parser.h"

#include <string.h>

static const char *const keywords[] = {
	"package", "import", "interface", "parcelable", "enum", "union", "oneway",
	"const",   "in",     "out",       "inout",      "true", "false",
};

static bool is_keyword(const struct token *token)
{
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (token_is(token, keywords[i]))
			return true;
	return false;
}

void parser_advance(struct parser *parser)
{
	lexer_next(&parser->lexer, &parser->token);
}

bool parser_at(const struct parser *parser, const char *text)
{
	return token_is(&parser->token, text);
}

bool parser_accept(struct parser *parser, const char *text)
{
	if (!parser_at(parser, text))
		return false;
	parser_advance(parser);
	return true;
}

void parser_expected(struct parser *parser, const char *what, const char *hint)
{
	const struct token *token = &parser->token;
	int length = token->length > 40 ? 40 : (int)token->length;
	unsigned width = token->length > 100 ? 100 : (unsigned)token->length;

	switch (token->kind) {
	case TOKEN_BAD:
		break;
	case TOKEN_END:
		aidl_report(parser->library, token->at, 1, hint, "expected %s, but the file ends",
			    what);
		break;
	case TOKEN_STRING:
		aidl_report(parser->library, token->at, width + 2, hint,
			    "expected %s, found the string \"%.*s\"", what, length, token->text);
		break;
	case TOKEN_ANNOTATION:
		aidl_report(parser->library, token->at, width + 1, hint, "expected %s, found @%.*s",
			    what, length, token->text);
		break;
	default:
		aidl_report(parser->library, token->at, width, hint, "expected %s, found %s%.*s%s",
			    what, token->kind == TOKEN_SIGN ? "'" : "", length, token->text,
			    token->kind == TOKEN_SIGN ? "'" : "");
	}
}

bool parser_expect(struct parser *parser, const char *text, const char *where)
{
	if (parser_accept(parser, text))
		return true;
	parser_expected(parser, arena_print(parser->arena, "'%s' %s", text, where), NULL);
	return false;
}

const char *parser_name(struct parser *parser, const char *what)
{
	const char *name;

	if (parser->token.kind != TOKEN_NAME) {
		parser_expected(parser, what, NULL);
		return NULL;
	}
	if (is_keyword(&parser->token)) {
		parser_expected(parser, what, "a keyword of AIDL cannot be a name");
		return NULL;
	}
	name = arena_text(parser->arena, parser->token.text, parser->token.length);
	parser_advance(parser);
	return name;
}

const char *parser_qualified(struct parser *parser, const char *what)
{
	const char *start = parser->token.text;
	size_t length = 0;
	char *name;

	if (parser->token.kind != TOKEN_NAME || is_keyword(&parser->token)) {
		parser_expected(parser, what, NULL);
		return NULL;
	}
	name = arena_text(parser->arena, start, parser->token.length);
	parser_advance(parser);
	while (parser_at(parser, ".")) {
		parser_advance(parser);
		if (parser->token.kind != TOKEN_NAME) {
			parser_expected(parser, "a name behind the dot", NULL);
			return NULL;
		}
		length = strlen(name);
		if (length > 1000) {
			parser_expected(parser, "a shorter name", NULL);
			return NULL;
		}
		name = arena_print(parser->arena, "%s.%.*s", name, (int)parser->token.length,
				   parser->token.text);
		parser_advance(parser);
	}
	return name;
}

bool parser_enter(struct parser *parser)
{
	if (parser->depth >= AIDL_MAX_DEPTH) {
		aidl_report(parser->library, parser->token.at, 1, NULL,
			    "this is nested more than %d levels deep", AIDL_MAX_DEPTH);
		return false;
	}
	parser->depth++;
	return true;
}

void parser_leave(struct parser *parser)
{
	parser->depth--;
}

void parser_skip_member(struct parser *parser)
{
	unsigned braces = 0;

	while (parser->token.kind != TOKEN_END) {
		if (parser_at(parser, "{")) {
			braces++;
		} else if (parser_at(parser, "}")) {
			if (!braces)
				return;
			if (--braces == 0) {
				parser_advance(parser);
				parser_accept(parser, ";");
				return;
			}
		} else if (parser_at(parser, ";") && !braces) {
			parser_advance(parser);
			return;
		}
		parser_advance(parser);
	}
}
