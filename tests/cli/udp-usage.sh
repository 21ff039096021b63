# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# UDP: help, and command lines that make no sense.
t segoff doctor --help
t segoff bench --help
t segoff doctor udp --help
t segoff bench udp --help
t segoff send --help
t segoff recv --help

t segoff doctor
t segoff doctor tcp
t segoff bench
t segoff doctor udp
t segoff doctor udp 127.0.0.1
t segoff doctor udp 127.0.0.1:
t segoff doctor udp 127.0.0.1:0
t segoff doctor udp 127.0.0.1:65536
t segoff doctor udp :9
t segoff doctor udp ::1:9
t segoff doctor udp '[]:9'
t segoff doctor udp 127.0.0.1:9 127.0.0.1:9
t segoff bench udp 127.0.0.1:9
t segoff bench udp --seconds 0
t segoff bench udp --to 127.0.0.1

t segoff send
t segoff send --size 23 127.0.0.1:9
t segoff send --size 24 127.0.0.1:9 -
t segoff send --size 65528 127.0.0.1:9
t segoff send --train 129 127.0.0.1:9
t segoff send --rate 10X 127.0.0.1:9
t segoff send --rate M 127.0.0.1:9
t segoff send --rate 10MM 127.0.0.1:9
t segoff send 127.0.0.1:9 file
t segoff recv
t segoff recv 0
t segoff recv 65536
t segoff recv 9000 file
t segoff recv --bind 192.0.2.1 9000

# No such name: the label is too long for one. Resolvers word it differently.
long=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.invalid
for command in "recv --bind $long 9000" "send $long:9" "doctor udp $long:9"; do
	t_sh "segoff $command 2> why; echo \"status \$?\"; cut -d: -f1,2 why"
done
rm why
