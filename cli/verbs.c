/* SPDX-License-Identifier: MIT */
/*
 * verbs.c: the table of verbs.  Help, usage errors, completion and the manual
 * page are made from it; what a verb does stands in the file of its name.
 */
#include "cli/verb.h"

#include <string.h>

const struct option_spec global_options[] = {
	{ "device", 0, "NAME|PATH",
	  "the Binder device (default: $BINDER_DEVICE, else \"binder\")" },
	{ "android", 0, "VERSION",
	  "whose dialect to speak: 30, 11, 12L, 35.1 (default: $BINDER_ANDROID, else the\n"
	  "service manager is asked)" },
	{ "domain", 0, "NAME", "system or vendor (default: $BINDER_DOMAIN)" },
	{ "json", 0, NULL, "print JSON for programs" },
	{ "help", 'h', NULL, "show help" },
	{ "version", 0, NULL, "show the version" },
	{ 0 },
};

static const struct option_spec no_options[] = { { 0 } };

static const struct option_spec sandbox_options[] = {
	{ "preload", 0, NULL, "give COMMAND /dev/binder, although it knows nothing of us" },
	{ 0 },
};

#define FIVE_SECONDS \
	{ \
		"timeout", 0, "SECONDS", "give up after this long (default: 5)" \
	}
#define NO_LIMIT \
	{ \
		"timeout", 0, "SECONDS", \
			"give up after this long (default: 5 to reach it, then never)" \
	}

#define AIDL_FOLDERS \
	{ \
		"aidl", 0, "DIR", "look for AIDL files here first; may be given many times" \
	}

static const struct option_spec test_options[] = {
	{ "sandbox", 0, NULL, "give each file a private Binder world" },
	{ "tap", 0, NULL, "print TAP instead of a summary" },
	{ "timeout", 0, "SECONDS", "end a file that takes longer (default: 60)" },
	{ 0 },
};

static const struct option_spec list_options[] = {
	{ "long", 'l', NULL, "also show uid, handle and program" },
	FIVE_SECONDS,
	{ 0 },
};

static const struct option_spec call_options[] = {
	{ "oneway", 0, NULL, "send and do not wait; there is no reply" },
	{ "interface", 0, "DESC", "interface descriptor to send (default: the service is asked)" },
	{ "no-token", 0, NULL, "send no interface header at all" },
	{ "reply", 0, "TYPES", "read these types from the reply, as in i32,str" },
	{ "no-status", 0, NULL, "the reply does not begin with an AIDL status" },
	AIDL_FOLDERS,
	NO_LIMIT,
	{ 0 },
};

static const struct option_spec methods_options[] = {
	{ "long", 'l', NULL, "also show comments" },
	{ "probe", 0, "LAST", "without AIDL: call codes 1 to LAST with nothing in them" },
	{ "yes", 'y', NULL, "probe without asking first" },
	AIDL_FOLDERS,
	FIVE_SECONDS,
	{ 0 },
};

static const struct option_spec complete_options[] = {
	{ "hint", 0, NULL, "say what the last word should be, instead" },
	{ 0 },
};

static const struct option_spec describe_options[] = { AIDL_FOLDERS, { 0 } };

static const struct option_spec patient_options[] = { NO_LIMIT, { 0 } };
static const struct option_spec quick_options[] = { FIVE_SECONDS, { 0 } };

static const struct option_spec decode_options[] = {
	{ "as", 0, "TYPES|METHOD", "what it holds: i32,str or SERVICE.method" },
	{ "request", 0, NULL, "it is a request, which begins with an interface's name" },
	{ "no-status", 0, NULL, "the reply does not begin with a status" },
	AIDL_FOLDERS,
	{ 0 },
};

static const struct option_spec log_options[] = {
	{ "failed", 0, NULL, "only those that failed" },
	FIVE_SECONDS,
	{ 0 },
};

static const struct option_spec monitor_options[] = {
	{ "pid", 0, "PID", "only calls from or to this process" },
	{ "uid", 0, "UID", "only calls from or to processes of this user" },
	{ "match", 0, "PATTERN", "only these targets, as in 'media.*.create*'" },
	{ "failed", 0, NULL, "only calls that failed, or were answered with an exception" },
	{ "slower-than", 0, "MS", "only calls that took at least so many milliseconds" },
	{ "limit-messages", 0, "N", "end after N calls" },
	{ "size", 0, "BYTES", "how much of each payload is read (default: 4096)" },
	AIDL_FOLDERS,
	NO_LIMIT,
	{ 0 },
};

static const struct option_spec aidl_options[] = {
	{ "lang", 0, "LANG", "what to write: c, or aidl for the declarations in one fixed form" },
	{ "check", 0, NULL, "write nothing, only say what is wrong" },
	{ "include", 'I', "DIR", "look here for what is imported; may be given many times" },
	{ "out", 'o', "DIR", "where to write (c: default \".\"; aidl: standard output)" },
	{ 0 },
};

const struct verb verbs[] = {
	{
		.name = "list",
		.arguments = "",
		.summary = "list the registered services",
		.details =
			"Shows each name, the process behind it and the interface that it says it has.\n"
			"All are asked at once; one that does not answer within a second is marked.",
		.example = "binderctl list",
		.options = list_options,
		.patience_ms = 5000,
		.json = true,
		.run = verb_list,
	},
	{
		.name = "call",
		.arguments = "SERVICE METHOD|CODE [ARGUMENT]...",
		.summary = "call a method and show the reply",
		.details =
			"By name, with the AIDL of the service's interface (binderctl methods SERVICE):\n"
			"arguments are plain words, in the method's order or as NAME=VALUE; enums have their\n"
			"names, strings no quotes, an IBinder is the name of a service, a file its path, and\n"
			"null is null.  Structures, arrays, lists and maps are JSON; in it, strings name enums,\n"
			"services and files.  A byte[] may be bytes:HEX or bytes:@FILE.\n"
			"\n"
			"By CODE, a number (1, 0x10) or a reserved one such as _PNG, arguments are TYPE:VALUE,\n"
			"in the order in which the method reads them:\n"
			"  bool:true  byte:-1  char:x  i32:-3  u32:7  i64:-3  u64:7  f32:0.5  f64:0.5\n"
			"  str:TEXT          a string (String16, what AIDL calls String)\n"
			"  str8:TEXT         an 8-bit string\n"
			"  str:@FILE         the text of a file; str:@@TEXT for text that begins with @\n"
			"  binder:SERVICE    the binder registered under a name\n"
			"  fd:PATH           a bare descriptor of a file, opened for reading and writing where\n"
			"                    possible\n"
			"  pfd:PATH          the same as a ParcelFileDescriptor, which is what AIDL sends\n"
			"  bytes:HEX         what AIDL calls byte[]: a count and the bytes; bytes:@FILE\n"
			"  raw:HEX           bytes as they are, padded to a multiple of four; raw:@FILE\n"
			"  i32[]:1,2,3       an array of bool, byte, char, numbers, str or str8; i32[]: is an\n"
			"                    empty one.  In str[] and str8[] write \\, for a comma, \\\\ for a\n"
			"                    backslash and \\e for nothing (str[]:\\e is one empty string)\n"
			"  null              a null binder; null:str a null string; null:i32[] a null array\n"
			"\n"
			"Without --reply the reply is shown as offset, words and text, with what looks like\n"
			"a status, a string, a binder or a descriptor beside it.  With --reply each value is\n"
			"shown with the words that it was read from.",
		.example = "binderctl call compute add 2 3",
		.options = call_options,
		.min_words = 2,
		.max_words = -1,
		.json = true,
		.check = call_check,
		.run = verb_call,
		.complete = complete_call,
	},
	{
		.name = "methods",
		.arguments = "SERVICE|INTERFACE|FILE.aidl",
		.summary = "list the methods of an interface",
		.details =
			"Shows each code and signature, from the AIDL that is found by the service's\n"
			"descriptor in --aidl DIR, $BINDER_AIDL_PATH and the folders binder/aidl of users and\n"
			"packages.  Without AIDL, shows what the service tells of itself: descriptor, version\n"
			"and hash.  --probe LAST then calls codes 1 to LAST with an empty request, and tells\n"
			"which are unknown; the others may do what they do, so it asks first (or --yes).",
		.example = "binderctl methods manager",
		.options = methods_options,
		.patience_ms = 5000,
		.min_words = 1,
		.max_words = 1,
		.json = true,
		.check = methods_check,
		.run = verb_methods,
		.complete = complete_methods,
	},
	{
		.name = "describe",
		.arguments = "TYPE|FILE.aidl",
		.summary = "show the AIDL declaration of a type",
		.details =
			"TYPE is a qualified name, as in com.example.Point or an interface's descriptor.",
		.example = "binderctl describe android.os.IServiceManager",
		.options = describe_options,
		.min_words = 1,
		.max_words = 1,
		.json = true,
		.run = verb_describe,
	},
	{
		.name = "dump",
		.arguments = "SERVICE [ARGUMENT]...",
		.summary = "let a service describe its state",
		.details =
			"The service writes what it likes.  Ends when the service is done, or when the time is\n"
			"over, and then says how much has come.  --timeout stands before SERVICE.",
		.example = "binderctl dump media.player",
		.options = patient_options,
		.min_words = 1,
		.max_words = -1,
		.words_end_options = true,
		.json = true,
		.check = dump_check,
		.run = verb_dump,
		.complete = complete_service,
	},
	{
		.name = "ping",
		.arguments = "SERVICE",
		.summary = "ask whether a service answers",
		.details = "Prints how long the answer took.",
		.example = "binderctl ping media.player",
		.options = quick_options,
		.patience_ms = 5000,
		.min_words = 1,
		.max_words = 1,
		.json = true,
		.run = verb_ping,
		.complete = complete_service,
	},
	{
		.name = "info",
		.arguments = "SERVICE",
		.summary = "show descriptor, process, user and handle of a service",
		.details = "The handle is the one that this call of binderctl was given.",
		.example = "binderctl info media.player",
		.options = quick_options,
		.patience_ms = 5000,
		.min_words = 1,
		.max_words = 1,
		.json = true,
		.run = verb_info,
		.complete = complete_service,
	},
	{
		.name = "wait",
		.arguments = "SERVICE",
		.summary = "wait until a service is registered",
		.details = "Ends at once when the name is there already.",
		.example = "binderctl wait --timeout 5 media.player",
		.options = patient_options,
		.min_words = 1,
		.max_words = 1,
		.json = true,
		.run = verb_wait,
		.complete = complete_service,
	},
	{
		.name = "run",
		.arguments = "SCRIPT.lua [ARGUMENT]...",
		.summary = "run a Lua script with the binder module at hand",
		.details =
			"Lua 5.4 with its standard libraries; require \"binder\" needs nothing installed.\n"
			"The script's arguments are in the table arg.  \"-\" reads it from standard input.",
		.example = "binderctl run scripts/media_player.lua",
		.options = no_options,
		.min_words = 1,
		.max_words = -1,
		.words_end_options = true,
		.words_are_files = true,
		.run = verb_run,
	},
	{
		.name = "aidl",
		.arguments = "FILE.aidl...",
		.summary = "check AIDL files, or make C of them",
		.details =
			"--lang=c writes DIR/com/example/IFoo.h and .c for com.example.IFoo: types, a proxy\n"
			"and a stub for the NDK's API (binder-aidl(7)).  --lang=aidl prints what was read.\n"
			"Without either, and with --check, only errors are shown.  Files that are imported are\n"
			"read, but nothing is written for them.  When anything is wrong, nothing is written.\n"
			"Exit status 1: an error in a file, or it could not be read or written.",
		.example =
			"binderctl aidl --lang=c -I aidl -o generated aidl/com/example/IFoo.aidl",
		.options = aidl_options,
		.min_words = 1,
		.max_words = -1,
		.words_are_files = true,
		.run = verb_aidl,
	},
	{
		.name = "serve",
		.arguments = "SCRIPT.lua [ARGUMENT]...",
		.summary = "run a Lua script and host its services until signalled",
		.details =
			"As run, and then answers calls until TERM, INT or HUP comes, so that the script need\n"
			"not end with binder.loop().  One that returns a table of names and specs has them\n"
			"registered: return { [\"my.echo\"] = { [1] = function(request, reply) ... end } }.",
		.example = "binderctl serve scripts/media_player.lua",
		.options = no_options,
		.min_words = 1,
		.max_words = -1,
		.words_end_options = true,
		.words_are_files = true,
		.run = verb_serve,
	},
	{
		.name = "test",
		.arguments = "FILE|FOLDER...",
		.summary = "run Lua test files and say what passed",
		.details =
			"Each file is run in a process of its own, with require \"binder.test\" at hand; of a\n"
			"folder, all files *_test.lua and test_*.lua in it and below.  What failed is shown with\n"
			"its line and both values.  Exit status 0: there were tests and all passed; else 1.",
		.example = "binderctl test --sandbox tests/",
		.options = test_options,
		.min_words = 1,
		.max_words = -1,
		.words_are_files = true,
		.run = verb_test,
	},
	{
		.name = "up",
		.arguments = "",
		.summary = "start the driver daemon and the service manager for this user",
		.details =
			"Nothing happens when they run already.  They stay in the background; their\n"
			"logs are in $BINDER_DIR, else $XDG_RUNTIME_DIR/binder (root: /run/binder).\n"
			"Where the kernel has Binder, only the service manager is started.",
		.example = "binderctl up",
		.options = no_options,
		.run = verb_up,
	},
	{
		.name = "down",
		.arguments = "",
		.summary = "stop what up has started",
		.details = "Nothing happens when nothing runs.",
		.example = "binderctl down",
		.options = no_options,
		.run = verb_down,
	},
	{
		.name = "sandbox",
		.arguments = "[--] COMMAND [ARGUMENT]...",
		.summary = "run a command in a private Binder world that ends with it",
		.details =
			"Starts a driver daemon and a service manager in a new folder that only this user can\n"
			"enter, sets BINDER_DEVICE and BINDER_DIR for the command, and passes its exit status\n"
			"on (128 + N when signal N ended it, 126 and 127 when it could not be run or found).\n"
			"Everything is stopped and removed afterwards, also what the command left behind.\n"
			"With --preload, unmodified programs find /dev/binder, /dev/hwbinder, /dev/vndbinder and\n"
			"/dev/binderfs there, if they are dynamically linked.",
		.example = "binderctl sandbox -- binderctl list",
		.options = sandbox_options,
		.min_words = 1,
		.max_words = -1,
		.words_end_options = true,
		.run = verb_sandbox,
		.complete = complete_sandbox,
	},
	{
		.name = "doctor",
		.arguments = "",
		.summary = "look whether Binder works here, and say what to do",
		.details =
			"Looks at the kernel, modules, devices, binderfs, permissions, binderd and the service\n"
			"manager; opens the device, asks for its version, maps it and pings handle 0.  Exit\n"
			"status 0: calls work.  Otherwise that of the first thing that keeps them from working:\n"
			"3 no driver, 4 no service manager, 7 something does not answer.",
		.example = "binderctl doctor",
		.options = quick_options,
		.patience_ms = 5000,
		.json = true,
		.run = verb_doctor,
	},
	{
		.name = "state",
		.arguments = "[PID|FILE|-]",
		.summary = "show what the driver knows of every process, or of one",
		.details =
			"Threads, objects (nodes), references, buffers, transactions and what waits to be\n"
			"read, in the words of the kernel's /sys/kernel/debug/binder/state.  binderd shows\n"
			"users their own processes and root all; a kernel, as a rule, shows root alone.\n"
			"A FILE saved elsewhere, or - for standard input, is read instead of a driver.",
		.example = "binderctl state 4711",
		.options = quick_options,
		.patience_ms = 5000,
		.max_words = 1,
		.json = true,
		.run = verb_state,
	},
	{
		.name = "stats",
		.arguments = "[FILE|-]",
		.summary = "count commands, objects and buffers",
		.details = "In total, and for each process; as the kernel's file of this name.",
		.example = "binderctl --json stats",
		.options = quick_options,
		.patience_ms = 5000,
		.max_words = 1,
		.json = true,
		.run = verb_stats,
	},
	{
		.name = "transactions",
		.arguments = "[FILE|-]",
		.summary = "show the calls that are under way, and for how long",
		.details =
			"Who waits for whom: a thread that handles a call has it as \"incoming\", its\n"
			"caller as \"outgoing\", and nobody has read a \"pending\" one yet.",
		.example = "binderctl transactions",
		.options = quick_options,
		.patience_ms = 5000,
		.max_words = 1,
		.json = true,
		.run = verb_transactions,
	},
	{
		.name = "log",
		.arguments = "[FILE|-]",
		.summary = "show the last 32 transactions, or the last that failed",
		.details =
			"Each line ends with what the sender was told (0/0: nothing but good), and where in\n"
			"the driver it was decided; `binderctl explain` takes such a line.",
		.example = "binderctl log --failed",
		.options = log_options,
		.patience_ms = 5000,
		.max_words = 1,
		.json = true,
		.run = verb_log,
	},
	{
		.name = "decode",
		.arguments = "[TEXT|FILE|-]",
		.summary = "show a parcel that was pasted: of `service call`, a dump, base64",
		.details =
			"Takes what Android's `service call` prints (\"Result: Parcel(...)\"), a hexadecimal dump\n"
			"of any tool, plain digits, or base64, and shows it as `call` shows a reply: guessed, or\n"
			"by --as: types as those of call --reply, or SERVICE.METHOD, or INTERFACE.METHOD of\n"
			"AIDL.  Without a word, or with -, standard input is read.",
		.example =
			"binderctl decode --as str 'Result: Parcel(00000000 00000002 00690068 00000000)'",
		.options = decode_options,
		.max_words = 1,
		.patience_ms = 5000,
		.json = true,
		.words_are_files = true,
		.run = verb_decode,
	},
	{
		.name = "monitor",
		.arguments = "[SERVICE]...",
		.summary = "show calls between processes as they happen",
		.details =
			"A line for each call when it is answered: when it was sent, who called, the service\n"
			"and its method, arguments, result and duration; names and values where the AIDL is\n"
			"known, else a guess.  \"~>\" is a one-way call.  A call that has no answer after a\n"
			"second is shown at once, and again when it is answered.  Ends at Ctrl-C or after\n"
			"--timeout, and says how many events were lost because they came too fast.\n"
			"Root sees all calls; others see calls whose both ends are theirs.",
		.example = "binderctl monitor media.player",
		.options = monitor_options,
		.max_words = -1,
		.json = true,
		.run = verb_monitor,
		.complete = complete_service,
	},
	{
		.name = "explain",
		.arguments = "[NUMBER|NAME|LOG LINE...|-]",
		.summary = "say in words what a status, exception, command or line of a log means",
		.details =
			"Takes a number as it stands in a log (-32, 29189, 1599098439), a name (DEAD_OBJECT,\n"
			"EX_SECURITY, BR_FAILED_REPLY, _PNG), or a whole line: of the driver's failed log, of\n"
			"dmesg, of logcat.  A number that means several things is explained as each.\n"
			"Without words it reads standard input, and passes over lines that it does not know:\n"
			"dmesg | binderctl explain",
		.example = "binderctl explain 29201",
		.options = no_options,
		.max_words = -1,
		.words_end_options = true,
		.json = true,
		.run = verb_explain,
		.complete = complete_explain,
	},
	{
		.name = "help",
		.arguments = "[VERB]",
		.summary = "show this help, or that of a verb",
		.details = "",
		.example = "binderctl help call",
		.options = no_options,
		.max_words = 1,
		.run = verb_help,
		.complete = complete_verb,
	},
	{
		.name = "completion",
		.arguments = "bash|zsh|fish",
		.summary = "print a script that makes a shell complete binderctl's words",
		.details = "`make install` puts them where the shells look.  Without that:\n"
			   "  bash  source <(binderctl completion bash)\n"
			   "  zsh   binderctl completion zsh >_binderctl in a folder of $fpath\n"
			   "  fish  binderctl completion fish | source",
		.example = "source <(binderctl completion bash)",
		.options = no_options,
		.min_words = 1,
		.max_words = 1,
		.run = verb_completion,
		.complete = complete_shell,
	},
	{
		.name = "version",
		.arguments = "",
		.summary = "show the version",
		.details = "",
		.example = "binderctl version",
		.options = no_options,
		.json = true,
		.run = verb_version,
	},
	{
		.name = "test-file",
		.arguments = "FILE",
		.summary = "run one file of tests and print TAP",
		.details = "",
		.example = "binderctl test-file my_test.lua",
		.options = no_options,
		.min_words = 1,
		.max_words = 1,
		.hidden = true,
		.run = verb_test_file,
	},
	{
		.name = "complete",
		.arguments = "[--] [WORD]...",
		.summary = "offer what the last word may become, one a line (for shells)",
		.details = "",
		.example = "binderctl complete -- ping med",
		.options = complete_options,
		.max_words = -1,
		.words_end_options = true,
		.hidden = true,
		.run = verb_complete,
	},
	{ 0 },
};

const struct verb *verb_find(const char *name)
{
	for (const struct verb *verb = verbs; verb->name; verb++)
		if (!strcmp(verb->name, name))
			return verb;
	return NULL;
}

const char *verb_name_at(int index)
{
	/* The hidden ones stand at the end of the table. */
	return verbs[index].name && !verbs[index].hidden ? verbs[index].name : NULL;
}
