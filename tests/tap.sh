# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# tap.sh - TAP from shell scripts
#
#	test_begin NAME; COMMANDS that call test_fail WHY on failure; test_end

test_count=0
test_failed=0

test_begin() {
	test_name=$1
	test_bad=
	test_count=$((test_count + 1))
}

test_fail() {
	test_bad=1
	printf '%s\n' "$*" | sed 's/^/# /'
}

test_end() {
	if [ -n "$test_bad" ]; then
		test_failed=$((test_failed + 1))
		echo "not ok $test_count - $test_name"
	else
		echo "ok $test_count - $test_name"
	fi
}

test_skip() { # WHY
	echo "ok $test_count - $test_name # SKIP $1"
}

# All in a file that says no: nothing else can run.
test_skip_all() { # WHY
	echo "1..0 # SKIP $1"
	exit 0
}

test_plan() {
	echo "1..$test_count"
	[ "$test_failed" = 0 ]
}

# same WHAT GOT WANT: two texts
test_same() {
	[ "$2" = "$3" ] || test_fail "$1: got '$2', want '$3'"
}
