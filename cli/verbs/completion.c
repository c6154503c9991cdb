/* SPDX-License-Identifier: MIT */
/*
 * completion.c: `binderctl completion`: scripts for other shells, made from the
 * verb table.
 *
 * What is known beforehand (verbs, options) stands in the script; what is live
 * (services, types) the script asks `binderctl complete` for.
 */
#include <string.h>

#include "cli/complete/complete.h"
#include "cli/errors.h"

/* ---- pieces ----------------------------------------------------------------------- */

/* In single quotes, where `'` is the only character that means something. */
static void print_quoted(const char *text, const char *also)
{
	putchar('\'');
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\''", stdout);
		else if (strchr(also, *text))
			printf("\\%c", *text);
		else
			putchar(*text);
	}
	putchar('\'');
}

static const char *next_verb(int *index)
{
	return verb_name_at((*index)++);
}

static void print_file_verbs(const char *between)
{
	const char *before = "", *name;

	for (int i = 0; (name = next_verb(&i));) {
		if (!verb_find(name)->words_are_files)
			continue;
		printf("%s%s", before, name);
		before = between;
	}
}

/* ---- bash ----------------------------------------------------------------------------- */

static void bash(void)
{
	fputs("# bash completion for binderctl, made by `binderctl completion bash`\n"
	      "_binderctl() {\n"
	      "\tlocal words word i verb line=${COMP_LINE:0:COMP_POINT}\n"
	      "\n"
	      "\t# Not COMP_WORDS: those are split at colons, which our words have.\n"
	      "\tread -ra words <<<\"$line\"\n"
	      "\t[[ $line != *[[:blank:]] ]] || words+=('')\n"
	      "\tword=${words[-1]}\n"
	      "\tfor ((verb = 1; verb < ${#words[@]} - 1; verb++)); do\n"
	      "\t\tcase ${words[verb]} in\n"
	      "\t\t--device | --android | --domain) ((verb++)) ;;\n"
	      "\t\t-*) ;;\n"
	      "\t\t*) break ;;\n"
	      "\t\tesac\n"
	      "\tdone\n"
	      "\tif [[ ${words[verb]-} == sandbox ]]; then\n"
	      "\t\t# The rest is the command's, which knows its words itself.\n"
	      "\t\tfor ((i = verb + 1; i < ${#words[@]} - 1; i++)); do\n"
	      "\t\t\t[[ ${words[i]} == -* ]] || break\n"
	      "\t\tdone\n"
	      "\t\tif ((i == ${#words[@]} - 1)) && [[ $word != -* ]]; then\n"
	      "\t\t\tmapfile -t COMPREPLY < <(compgen -c -- \"$word\" | sort -u)\n"
	      "\t\t\t[[ $word != */* ]] || compopt -o default\n"
	      "\t\t\treturn\n"
	      "\t\telif ((i < ${#words[@]} - 1)); then\n"
	      "\t\t\tCOMPREPLY=()\n"
	      "\t\t\tif declare -F _command_offset >/dev/null; then _command_offset $i\n"
	      "\t\t\telse compopt -o default; fi\n"
	      "\t\t\treturn\n"
	      "\t\tfi\n"
	      "\tfi\n"
	      "\tmapfile -t COMPREPLY < <(\"${COMP_WORDS[0]}\" complete -- \"${words[@]:1}\" "
	      "2>/dev/null)\n"
	      "\tcase ${words[verb]-} in\n"
	      "\t",
	      stdout);
	print_file_verbs(" | ");
	fputs(") ((${#COMPREPLY[@]})) || compopt -o default ;;\n"
	      "\tesac\n"
	      "\t# Only what follows the last break is replaced.\n"
	      "\tfor ((i = ${#word}; i > 0; i--)); do\n"
	      "\t\t[[ $COMP_WORDBREAKS == *\"${word:i-1:1}\"* ]] || continue\n"
	      "\t\t# This one belongs to what it begins.\n"
	      "\t\t[[ ${word:i-1:1} != @ ]] || ((i--))\n"
	      "\t\tCOMPREPLY=(\"${COMPREPLY[@]#\"${word:0:i}\"}\")\n"
	      "\t\tbreak\n"
	      "\tdone\n"
	      "\tfor i in \"${!COMPREPLY[@]}\"; do\n"
	      "\t\t[[ ${COMPREPLY[i]} != *[!][A-Za-z0-9_./:=,@%+-]* ]] ||\n"
	      "\t\t\tprintf -v \"COMPREPLY[i]\" %q \"${COMPREPLY[i]}\"\n"
	      "\tdone\n"
	      "\tif [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[:/=] ]]; then compopt -o nospace; fi\n"
	      "}\n"
	      "complete -F _binderctl binderctl\n",
	      stdout);
}

/* ---- zsh ------------------------------------------------------------------------------- */

static void zsh(void)
{
	const char *name;

	fputs("#compdef binderctl\n"
	      "# zsh completion for binderctl, made by `binderctl completion zsh`\n"
	      "_binderctl() {\n"
	      "\tlocal -a verbs found\n"
	      "\tlocal verb at\n"
	      "\tverbs=(\n",
	      stdout);
	for (int i = 0; (name = next_verb(&i));) {
		char row[160];

		snprintf(row, sizeof(row), "%s:%s", name, verb_find(name)->summary);
		fputs("\t\t", stdout);
		print_quoted(row, "");
		putchar('\n');
	}
	fputs("\t)\n"
	      "\tif ((CURRENT == 2)) && [[ ${words[2]} != -* ]]; then\n"
	      "\t\t_describe verb verbs\n"
	      "\t\treturn\n"
	      "\tfi\n"
	      "\tfor ((at = 2; at < CURRENT; at++)); do\n"
	      "\t\tcase ${words[at]} in\n"
	      "\t\t--device|--android|--domain) ((at++)) ;;\n"
	      "\t\t-*) ;;\n"
	      "\t\t*) break ;;\n"
	      "\t\tesac\n"
	      "\tdone\n"
	      "\tverb=${words[at]}\n"
	      "\tif [[ $verb == sandbox ]]; then\n"
	      "\t\tfor ((at++; at < CURRENT; at++)); do [[ ${words[at]} == -* ]] || break; done\n"
	      "\t\tif ((at < CURRENT)) || [[ ${words[at]} != -* ]]; then\n"
	      "\t\t\t# The rest is the command's, which knows its words itself.\n"
	      "\t\t\tshift $((at - 1)) words\n"
	      "\t\t\t((CURRENT -= at - 1))\n"
	      "\t\t\t_normal -p binderctl\n"
	      "\t\t\treturn\n"
	      "\t\tfi\n"
	      "\tfi\n"
	      "\tfound=(${(f)\"$(${words[1]} complete -- ${(@)words[2,CURRENT]} 2>/dev/null)\"})\n"
	      "\tif ((${#found})); then\n"
	      "\t\tcompadd -S '' -- ${(M)found:#*[:/=]}\n"
	      "\t\tcompadd -- ${found:#*[:/=]}\n"
	      "\t\treturn\n"
	      "\tfi\n"
	      "\tcase $verb in\n"
	      "\t",
	      stdout);
	print_file_verbs("|");
	fputs(") _files ;;\n"
	      "\tesac\n"
	      "}\n"
	      "if [[ $funcstack[1] == _binderctl ]]; then _binderctl \"$@\"; else compdef _binderctl "
	      "binderctl; fi\n",
	      stdout);
}

/* ---- fish ------------------------------------------------------------------------------- */

#define FISH_CANDIDATES \
	"'(binderctl complete -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'"

static void fish_options(const char *condition, const struct option_spec *options)
{
	for (; options->name; options++) {
		printf("complete -c binderctl -n '%s' -l %s", condition, options->name);
		if (options->letter)
			printf(" -s %c", options->letter);
		if (options->value)
			fputs(" -x -a " FISH_CANDIDATES, stdout);
		fputs(" -d ", stdout);
		print_quoted(options->help, "\\");
		putchar('\n');
	}
}

static void fish(void)
{
	const char *name;

	fputs("# fish completion for binderctl, made by `binderctl completion fish`\n"
	      "complete -c binderctl -f\n",
	      stdout);
	for (int i = 0; (name = next_verb(&i));) {
		printf("complete -c binderctl -n __fish_use_subcommand -a %s -d ", name);
		print_quoted(verb_find(name)->summary, "\\");
		putchar('\n');
	}
	fish_options("true", global_options);
	for (int i = 0; (name = next_verb(&i));) {
		char condition[64];

		snprintf(condition, sizeof(condition), "__fish_seen_subcommand_from %s", name);
		fish_options(condition, options_of(verb_find(name)));
	}
	fputs("complete -c binderctl -n 'not __fish_use_subcommand; and not __fish_seen_subcommand_from "
	      "sandbox' -a \\\n"
	      "\t" FISH_CANDIDATES "\n"
	      "complete -c binderctl -n '__fish_seen_subcommand_from ",
	      stdout);
	print_file_verbs(" ");
	fputs("' -F\n"
	      "complete -c binderctl -n '__fish_seen_subcommand_from sandbox' -a \\\n"
	      "\t'(__fish_complete_subcommand --fcs-skip=2 --device --android --domain)'\n",
	      stdout);
}

/* ---- the verb ------------------------------------------------------------------------------ */

static const struct {
	const char *name;
	void (*print)(void);
} shells[] = { { "bash", bash }, { "zsh", zsh }, { "fish", fish } };

#define SHELLS (sizeof(shells) / sizeof(*shells))

static void complete_shell(const struct completion *completion, int index, const char *word)
{
	for (size_t i = 0; index == 0 && i < SHELLS; i++)
		offer_candidate(completion, shells[i].name, word, "", "");
}

static int run_completion(struct session *session, const struct arguments *arguments,
			  struct sink *sink)
{
	for (size_t i = 0; i < SHELLS; i++) {
		if (!strcmp(shells[i].name, arguments->argv[0])) {
			shells[i].print();
			return EXIT_OK;
		}
	}
	return fail(arguments, EXIT_USAGE, "binderctl completion bash",
		    "%s: expected bash, zsh or fish", arguments->argv[0]);
}

const struct verb verb_completion = {
	.name = "completion",
	.arguments = "bash|zsh|fish",
	.summary = "print a script that makes a shell complete binderctl's words",
	.details = "`make install` puts them where the shells look.  Without that:\n"
		   "  bash  source <(binderctl completion bash)\n"
		   "  zsh   binderctl completion zsh >_binderctl in a folder of $fpath\n"
		   "  fish  binderctl completion fish | source",
	.example = "source <(binderctl completion bash)",
	.min_words = 1,
	.max_words = 1,
	.run = run_completion,
	.complete = complete_shell,
};
