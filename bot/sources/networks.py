"""Which addresses are not of the public Internet: an explicit list, because library flags differ by version.

Sources: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890 and its updates), RFC 5771
(multicast), RFC 7526 (192.88.99.0/24 withdrawn), RFC 9637 (3fff::/20).
"""

from __future__ import annotations

import ipaddress

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_V4 = tuple(
    (ipaddress.IPv4Network(network), why)
    for network, why in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private use"),
        ("100.64.0.0/10", "shared by carriers"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "a cloud's own service address"),
        ("169.254.0.0/16", "link-local, where clouds keep their metadata"),
        ("172.16.0.0/12", "private use"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "AS112 service"),
        ("192.52.193.0/24", "automatic multicast tunnelling"),
        ("192.88.99.0/24", "6to4 relays, withdrawn"),
        ("192.168.0.0/16", "private use"),
        ("192.175.48.0/24", "AS112 service"),
        ("198.18.0.0/15", "benchmarks"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)

_V6_GLOBAL = ipaddress.IPv6Network("2000::/3")
"""The only block from which public unicast addresses are given out; all else is refused as a whole."""

_V6 = tuple(
    (ipaddress.IPv6Network(network), why)
    for network, why in (
        ("2001::/32", "Teredo, which wraps an IPv4 address"),
        ("2001::/23", "protocol assignments"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4, which wraps an IPv4 address"),
        ("2620:4f:8000::/48", "AS112 service"),
        ("3fff::/20", "documentation"),
    )
)

_V6_OUTSIDE = tuple(
    (ipaddress.IPv6Network(network), why)
    for network, why in (
        ("::1/128", "loopback"),
        ("64:ff9b::/96", "NAT64, which wraps an IPv4 address"),
        ("64:ff9b:1::/48", "NAT64, which wraps an IPv4 address"),
        ("fc00::/7", "private use"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
"""Reasons for the message only: whatever is outside :data:`_V6_GLOBAL` is refused in any case."""


def why_not_public(address: IPAddress) -> str | None:
    """Say why this address is not of the public Internet, or None where it is.

    An IPv4-mapped IPv6 address is judged by the address inside it; other wrappings are refused.
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped
        if inner is not None:
            return why_not_public(inner)
        if address not in _V6_GLOBAL:
            return next((why for network, why in _V6_OUTSIDE if address in network), "not global unicast")
        return next((why for network, why in _V6 if address in network), None)
    return next((why for network, why in _V4 if address in network), None)


__all__ = ["IPAddress", "why_not_public"]
