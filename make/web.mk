# What the pages are made of: style sheet, script, fonts, marks; compiled into ASSET_OBJ (src/base/asset.h).
# The npm packages are fetched once, into NPM_DIR, and again only when a package file changes; the source tree gets none.

ifndef NPM_DIR
NPM_DIR := $(abspath $(B)/npm)
endif
export NPM_DIR # one copy for the builds apart, too: build-asan, build-coverage, …

# npm_ci FROM, TO, OPTIONS: what FROM/package-lock.json names, into TO/node_modules. No install script is run.
define npm_ci
	@mkdir -p $(2)
	@echo "  npm      $(1)"
	$(Q)cp $(1)/package.json $(1)/package-lock.json $(2)/
	$(Q)(cd $(2) && npm ci --ignore-scripts --no-audit --no-fund $(3)) >$(2)/npm.log 2>&1 || \
		{ echo "could not fetch the packages of $(1) with npm: see $(2)/npm.log" >&2; exit 1; }
	@touch $(2)/done
endef

$(NPM_DIR)/assets/done: assets/package.json assets/package-lock.json
	$(call npm_ci,assets,$(@D),--omit=dev)
# Tools of the tests that look at pages; theirs is a Node of version 22 as well, node_modules/.bin/node.
$(NPM_DIR)/browser/done: tests/browser/package.json tests/browser/package-lock.json
	$(call npm_ci,tests/browser,$(@D))

NPM_ASSETS := $(NPM_DIR)/assets/node_modules
FONT_FILES := $(NPM_ASSETS)/@fontsource-variable/inter/files
ASSET_STYLE := $(NPM_ASSETS)/@digdir/designsystemet-css/dist/src/index.css assets/theme/kravbok.css assets/fonts.css assets/app.css
ASSET_OWN := $(filter assets/%,$(ASSET_STYLE)) assets/app.js assets/logo.svg assets/favicon.svg
ASSET_OBJ := $(B)/obj/gen/assets_data.o $(B)/obj/gen/assets.o
empty :=
space := $(empty) $(empty)

$(B)/gen/assets.S $(B)/gen/assets.c &: tools/assetgen.sh $(ASSET_OWN) $(NPM_DIR)/assets/done
	@echo "  assets   style sheet, script, fonts, marks"
	$(Q)tools/assetgen.sh $(B)/gen \
		inter-latin.woff2=$(FONT_FILES)/inter-latin-wght-normal.woff2 \
		inter-latin-ext.woff2=$(FONT_FILES)/inter-latin-ext-wght-normal.woff2 \
		logo.svg=assets/logo.svg favicon.svg=assets/favicon.svg app.js=assets/app.js \
		app.css=$(subst $(space),+,$(ASSET_STYLE))

# The compiler does not list what .incbin reads among its dependencies; assets.S is newer than all of it.
$(B)/obj/gen/assets_data.o: $(B)/gen/assets.S
	@mkdir -p $(@D)
	$(Q)$(CC) -c -o $@ $<
$(B)/obj/gen/assets.o: $(B)/gen/assets.c src/base/asset.h

assets: $(ASSET_OBJ)

# The theme's style sheet, made of its configuration and committed; needed only when the configuration changes.
theme: $(NPM_DIR)/theme/done
	$(Q)cp assets/theme/designsystemet.config.json $(NPM_DIR)/theme/
	$(Q)cd $(NPM_DIR)/theme && npx --no designsystemet tokens create --clean >create.log && \
		npx --no designsystemet tokens build -o css --clean >build.log
	$(Q)cp $(NPM_DIR)/theme/css/kravbok.css assets/theme/kravbok.css
$(NPM_DIR)/theme/done: assets/package.json assets/package-lock.json
	$(call npm_ci,assets,$(@D))

# Pictures of the demo's pages for the README.
pictures: all $(NPM_DIR)/browser/done
	$(Q)$(NPM_DIR)/browser/node_modules/.bin/node tests/browser/pictures.mjs $(B) $(NPM_DIR)/browser docs/pictures

.PHONY: assets theme pictures
