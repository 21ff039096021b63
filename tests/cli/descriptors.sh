# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Started with standard files closed, as some daemons and cron jobs are: no
# message and no report ever ends up in the capture.
use tcp4-syn in
golden_out tcp4-syn > want
head -c 1000 in > broken
head -c 278 in > whole
segoff split --quiet whole want-broken
for closed in '<&-' '>&-' '2>&-' '<&- >&-' '<&- 2>&-' '>&- 2>&-' \
	'<&- >&- 2>&-'; do
	sh -c "segoff split --quiet in out $closed"
	echo "status $? of: segoff split --quiet in out $closed"
	same out want
	rm -f out
	sh -c "segoff split in out $closed" > "$SCRATCH/1" 2>&1
	same out want
	rm -f out
	sh -c "segoff split broken out $closed" > "$SCRATCH/1" 2>&1
	same out want-broken
	rm -f out
done
t_sh 'segoff split in - >&-'
t_sh 'segoff split - out <&-'
t_sh 'segoff explain - <&-'
rm -f whole want-broken
