"""One request: to nowhere else, not too long, not too much, and nobody reads over our shoulder."""

from __future__ import annotations

import multiprocessing
import subprocess
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.channels.connections import authorities, is_public
from hospital_followup.channels.deadline import Deadlines
from hospital_followup.channels.outgoing import LostError, NotSentError, exchange, forbidden
from tests.providers import stubs
from tests.providers.services.gateway import GatewayService
from tests.providers.services.push import PushService
from tests.providers.stubs import HASTY, PATIENT, SOON_OVER, Stub, running

STRICT = replace(PATIENT, allow_private=False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
	"""A certificate that nobody has signed but itself."""
	folder = tmp_path_factory.mktemp("tls")
	key, signed = folder / "key.pem", folder / "signed.pem"
	command = [
		"openssl",
		"req",
		"-x509",
		"-newkey",
		"rsa:2048",
		"-nodes",
		"-subj",
		"/CN=127.0.0.1",
		"-addext",
		"subjectAltName=IP:127.0.0.1",
		"-days",
		"2",
	]
	subprocess.run([*command, "-keyout", str(key), "-out", str(signed)], check=True, capture_output=True)
	return str(signed), str(key)


@pytest.fixture
def open_stub() -> Stub:
	with running(PushService()) as started:
		yield started


def test_a_certificate_that_nobody_vouches_for_stops_the_message(certificate: tuple[str, str]) -> None:
	with running(PushService(), certificate) as stub:
		result = stub.provider().send(stub.service.message())
	assert (result.state, result.code) == ("retry", "tls_failed")
	assert stub.seen == []


def test_an_authority_of_the_hospitals_own_machine_is_trusted(
	certificate: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setenv("SSL_CERT_FILE", certificate[0])
	authorities.cache_clear()
	try:
		with running(PushService(), certificate) as stub:
			assert stub.provider().send(stub.service.message()).state == "accepted"
			named = stub.url.replace("127.0.0.1", "localhost")
			result = stub.service.provider(named, PATIENT).send(stub.service.message())
			assert (result.state, result.code) == ("retry", "tls_failed")
	finally:
		authorities.cache_clear()


def test_a_server_without_tls_behind_https_gets_nothing(open_stub: Stub) -> None:
	url = open_stub.url.replace("http:", "https:")
	with pytest.raises(NotSentError, match="tls_failed"):
		exchange("POST", f"{url}/push", body=b"canary", limits=PATIENT)
	assert open_stub.seen == []


def test_a_handshake_that_never_ends_is_cut_off() -> None:
	import socket

	with socket.create_server(("127.0.0.1", 0)) as line, pytest.raises(NotSentError):
		exchange("GET", f"https://127.0.0.1:{line.getsockname()[1]}/", limits=HASTY)


PUBLIC = [
	"8.8.8.8",
	"2001:4860:4860::8888",
	"1.1.1.1",
	"::ffff:8.8.8.8",
	"64:ff9b::808:808",
	"2002:808:808::",
]
PRIVATE = [
	"127.0.0.1",
	"10.1.2.3",
	"172.16.0.1",
	"192.168.1.1",
	"169.254.169.254",
	"100.64.0.1",
	"0.0.0.0",
	"255.255.255.255",
	"224.0.0.1",
	"::1",
	"::",
	"fe80::1",
	"fe80::1%eth0",
	"fc00::1",
	"ff02::1",
	"::ffff:127.0.0.1",
	"64:ff9b::7f00:1",
	"64:ff9b::a00:1",
	"2002:7f00:1::",
	"192.0.2.1",
	"198.18.0.1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_internet(address: str) -> None:
	assert is_public(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_of_the_house(address: str) -> None:
	assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_wrapping_an_address_changes_nothing(address: object) -> None:
	assert is_public(f"::ffff:{address}") == is_public(str(address))


@pytest.mark.parametrize("host", ["127.1", "0x7f000001", "2130706433", "localhost", "[::ffff:127.0.0.1]"])
def test_other_spellings_of_the_house_do_not_help(host: str) -> None:
	with pytest.raises(NotSentError) as told:
		exchange("GET", f"https://{host}:9/", limits=STRICT)
	assert told.value.code in ("private_address", "unknown_host")


@pytest.mark.parametrize("address", ["8.8.8.8", "64:ff9b::808:808"])
def test_nothing_goes_over_the_internet_in_plain_text(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
	import socket

	family = socket.AF_INET6 if ":" in address else socket.AF_INET
	found = [(family, socket.SOCK_STREAM, 6, "", (address, 9))]
	monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: found)
	with pytest.raises(NotSentError, match="endpoint_not_https"):
		exchange("POST", "http://gateway.example:9/", body=b"canary", limits=PATIENT)


@pytest.mark.parametrize(
	"url",
	[
		"",
		"example.org",
		"ftp://example.org/",
		"file:///etc/passwd",
		"https://",
		"https://user:secret@example.org/",
		"https://example.org:port/",
		"https://[::1/",
		"gopher://example.org",
	],
)
def test_what_is_no_address_of_a_service(url: str) -> None:
	assert forbidden(url, PATIENT) == "bad_url"
	with pytest.raises(NotSentError, match="bad_url"):
		exchange("GET", url, limits=PATIENT)


@given(st.text())
def test_any_text_as_an_address_is_judged_without_an_accident(url: str) -> None:
	assert forbidden(url, STRICT) in ("bad_url", "endpoint_not_https", None)


def test_surroundings_do_not_redirect_or_sign_in(
	open_stub: Stub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
	with running(GatewayService()) as proxy:
		for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
			monkeypatch.setenv(name, proxy.url)
		netrc = tmp_path / "netrc"
		netrc.write_text("machine 127.0.0.1 login user password leaked\n")
		monkeypatch.setenv("NETRC", str(netrc))
		open_stub.provider().send(open_stub.service.message())
		assert proxy.seen == []
	assert "authorization" not in open_stub.messages[0].headers


def test_a_cookie_is_not_brought_back(open_stub: Stub) -> None:
	open_stub.mood = stubs.says(500, b"", Set_Cookie="a=b; Path=/")
	for _again in range(2):
		open_stub.provider().send(open_stub.service.message())
	assert [seen for seen in open_stub.messages if "cookie" in seen.headers] == []


def test_no_connection_is_kept_even_if_the_service_would(open_stub: Stub) -> None:
	"""A kept line may break while we write: it would look as if the message had gone with it."""
	ports = []

	def mood(handler: stubs.Handler, act: object) -> None:
		ports.append(handler.client_address[1])
		handler.say(replace(act(), headers={"Connection": "keep-alive"}))

	open_stub.mood = mood
	for _again in range(3):
		assert open_stub.provider().send(open_stub.service.message()).state == "accepted"
	assert len(set(ports)) == 3


def test_many_at_once_do_not_mix_their_answers(open_stub: Stub) -> None:
	from concurrent.futures import ThreadPoolExecutor

	provider = open_stub.provider()
	references = [f"{number:064d}" for number in range(60)]
	with ThreadPoolExecutor(8) as pool:
		states = list(pool.map(lambda r: provider.send(open_stub.service.message(r)).state, references))
	assert set(states) == {"accepted"}
	assert open_stub.service.accepted == dict.fromkeys(references, 1)


def test_a_slow_one_is_cut_off_alone() -> None:
	"""The clock of one exchange must not end another."""
	from concurrent.futures import ThreadPoolExecutor

	with running(PushService()) as slow, running(PushService()) as quick:
		slow.mood = stubs.drips_body
		with ThreadPoolExecutor(2) as pool:
			late = pool.submit(slow.provider(SOON_OVER).send, slow.service.message())
			states = [quick.provider().send(quick.service.message()).state for _again in range(20)]
			assert late.result().code == "total_timeout"
	assert set(states) == {"accepted"}


def test_deadlines_come_in_their_order_and_not_before() -> None:
	deadlines, called, done = Deadlines(), [], threading.Event()
	began = time.monotonic()
	deadlines.after(0.3, lambda: (called.append(("last", time.monotonic())), done.set()))
	deadlines.after(0.1, lambda: called.append(("first", time.monotonic())))
	assert done.wait(30)
	assert [name for name, _moment in called] == ["first", "last"]
	assert called[0][1] - began >= 0.1 and called[1][1] - began >= 0.3


def test_a_forked_worker_watches_its_own_exchanges(open_stub: Stub) -> None:
	"""Frappe's workers fork for every job; a thread does not come along."""
	provider = open_stub.provider(SOON_OVER)
	assert provider.send(open_stub.service.message()).state == "accepted"
	open_stub.mood = stubs.drips_body
	context = multiprocessing.get_context("fork")
	answers = context.Queue()
	child = context.Process(target=lambda: answers.put(provider.send(open_stub.service.message()).code))
	child.start()
	assert answers.get(timeout=60) == "total_timeout"
	child.join()


def test_an_answer_of_exactly_the_largest_size_is_read(open_stub: Stub) -> None:
	body = b'{"accepted": true}'.ljust(PATIENT.largest_answer)
	open_stub.mood = stubs.takes_and_says(200, body)
	assert open_stub.provider().send(open_stub.service.message()).state == "accepted"


def test_an_answer_in_pieces_without_an_end(open_stub: Stub) -> None:
	def mood(handler: stubs.Handler, act: object) -> None:
		act()
		handler.wfile.write(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"acc\r\n')
		handler.close_connection = True

	open_stub.mood = mood
	with pytest.raises(LostError):
		exchange("POST", f"{open_stub.url}/push", body=b"{}", limits=PATIENT)


def test_a_header_with_a_line_break_is_not_sent(open_stub: Stub) -> None:
	with pytest.raises(NotSentError):
		exchange("GET", open_stub.url, headers={"X-Key": "a\r\nX-Other: b"}, limits=PATIENT)
	assert open_stub.seen == []
