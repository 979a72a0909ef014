/* The request that hands an SMS to an HTTP gateway, made from an address with places in braces, such as Kannel's
 *
 *	http://127.0.0.1:13013/cgi-bin/sendsms?username=u&password=p&from={from}&to={to}&charset=UTF-8&coding={coding}
 *		&text={text}&dlr-mask=19&dlr-url={report}
 *
 * A gateway that wants a POST has a second template, the form. Values are percent-encoded wherever they stand. */
#ifndef KRAVBOK_FORMAT_SMS_REQUEST_H
#define KRAVBOK_FORMAT_SMS_REQUEST_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* {to} and {text} must be in one of the two; an unknown place is ERR_INPUT. form: empty for a GET. */
err_t sms_template_check(str address, str form) MUST_CHECK;

struct sms_request {
	str to;     /* "+4790000000" */
	str from;   /* sender id */
	str text;   /* {coding} is 0 when it fits the GSM 7-bit alphabet, else 2 */
	str report; /* where the gateway calls back; may hold the gateway's own places, such as %d */
};
str sms_template_fill(struct arena *arena, str template, const struct sms_request *request);

#endif
