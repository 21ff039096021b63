# SPDX-License-Identifier: MIT
# bash completion for segoff(1)

_segoff()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local words

	COMPREPLY=()
	if [ "$COMP_CWORD" = 1 ]; then
		words="split merge explain doctor bench send recv --help --version"
	elif [ "$COMP_CWORD" = 2 ] && [[ $prev = doctor || $prev = bench ]]; then
		words="udp --help"
	elif [ "$prev" = = ] && [ "${COMP_WORDS[COMP_CWORD - 2]}" = --checksum ]; then
		words="complete keep rewrite"
	elif [ "$cur" = = ] && [ "$prev" = --checksum ]; then
		cur=
		words="complete keep rewrite"
	elif [ "$prev" = = ] && [ "${COMP_WORDS[COMP_CWORD - 2]}" = --profile ]; then
		words="default linux"
	elif [ "$cur" = = ] && [ "$prev" = --profile ]; then
		cur=
		words="default linux"
	elif [ "$cur" = = ] && [ "$prev" = --vnet-hdr ]; then
		cur=
		words="10 12 20 24"
	elif [ "$prev" = --tunnel ]; then
		words="vxlan= vxlan-gpe= geneve= gue= mpls= fou-ip4= fou-ip6=
			fou-gre="
		compopt -o nospace
	else
		case $cur in
		-*) words=$(_segoff_options "${COMP_WORDS[1]}") ;;
		*) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
		esac
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}

_segoff_options()
{
	case $1 in
	split)
		echo "--mtu --mss --udp-size --tunnel --vnet-hdr --partial
			--checksum= --spread
			--dry-run --json --quiet --help"
		;;
	merge)
		echo "--max-size --udp --timeout --batch --profile= --tunnel
			--vnet-hdr
			--check --dry-run --json --quiet --help"
		;;
	explain)
		echo "--mtu --tunnel --vnet-hdr --merge --limit --json --quiet --help"
		;;
	doctor)
		echo "--no-send --json --help"
		;;
	bench)
		echo "--to --seconds --plot --json --quiet --help"
		;;
	send)
		echo "--size --rate --seconds --count --train --no-gso --raw
			--json --quiet --help"
		;;
	recv)
		echo "--bind --seconds --count --keep --no-gro --json --quiet
			--help"
		;;
	esac
}

complete -o filenames -F _segoff segoff
