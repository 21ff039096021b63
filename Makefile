# SPDX-License-Identifier: MIT
#
# The front door. Meson does the work; see CONTRIBUTING.md.
#
#	make		build/segoff and libsegoff, static and shared
#	make demo	split a shipped capture and look at the result
#	make check	all tests, every judge
#	make bench	the figures, beside the limits of this machine
#	make install	PREFIX=/usr/local, DESTDIR=
#	make oracle	N superpackets more through the kernel: N=100000 SEED=1
#	make fuzz	SECONDS for each target: SECONDS=60
#	make captures	new captures of real traffic (root; namespaces only)

BUILD   ?= build
PREFIX  ?= /usr/local
N       ?= 100000
SECONDS ?= 60
NINJA   := ninja -C $(BUILD)

all: $(BUILD)/build.ninja
	@$(NINJA) --quiet

# Where Debian keeps libraries meson learns from dpkg-dev, which need not be
# there; the compiler knows it too.
$(BUILD)/build.ninja:
	@tools/need build
	@arch=$$($(CC) -print-multiarch 2> /dev/null); \
	[ -n "$$arch" ] && [ -d "/usr/lib/$$arch" ] || arch=; \
	meson setup --prefix=$(PREFIX) $${arch:+--libdir=lib/$$arch} $(BUILD) \
		> $(BUILD).log 2>&1 || { cat $(BUILD).log; exit 1; }
	@mv $(BUILD).log $(BUILD)/setup.log

demo: all
	@tools/demo $(BUILD)/segoff

check:
	@tools/need check
	@tests/run

bench: all
	@tools/need bench
	@meson setup --reconfigure $(BUILD) > $(BUILD)/setup.log
	@$(NINJA) --quiet bench
	@bench/run $(BUILD)

install: all
	@meson configure -Dprefix=$(PREFIX) $(BUILD)
	@meson install -C $(BUILD) $(if $(DESTDIR),--destdir=$(abspath $(DESTDIR)))

oracle: all
	@tools/need check
	@$(NINJA) --quiet oracle
	@tests/oracle/run $(BUILD) $(N) $(SEED)

fuzz:
	@tools/need check
	@tests/fuzz/run $(SECONDS)

captures: all
	@tools/need check
	@examples/captures/make

clean:
	rm -rf $(BUILD) $(BUILD)-*

.PHONY: all demo check bench install oracle fuzz captures clean
