# The program and its modules.

PKG := $(shell pkg-config --cflags libxml-2.0 pangocairo libcyaml libpq libsodium fontconfig libmicrohttpd 2>/dev/null)
CPPFLAGS += $(PKG)

SQL := sql/schema.sql $(filter-out sql/schema.sql,$(sort $(wildcard sql/*.sql)))
LAW := $(sort $(wildcard law/no/*.yaml))
LETTERS := $(sort $(wildcard letters/*))
HTML := $(sort $(wildcard html/*.html))
PO := $(sort $(wildcard locale/nb/*.po))
HTML_GEN := $(HTML:html/%.html=$(B)/gen/html/%.h)
GEN := $(B)/gen/sql.h $(B)/gen/law_no.h $(B)/gen/letters.h $(HTML_GEN)
BASE := $(sort $(wildcard src/base/*.c))

# Sources of the modules: the only ones that see the libraries few commands need.
XML_SRC := src/format/xml.c src/format/camt.c src/format/ubl.c src/format/pain002.c src/format/xml_module.c
PDF_SRC := src/format/pdf.c src/format/pdf_flow.c src/format/qr.c src/format/letter_pdf.c src/format/statement_pdf.c \
	src/format/letters_module.c
PG_SRC := src/store/postgres.c
WEB_SRC := $(sort $(wildcard src/web/*.c)) src/format/jws.c
NET_SRC := src/net/net.c
MODULE_SRC := $(XML_SRC) $(PDF_SRC) $(PG_SRC) $(NET_SRC) $(WEB_SRC)
WEB_GEN_OBJ := $(HTML:html/%.html=$(B)/obj/gen/html/%.o) $(B)/obj/gen/translations.o $(ASSET_OBJ)

GEN_SRC := $(B)/gen/sql.c $(B)/gen/law_no.c $(B)/gen/letters.c
SRC := $(filter-out $(MODULE_SRC) src/main.c,$(sort $(wildcard src/*/*.c)))
OBJ := $(SRC:src/%.c=$(B)/obj/%.o) $(GEN_SRC:$(B)/gen/%.c=$(B)/obj/gen/%.o)
MODULE_OBJ := $(MODULE_SRC:src/%.c=$(B)/obj/%.o) $(WEB_GEN_OBJ)

LIBS := -lsqlite3 -lcyaml -lyaml -lsodium -ljansson -ldl -lm
XML_LIBS := $(shell pkg-config --libs libxml-2.0 2>/dev/null)
PDF_LIBS := $(shell pkg-config --libs pangocairo pangoft2 fontconfig cairo-pdf 2>/dev/null) -lqrencode
PG_LIBS := -lpq
NET_LIBS := -lcurl
WEB_LIBS := -lmicrohttpd -loath -lsodium -lpthread -lcjose

MODULES := $(B)/kravbok-xml.so $(B)/kravbok-letters.so $(B)/kravbok-postgres.so $(B)/kravbok-net.so $(B)/kravbok-web.so

.SECONDARY: $(HTML:html/%.html=$(B)/gen/html/%.c) $(HTML_GEN)

all: $(B)/kravbok $(MODULES)

$(B)/gen/sqlgen: tools/sqlgen.c $(BASE) $(wildcard src/base/*.h src/store/*.h)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ tools/sqlgen.c $(BASE) -lsqlite3 -ldl

$(B)/gen/sql.c $(B)/gen/sql.h &: $(SQL) $(B)/gen/sqlgen
	@echo "  sql      $(words $(SQL)) files, each query prepared"
	$(Q)$(B)/gen/sqlgen $(B)/gen $(SQL)

LAWGEN_SRC := tools/lawgen.c $(filter-out src/base/module.c,$(BASE)) src/core/law.c src/core/law_check.c $(sort $(wildcard src/format/law_yaml*.c src/format/yaml*.c))
$(B)/gen/lawgen: $(LAWGEN_SRC) src/core/law.h $(wildcard src/format/*yaml*.h)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $(LAWGEN_SRC) -lcyaml -lyaml

$(B)/gen/law_no.c $(B)/gen/law_no.h &: $(LAW) $(B)/gen/lawgen
	@echo "  law      law/no checked"
	$(Q)$(B)/gen/lawgen law/no $(B)/gen/law_no

$(B)/gen/embed: tools/embed.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $<

$(B)/gen/letters.c $(B)/gen/letters.h &: $(LETTERS) $(B)/gen/embed
	@echo "  letters  $(words $(LETTERS)) templates"
	$(Q)$(B)/gen/embed $(B)/gen/letters $(LETTERS)

$(B)/gen/htmlgen: tools/htmlgen.c $(BASE)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ tools/htmlgen.c $(filter-out src/base/module.c,$(BASE)) -lsodium
$(B)/gen/html/%.c $(B)/gen/html/%.h &: html/%.html $(B)/gen/htmlgen
	@mkdir -p $(@D)
	@echo "  html     $<"
	$(Q)$(B)/gen/htmlgen $< $(B)/gen/html

# English sentences to Norwegian ones: one file a noun, all in one catalogue.
$(B)/gen/translations.c $(B)/gen/translations.h &: $(PO) $(B)/gen/embed
	@echo "  locale   $(words $(PO)) files"
	$(Q)msgcat --use-first --force-po -o $(B)/gen/nb.po $(PO) && msgfmt --check-format -o $(B)/gen/nb.mo $(B)/gen/nb.po
	$(Q)$(B)/gen/embed $(B)/gen/translations $(B)/gen/nb.mo

$(B)/obj/gen/%.o: $(B)/gen/%.c $(GEN)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(B)/obj/%.o: src/%.c | $(GEN)
	@mkdir -p $(@D)
	@echo "  cc       $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(B)/kravbok: $(OBJ) $(B)/obj/main.o
	@echo "  link     $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -rdynamic -o $@ $^ $(LIBS)

$(B)/kravbok-xml.so: $(XML_SRC:src/%.c=$(B)/obj/%.o)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -shared -o $@ $^ $(XML_LIBS)
$(B)/kravbok-letters.so: $(PDF_SRC:src/%.c=$(B)/obj/%.o)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -shared -o $@ $^ $(PDF_LIBS)
$(B)/kravbok-postgres.so: $(PG_SRC:src/%.c=$(B)/obj/%.o)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -shared -o $@ $^ $(PG_LIBS)
$(WEB_SRC:src/%.c=$(B)/obj/%.o): | $(B)/gen/translations.h
$(B)/kravbok-web.so: $(WEB_SRC:src/%.c=$(B)/obj/%.o) $(WEB_GEN_OBJ)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -shared -o $@ $^ $(WEB_LIBS)

$(B)/kravbok-net.so: $(NET_SRC:src/%.c=$(B)/obj/%.o)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -shared -o $@ $^ $(NET_LIBS)

-include $(OBJ:.o=.d) $(MODULE_OBJ:.o=.d)
