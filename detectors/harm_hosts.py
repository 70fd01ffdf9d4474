"""Hosts by what a link to them shows. To add one, write it into its list, in lower case and without `www.`."""

from __future__ import annotations


def _all(text: str) -> frozenset[str]:
    return frozenset(text.split())


SHORTENERS = _all("""
    bit.ly tinyurl.com t.co goo.gl is.gd v.gd ow.ly buff.ly cutt.ly rb.gy shorturl.at rebrand.ly tiny.cc t.ly s.id
    bl.ink soo.gd shorte.st adf.ly lnkd.in trib.al dlvr.it tr.ee qr.ae urlz.fr u.to clck.ru kutt.it short.gy did.li
    encr.pw
""")
"""They hide where a link leads."""

LINK_PAGES = _all("""
    linktr.ee beacons.ai lnk.bio allmylinks.com bio.link campsite.bio solo.to taplink.cc
""")
"""Pages of links; many honest accounts have one."""

CHATS = {
    "t.me": "Telegram",
    "telegram.me": "Telegram",
    "telegram.dog": "Telegram",
    "wa.me": "WhatsApp",
    "wa.link": "WhatsApp",
    "chat.whatsapp.com": "WhatsApp",
    "api.whatsapp.com": "WhatsApp",
    "whatsapp.com": "WhatsApp",
    "discord.gg": "Discord",
    "discord.com": "Discord",
    "signal.me": "Signal",
    "signal.group": "Signal",
    "line.me": "Line",
    "m.me": "Messenger",
    "viber.me": "Viber",
    "kik.me": "Kik",
}
"""They open a chat with the service that is named."""

INVITATIONS = _all("discord.gg chat.whatsapp.com signal.group")
"""Hosts of chats whose every link is an invitation."""

PAYMENTS = _all("""
    cash.app paypal.me venmo.com revolut.me buymeacoffee.com gofund.me gofundme.com
""")

ADULT = _all("""
    onlyfans.com fansly.com fanvue.com pornhub.com xvideos.com
""")

KNOWN = _all("""
    paypal.com instagram.com facebook.com tiktok.com youtube.com twitter.com telegram.org whatsapp.com discord.com
    google.com apple.com amazon.com microsoft.com netflix.com spotify.com binance.com coinbase.com kraken.com
    metamask.io opensea.io blockchain.com etoro.com revolut.com venmo.com ticketmaster.com steamcommunity.com
    roblox.com tesla.com
""")
"""They are imitated to win trust or take passwords."""

ENDINGS = _all("""
    com net org info biz io co app ly gg me tv xyz site online shop store top live club vip link page dev pro ai cc
    ru cn eu uk us ca de at ch fr es it pt br mx ar nl be pl se win click fun icu bond work life world today finance
    trade cash fund money invest gift promo bet casino network digital group space website
""")
"""Last labels by which words without a scheme are taken for a host."""

ALSO_WORDS = _all("me it de es at be us in to so is no am my la tv")
"""Endings that are words too: such a host needs a path or a scheme, because a full stop may lack its space."""
