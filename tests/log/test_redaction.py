"""What this process has read as a secret, and what looks like one, is written nowhere."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest

from bot.log import learn, redacted

COOKIE_FILE = "# Netscape HTTP Cookie File\n.tiktok.com\tTRUE\t/\tTRUE\t2147483647\tsessionid\tc0ffee5ecret\n"
KEY = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIMadeUpSecretBytes0123456789abc\n-----END PRIVATE KEY-----\n"

KNOWN = (
    ("hunter2 is it", "535 login refused for hunter2 is it"),
    ('pass"wörd\\1', json.dumps({"said": 'pass"wörd\\1'})),
    ('pass"wörd\\1', repr('pass"wörd\\1')),
    ("p@ss/w rd", "https://user:" + quote("p@ss/w rd", safe="") + "/x"),
    ("hunter2", "AUTH " + base64.b64encode(b"hunter2").decode()),
    ("sessionid=c0ffee5ecret; lang=en", "sent c0ffee5ecret to them"),
    (COOKIE_FILE, "the jar holds c0ffee5ecret"),
    (KEY, "cannot parse MC4CAQAwBQYDK2VwBCIEIMadeUpSecretBytes0123456789abc"),
    ("http://jane:pa55word@proxy.example:3128", "the proxy refused pa55word"),
    ("http://jane:pa55word@proxy.example:3128", "Basic " + base64.b64encode(b"jane:pa55word").decode()),
    ("tgram://123456789:AAtokenAAtoken/98765432", "no chat for bot 123456789 with AAtokenAAtoken"),
    ("https://hooks.example/services/T0000000/B0000000/xoxbVerySecret", "404 for /services/T0000000/xoxbVerySecret"),
    ("json://user:longpassword@localhost/path", "could not reach user:longpassword"),
)
"""A secret as the user saved it, and a line in which a library quotes it or a part."""


@pytest.mark.parametrize(("secret", "line"), KNOWN)
def test_a_secret_that_was_read_is_written_nowhere(secret: str, line: str) -> None:
    learn(secret)
    shown = redacted(line)
    assert "***" in shown
    for part in ("hunter2", "wörd", "w\\u00f6rd", "c0ffee", "MadeUp", "pa55", "AAtoken", "xoxb", "longpass", "p%40ss",
                 "amFuZ", "aHVudG"):  # fmt: skip
        assert part not in shown


LOOKS = (
    ("GET http://bob:s3cr3t@10.0.0.1/x failed", "GET http://***@10.0.0.1/x failed"),
    ("Authorization: Bearer abc.def.ghi", "Authorization: ***"),
    ("headers {'Proxy-Authorization': 'Basic Ym9iOnMzY3IzdA=='}", "headers {'Proxy-Authorization': '***'}"),
    ("Set-Cookie: sid=0123; Path=/", "Set-Cookie: ***"),
    ("https://x.example/?msToken=Zm9v&page=2", "https://x.example/?msToken=***&page=2"),
    ('{"access_token": "eyJhbGciOi", "n": 1}', '{"access_token": "***", "n": 1}'),
    ("password=hunter2, retry", "password=***, retry"),
    ("password = 'hunter2'", "password = '***'"),
    ("login watch with password:hunter2", "login watch with password:***"),
    ("{'api_key': 'abc', 'n': 1}", "{'api_key': '***', 'n': 1}"),
    (KEY, "***\n"),
)
"""A line with something that looks like a secret, and how it is written."""


@pytest.mark.parametrize(("line", "shown"), LOOKS)
def test_what_looks_like_a_secret_is_taken_out(line: str, shown: str) -> None:
    assert redacted(line) == shown


@pytest.mark.parametrize(
    "line",
    [
        "https://www.tiktok.com/@deepjane: ok, 3 new",
        "the variable TIKTOK_COOKIES is not set or empty; export it, or use {file: PATH}",
        "the mail server refused the password of watch@example.org",
        "config.yaml:3: secrets.mail_password: the variable MAIL_PASSWORD is not set or empty; export it",
        "config.yaml:3: secrets.signing_key: is no private key in PEM without a password; make one with: openssl",
        "config.yaml:9: secrets.cookies.tiktok: /etc/cookies.txt is open to others (mode 0644); run: chmod 600",
        "proxy.example answered 407; lang is true",
        "127.0.0.1 could not be asked: connection refused",
        "post 12 (https://www.tiktok.com/@a/video/7) could not be judged",
    ],
)
def test_other_lines_stay_as_they_are(line: str) -> None:
    learn("http://jane:pa55word@proxy.example:3128")
    learn("lang=true; ui=dark; sessionid=c0ffee5ecret")
    learn("json://127.0.0.1:8080/alerts")
    assert redacted(line) == line


def test_a_hostile_line_costs_no_time() -> None:
    for line in ("a://" * 20_000, "token" * 20_000, "cookie: " * 10_000, "-----BEGIN PRIVATE KEY-----" * 2_000):
        assert isinstance(redacted(line[:40_000]), str)
