#!/bin/bash
# SPDX-License-Identifier: MIT
#
# complaints.sh LOG...: what a kernel's log says that no healthy kernel says.
#
# Called by vm.sh with the console and dmesg of a run.  Prints each complaint with
# a few lines of what follows it; nothing, and status 1, when there is none.  A line in which
# KNOWN_COMPLAINT, a regular expression, is found is the kernel's own affair.
signs=(
	'WARNING: '                      # WARN_ON, lockdep, "suspicious RCU usage"
	'BUG: ' 'kernel BUG at'          # and KASAN, sleeping while atomic, list corruption
	'Oops: ' 'Oops:' 'general protection fault' 'Unable to handle kernel'
	'Kernel panic'
	'UBSAN: ' 'KASAN: ' 'KCSAN: ' 'KFENCE: '
	'kmemleak: .* new suspected' 'unreferenced object'
	'INFO: possible ' 'INFO: task .* blocked for' 'inconsistent lock state'
	'rcu: INFO: ' 'soft lockup' 'hard LOCKUP'
	'refcount_t: ' 'list_add corruption' 'list_del corruption' 'Bad page state'
	'VFS: Busy inodes' 'still has .* users' 'Objects remaining in'
	'^init: '                        # our own first process
)
pattern=$(printf '%s\n' "${signs[@]}")
grep -h -a -v -e "${KNOWN_COMPLAINT:-^$}" -- "$@" 2>/dev/null |
	grep -a -A 25 -e "$pattern" | head -n 80
exit "${PIPESTATUS[1]}"
