"""Bank messages for tests: camt.053, camt.054 and pain.002, as small as the definitions allow."""

from kravbok_cli import kroner


class Move:
    """A transaction inside an entry. side: CRDT or DBIT."""

    def __init__(self, amount, kid=None, payer=None, name=None, text=None, end_to_end=None, given=None, ref=None):
        self.amount, self.kid, self.payer, self.name, self.text = amount, kid, payer, name, text
        self.end_to_end, self.given, self.ref = end_to_end, given, ref


class Entry:
    """An entry: one sum on the account, with or without the transactions it is made of."""

    def __init__(self, amount, day, moves=(), side="CRDT", reversal=False, ref="", status="BOOK"):
        self.amount, self.day, self.moves, self.side = amount, day, moves, side
        self.reversal, self.ref, self.status = reversal, ref, status


def _move(entry, move):
    other = "Cdtr" if (entry.side == "DBIT") != entry.reversal else "Dbtr"
    refs = ("<AcctSvcrRef>%s</AcctSvcrRef>" % move.ref if move.ref else "") \
        + "<EndToEndId>%s</EndToEndId>" % (move.end_to_end or "NOTPROVIDED")
    parties = ""
    if move.name:
        parties += "<%s><Pty><Nm>%s</Nm></Pty></%s>" % (other, move.name, other)
    if move.payer:
        parties += ("<%sAcct><Id><Othr><Id>%s</Id><SchmeNm><Cd>BBAN</Cd></SchmeNm></Othr></Id></%sAcct>"
                    % (other, move.payer, other))
    about = ""
    if move.kid:
        about = ("<RmtInf><Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>%s</Ref>"
                 "</CdtrRefInf></Strd></RmtInf>" % move.kid)
    elif move.text:
        about = "<RmtInf><Ustrd>%s</Ustrd></RmtInf>" % move.text
    given = "<RltdDts><AccptncDtTm>%sT12:00:00</AccptncDtTm></RltdDts>" % move.given if move.given else ""
    return ("<TxDtls><Refs>%s</Refs><Amt Ccy=\"NOK\">%s</Amt><CdtDbtInd>%s</CdtDbtInd>%s%s%s</TxDtls>" %
            (refs, kroner(move.amount), entry.side, "<RltdPties>%s</RltdPties>" % parties if parties else "", about, given))


def _entry(entry):
    details = "".join(_move(entry, m) for m in entry.moves)
    return ("<Ntry><Amt Ccy=\"NOK\">%s</Amt><CdtDbtInd>%s</CdtDbtInd>%s<Sts><Cd>%s</Cd></Sts>"
            "<BookgDt><Dt>%s</Dt></BookgDt><ValDt><Dt>%s</Dt></ValDt>%s%s</Ntry>" %
            (kroner(entry.amount), entry.side, "<RvslInd>true</RvslInd>" if entry.reversal else "", entry.status,
             entry.day, entry.day, "<AcctSvcrRef>%s</AcctSvcrRef>" % entry.ref if entry.ref else "",
             "<NtryDtls>%s</NtryDtls>" % details if details else ""))


def _balance(code, amount, day):
    return ("<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy=\"NOK\">%s</Amt><CdtDbtInd>%s</CdtDbtInd>"
            "<Dt><Dt>%s</Dt></Dt></Bal>" % (code, kroner(abs(amount)), "CRDT" if amount >= 0 else "DBIT", day))


def _document(message, root, part, account, number, body):
    return ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:%s.001.08\"><%s><GrpHdr><MsgId>M%s</MsgId>"
            "<CreDtTm>2026-01-01T06:00:00</CreDtTm></GrpHdr><%s><Id>%s</Id><CreDtTm>2026-01-01T06:00:00</CreDtTm>"
            "<Acct><Id><Othr><Id>%s</Id><SchmeNm><Cd>BBAN</Cd></SchmeNm></Othr></Id><Ccy>NOK</Ccy></Acct>%s</%s></%s>"
            "</Document>\n" % (message, root, number, part, number, account, body, part, root))


def camt054(account, entries, number=1):
    return _document("camt.054", "BkToCstmrDbtCdtNtfctn", "Ntfctn", account, number, "".join(map(_entry, entries)))


def camt053(account, entries, opening, day, number=1):
    booked = [e for e in entries if e.status == "BOOK"]
    closing = opening + sum(e.amount if e.side == "CRDT" else -e.amount for e in booked)
    body = _balance("OPBD", opening, day) + _balance("CLBD", closing, day) + "".join(map(_entry, entries))
    return _document("camt.053", "BkToCstmrStmt", "Stmt", account, number, body)


def pain002(message_id, rejected=(), group=None):
    orders = "".join("<TxInfAndSts><OrgnlEndToEndId>%s</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd>"
                     "</Rsn></StsRsnInf></TxInfAndSts>" % e for e in rejected)
    batch = "<OrgnlPmtInfAndSts><OrgnlPmtInfId>%s</OrgnlPmtInfId>%s</OrgnlPmtInfAndSts>" % (message_id, orders)
    return ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\"><CstmrPmtStsRpt><GrpHdr><MsgId>S1</MsgId>"
            "<CreDtTm>2026-01-01T06:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>%s</OrgnlMsgId>"
            "<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><GrpSts>%s</GrpSts></OrgnlGrpInfAndSts>%s"
            "</CstmrPmtStsRpt></Document>\n" % (message_id, group or "PART", batch if orders else ""))
