# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2016 # expanded later
# Where the output goes: the whole new file, or what was there before.
use tcp4-syn in
golden_out tcp4-syn > want
head -c 900 in > broken

# a new file, with the permissions that the umask leaves
t_sh 'umask 027 && segoff split --quiet in new'
stat -c '%a %n' new
same new want
rm new

# a file that was there: replaced, with the permissions it had
echo precious > old
chmod 640 old
t segoff split --quiet in old
stat -c '%a %n' old
same old want

# through symbolic links, which stay
mkdir sub
ln -s sub/target link
t segoff split --quiet in link
readlink link
same sub/target want
ln -s link link2
echo precious > sub/target
t segoff split --quiet in link2
readlink link2
same sub/target want

# what is no place for a file
t segoff split in sub
t segoff split in missing/out
t segoff split in in/out
ln -s loop loop
t segoff split in loop
LONG=$(printf '%0256d' 0)
export LONG
t_sh 'segoff split in "$LONG" 2>&1 | sed "s/00*/ZEROS/"'

# written directly: no file of that name is replaced
t segoff split --quiet in /dev/null
mkfifo fifo
t_sh 'cat fifo > through & segoff split --quiet in fifo; wait'
same through want

# a name that only looks like an option
t segoff split --quiet -- in --out
same ./--out want
rm -rf sub
