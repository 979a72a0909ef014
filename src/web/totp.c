#include "web/totp.h"

#include <liboath/oath.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { SECRET_BYTES = 20, STEP_SECONDS = 30, STEPS_AROUND = 1, CODE_DIGITS = 6 };

str totp_secret_new(struct arena *arena)
{
	char bytes[SECRET_BYTES], *text;
	size_t size;
	randombytes_buf(bytes, sizeof bytes);
	if (oath_base32_encode(bytes, sizeof bytes, &text, &size) != OATH_OK)
		panic("out of memory");
	str secret = str_copy(arena, (str){ text, size });
	free(text);
	return secret;
}

bool totp_holds(struct arena *arena, str secret, str code, int64_t now, int64_t last_step, int64_t *ret_step)
{
	char *key;
	size_t key_size;
	int position = 0;
	if (code.size != CODE_DIGITS || !str_is_digits(code))
		return false;
	if (oath_base32_decode(secret.at, secret.size, &key, &key_size) != OATH_OK)
		return false;
	int found = oath_totp_validate2(key, key_size, (time_t)now, STEP_SECONDS, 0, STEPS_AROUND, &position, str_z(arena, code));
	sodium_memzero(key, key_size);
	free(key);
	*ret_step = now / STEP_SECONDS + position;
	return found >= 0 && *ret_step > last_step;
}

str totp_uri(struct arena *arena, str secret, str issuer, str account)
{
	struct text uri = text_in(arena, 2000);
	text_add_z(&uri, "otpauth://totp/");
	for (size_t i = 0; i < issuer.size + 1 + account.size; i++) {
		unsigned char c = (unsigned char)(i < issuer.size ? issuer.at[i] : i == issuer.size ? ':' :
			account.at[i - issuer.size - 1]);
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr(":.-_@", c))
			text_add_char(&uri, (char)c);
		else
			text_addf(&uri, "%%%02X", c);
	}
	text_addf(&uri, "?secret=%.*s&issuer=", STR_ARG(secret));
	for (size_t i = 0; i < issuer.size; i++)
		text_addf(&uri, "%%%02X", (unsigned char)issuer.at[i]);
	return text_str(&uri);
}
