# Packages, the demo, installation.

# install LIST: installs with apt-get what is missing of it; says nothing when all is there.
define install
	@missing=$$(for p in $(1); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	if [ -n "$$missing" ]; then \
		echo "  install  "$$missing; \
		sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
		$$sudo apt-get -qq update && \
		DEBIAN_FRONTEND=noninteractive $$sudo apt-get -qq install -y --no-install-recommends $$missing >/dev/null || \
		{ echo "could not install: $$missing" >&2; exit 1; }; \
	fi
endef

# npm comes with another Node than Debian's on many machines; Debian's is installed only where there is none.
packages:
	$(call install,$(PACKAGES) $(if $(shell command -v npm),,npm))
test-packages: packages
	$(call install,$(TEST_PACKAGES))

# The demo agency in var/: made once, then shown again in seconds, and served.
run: | packages
	$(Q)$(MAKE) --no-print-directory all
	$(Q)tools/run.sh $(B) var
stop:
	$(Q)[ ! -f var/server.pid ] || kill $$(cat var/server.pid) 2>/dev/null || true
	$(Q)rm -f var/server.pid
.PHONY: stop

install: all $(B)/kravbok.1 $(B)/kravbok.bash
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/kravbok $(DESTDIR)$(PREFIX)/share/man/man1 \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions
	install -m 755 $(B)/kravbok $(DESTDIR)$(PREFIX)/bin/
	install -m 644 $(MODULES) $(DESTDIR)$(PREFIX)/lib/kravbok/
	install -m 644 $(B)/kravbok.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 $(B)/kravbok.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/kravbok

$(B)/kravbok.1: $(B)/kravbok
	$(Q)$(B)/kravbok manual man | scdoc > $@
$(B)/kravbok.bash: $(B)/kravbok
	$(Q)$(B)/kravbok manual completion > $@
