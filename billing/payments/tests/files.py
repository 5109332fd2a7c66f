"""Files of banks that tests read."""

from __future__ import annotations


def _rows(*rows: str) -> bytes:
    return "".join(f"{row:<80}\r\n" for row in rows).encode("latin-1")


# The layout and figures of Bankgirot's own example: a payment with name, a deduction, one with
# several references.
BGMAX = _rows(
    "01BGMAX               0120261102173035010331P",
    "050050501055          SEK",
    "20000378351110001738                 000000000000050000210000000000100",
    "25Tack för laddningen",
    "26Åkes Bud & Frakt i Växjö AB",
    "27Storgatan 5                        35231",
    "28Växjö",
    "29005560360793",
    "2100037835111000173                  00000000000001000021000000000011 1",
    "2000037835111234574  133             000000000000030000320000000000120",
    "2200037835111234574                  000000000000000000220000000000120",
    "220003783511133                      000000000000000000220000000000120",
    "15000000000000000000058410000010098232026110200001000000000000070000SEK00000003",
    "7000000002000000010000000200000001",
)

_NTRY = """
<Ntry><NtryRef>1</NtryRef><Amt Ccy="SEK">1250.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-03</Dt></BookgDt><AcctSvcrRef>BATCH-1</AcctSvcrRef>
<NtryDtls><Btch><NbOfTxs>2</NbOfTxs></Btch>
<TxDtls><Refs><AcctSvcrRef>A-1</AcctSvcrRef><EndToEndId>NOTPROVIDED</EndToEndId></Refs>
<Amt Ccy="SEK">500.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<RltdPties><Dbtr><Pty><Nm>Märta Öberg</Nm></Pty></Dbtr>
<DbtrAcct><Id><IBAN>SE3550000000054910000003</IBAN></Id></DbtrAcct></RltdPties>
<RmtInf><Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>1000173</Ref>
</CdtrRefInf></Strd></RmtInf></TxDtls>
<TxDtls><Refs><AcctSvcrRef>A-2</AcctSvcrRef></Refs><Amt Ccy="SEK">750.00</Amt>
<RltdPties><Dbtr><Pty><Nm>Eva Lind</Nm></Pty></Dbtr></RltdPties>
<RmtInf><Ustrd>faktura 2026-000418</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="SEK">500.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><RvslInd>true</RvslInd>
<Sts><Cd>BOOK</Cd></Sts><BookgDt><DtTm>2026-11-04T09:00:00+01:00</DtTm></BookgDt>
<NtryDtls><TxDtls><Refs><AcctSvcrRef>A-1</AcctSvcrRef></Refs><RmtInf><Strd><CdtrRefInf>
<Ref>1000173</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="SEK">99.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>PDNG</Cd></Sts>
<BookgDt><Dt>2026-11-04</Dt></BookgDt></Ntry>
"""
_NTRY_02 = _NTRY.replace("<Cd>BOOK</Cd>", "BOOK").replace("<Pty>", "").replace("</Pty>", "")
_ACCT = "<Acct><Id><Othr><Id>5050-1055</Id></Othr></Id><Ccy>SEK</Ccy></Acct>"

CAMT054 = f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>
<GrpHdr><MsgId>N-20261104-1</MsgId></GrpHdr><Ntfctn><Id>1</Id>{_ACCT}
<TxsSummry><TtlNtries><NbOfNtries>3</NbOfNtries></TtlNtries>
<TtlCdtNtries><NbOfNtries>2</NbOfNtries><Sum>1349.00</Sum></TtlCdtNtries></TxsSummry>
{_NTRY}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>""".encode()


def _balance(code: str, amount: str) -> str:
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="SEK">{amount}</Amt>'
        "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-04</Dt></Dt></Bal>"
    )


CAMT053 = f"""<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
<GrpHdr><MsgId>S-1</MsgId></GrpHdr><Stmt><Id>1</Id>{_ACCT}
{_balance("OPBD", "100.00")}{_balance("CLBD", "850.00")}
{_NTRY_02}
</Stmt></BkToCstmrStmt></Document>""".encode()

SWISH = """Rapport;Swish;;;;;;
Bokföringsdatum;Mottagarnummer;Avsändarnummer;Avsändarnamn;Belopp;Meddelande;Betalreferens;Orderreferens
2026-11-02;123 456 78 90;46701234567;Märta Öberg;1 234,50;1000173;AB12CD;
2026-11-02;123 456 78 90;46707654321;Eva Lind;10,00;"tack; hej";AB12CE;133
2026-11-03;123 456 78 90;46707654321;Eva Lind;-10,00;;AB12CE;133
Summa;;;;1 234,50;;;
""".encode("cp1252")
