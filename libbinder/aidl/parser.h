/* SPDX-License-Identifier: MIT */
/*
 * parser.h: what the files of the parser share.
 *
 * parse.c reads documents, declarations and members, parse_type.c types and
 * annotations, parse_expression.c constants.  Each function leaves the parser
 * at the first word that it did not take; what returns false or NULL has
 * reported why, and the caller goes on behind the next ; or }.
 */
#ifndef AIDL_PARSER_H
#define AIDL_PARSER_H

#include "lexer.h"

struct parser {
	struct aidl_library *library;
	struct arena *arena;
	struct aidl_document *document;
	struct lexer lexer;
	struct token token; /* the one to take next */
	unsigned depth;     /* of types, expressions and declarations */
};

/* ---- words: parse_words.c ------------------------------------------------- */

void parser_advance(struct parser *parser);
bool parser_at(const struct parser *parser, const char *text);
bool parser_accept(struct parser *parser, const char *text);
/* Reports "expected WHAT, found ...", unless the word was reported already. */
void parser_expected(struct parser *parser, const char *what, const char *hint);
/* where says after what: "after the name of the method". */
bool parser_expect(struct parser *parser, const char *text, const char *where);
/* A name that is no keyword; what says of what it is the name.  NULL. */
const char *parser_name(struct parser *parser, const char *what);
/* a.b.c; keywords are allowed behind a dot. */
const char *parser_qualified(struct parser *parser, const char *what);
/* False, and reported: too deep.  Else to be followed by parser_leave(). */
bool parser_enter(struct parser *parser);
void parser_leave(struct parser *parser);
/* Goes on behind the next ; or in front of the } that ends what we are in. */
void parser_skip_member(struct parser *parser);

/* ---- parse_type.c, parse_expression.c --------------------------------------- */

struct aidl_annotation *parse_annotations(struct parser *parser);
/* Those that follow here, behind some that stood in front of a keyword. */
const struct aidl_annotation *parse_more_annotations(struct parser *parser,
						     const struct aidl_annotation *before);
/* A type; annotations in front of it were read by the caller and become its own. */
struct aidl_type *parse_type(struct parser *parser, const struct aidl_annotation *annotations);
struct aidl_expression *parse_expression(struct parser *parser);

#endif
