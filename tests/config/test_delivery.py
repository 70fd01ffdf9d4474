"""The options of delivery: servers, addresses, secrets, and what must stand together."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ConfigError
from tests.config.conftest import Faults, Load

MAIL = "mail: {server: smtp.example.org, sender: a@example.org, to: [b@example.org]"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("mail: {server: 'https://a.example'}", 'mail.server: "https://a.example" is no name of a server'),
        ("mail: {server: 'a.example:587'}", 'mail.server: "a.example:587" is no name of a server'),
        ("mail: {sender: jane}", 'mail.sender: "jane" is no mail address'),
        ("mail: {sender: 'Jane <jane@example.org>'}", 'mail.sender: "Jane <jane@example.org>" is no mail address'),
        ("mail: {to: ['a@b\\nBcc: c@d']}", 'mail.to[0]: "a@b\\nBcc: c@d" is no mail address'),
        ('mail: {to: ["a@b\\nBcc: c@d"]}', "mail.to[0]: "),
        ("mail: {to: [a@]}", 'mail.to[0]: "a@" is no mail address'),
        ("mail: {to: ['@']}", 'mail.to[0]: "@" is no mail address'),
        ("mail: {security: ssl}", 'mail.security: "ssl" is none of starttls, tls, none'),
        ("mail: {port: 0}", "mail.port: must be 1 to 65_535, not 0"),
        ("mail: {size: 1 kB}", "mail.size: must be 200 kB to 50 MB, not 1 kB"),
        ("mail: {server: smtp.example.org}", "mail.server: needs mail.sender and mail.to, too"),
        (f"{MAIL}, user: a}}", "mail.user: has no password; write under secrets: mail_password: {file: PATH}"),
        ("secrets: {mail_password: {env: A}}", "secrets.mail_password: belongs to mail.user"),
        ("secrets: {mail_password: hunter2}", "secrets.mail_password: must say where to read the secret"),
        ("secrets: {apprise: {'tgram://hunter2': {env: A}}}", "secrets.apprise: needs a short name of yours"),
        ("deliver: {immediate: all}", 'deliver.immediate: "all" is none of none, urgent, high'),
        ("deliver: {address: example.org}", 'deliver.address: "example.org" is no address of a folder'),
        ("deliver: {quiet: 2 days}", "deliver.quiet: must be 0 s to 1 day, not 2 days"),
    ],
)  # fmt: skip
def test_faults_name_the_place_and_the_remedy(faults: Faults, text: str, says: str) -> None:
    (line,) = faults(text)
    assert line.startswith(f"config.yaml:1: {says}")
    assert "hunter2" not in line


def test_a_password_does_not_travel_readable(faults: Faults, configured: Load) -> None:
    rest = ", user: a, security: none}\nsecrets: {mail_password: {env: A}}"
    assert faults(MAIL + rest) == [
        "config.yaml:1: mail.security: is none, so the password would travel readable; write starttls or tls"
    ]
    for here in ("localhost", "127.0.0.1", "::1"):
        text = MAIL.replace("smtp.example.org", f"'{here}'") + rest
        assert configured(text).mail.security == "none"


@pytest.mark.parametrize(
    ("security", "port"),
    [("security: starttls", 587), ("security: tls", 465), ("security: none", 25), ("port: 2525", 2525)],
)
def test_the_usual_port_is_that_of_the_security(configured: Load, security: str, port: int) -> None:
    assert configured(f"{MAIL}, {security}}}").mail.port_used == port


def test_a_secret_is_read_when_it_is_needed_and_without_its_line_break(
    configured: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "password.txt"
    file.write_text("hunter2 \n")
    file.chmod(0o600)
    config = configured(
        f"{MAIL}, user: a}}\nsecrets:\n  mail_password: {{file: password.txt}}\n  apprise: {{phone: {{env: PHONE}}}}"
    )
    assert config.secret("mail_password") == "hunter2 "
    monkeypatch.delenv("PHONE", raising=False)
    with pytest.raises(ConfigError, match=r"config\.yaml:4: secrets\.apprise\.phone: the variable PHONE is not set"):
        config.secret("apprise", "phone")
    monkeypatch.setenv("PHONE", "json://localhost")
    assert config.secret("apprise", "phone") == "json://localhost"


def test_a_folder_on_the_web_ends_with_a_slash(configured: Load) -> None:
    assert configured("deliver: {address: 'https://example.org/d'}").deliver.address == "https://example.org/d/"
