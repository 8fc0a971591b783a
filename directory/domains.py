"""Whether a mail address is one of the administration's: a hint for the office, never a right by itself."""

from collections.abc import Iterable
from urllib.parse import urlsplit

_EVERYBODYS = """
gmail.com googlemail.com outlook.com outlook.de hotmail.com hotmail.de live.com live.de msn.com yahoo.com yahoo.de
ymail.com icloud.com me.com mac.com aol.com aol.de proton.me protonmail.com pm.me mail.com zoho.com tutanota.com
tuta.io fastmail.com yandex.com yandex.ru mail.ru
t-online.de magenta.de gmx.de gmx.net gmx.com gmx.at gmx.ch web.de freenet.de arcor.de vodafone.de vodafonemail.de
online.de 1und1.de posteo.de mailbox.org email.de kabelbw.de unitybox.de o2mail.de
aon.at a1.net chello.at drei.at kabsi.at liwest.at
seznam.cz email.cz post.cz centrum.cz volny.cz atlas.cz tiscali.cz
azet.sk zoznam.sk post.sk centrum.sk pobox.sk
freemail.hu citromail.hu t-online.hu indamail.hu upcmail.hu
siol.net telemach.net amis.net volja.net
net.hr inet.hr vip.hr t-com.hr optinet.hr
bih.net.ba tel.net.ba
eunet.rs sbb.rs ptt.rs mts.rs t-com.me
yahoo.ro rdslink.ro romtelecom.net
abv.bg mail.bg dir.bg gbg.bg
ukr.net i.ua meta.ua bigmir.net online.ua
facebook.com instagram.com wordpress.com blogspot.com google.com wixsite.com jimdosite.com jimdofree.com
"""
GENERIC = frozenset(_EVERYBODYS.split())
"""Anybody gets an address there; a town that uses one is checked by hand like everybody else."""
FEWEST_LETTERS = 4
"""Shorter than a.de: a whole country, not a town."""


def domain_of(address: str) -> str:
    """What stands behind the @, in the form names are looked up: lower case, xn-- where it has other letters."""
    return _plain(address.rpartition("@")[2])


def domain_as_typed(typed: str) -> str:
    """What the office means by "@ulm.de", "www.ulm.de" or "https://www.ulm.de/kontakt"; empty for nonsense."""
    typed = typed.strip()
    if "://" not in typed:
        return _without_www(domain_of(typed.partition("/")[0]))
    try:
        return _without_www(_plain(urlsplit(typed).hostname or ""))
    except ValueError:
        return ""


def official_domains(known: Iterable[str], website: str) -> frozenset[str]:
    """The domains the office knows, and the host of the town's website. Never those of everybody's mailboxes."""
    candidates = {domain_as_typed(domain) for domain in (*known, website)}
    return frozenset(domain for domain in candidates if _is_one_owners(domain))


def is_official(address: str, official: Iterable[str]) -> bool:
    """The same domain, or one below it: amt.ulm.de belongs to whom ulm.de belongs. Never one above it."""
    domain = domain_of(address)
    return any(domain == known or domain.endswith(f".{known}") for known in official)


def _is_one_owners(domain: str) -> bool:
    """A domain that has one owner: with a dot inside, and no provider's."""
    return "." in domain.strip(".") and len(domain) >= FEWEST_LETTERS and domain not in GENERIC


def _without_www(host: str) -> str:
    return host.removeprefix("www.")


def _plain(host: str) -> str:
    host = host.strip().rstrip(".").lower()
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
