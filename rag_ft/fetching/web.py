"""HTTP GET that trusts nobody: named hosts, public addresses, limits of size and time."""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

from rag_ft.errors import FetchError

USER_AGENT = "ragft/0.1 (fetches named regulatory documents, one at a time)"

_REDIRECTS = (301, 302, 303, 307, 308)
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one download may take; `delay` is the pause between requests to one host."""

    bytes: int = 64 * 1024 * 1024
    seconds: float = 600.0
    silence: float = 30.0
    delay: float = 1.0
    redirects: int = 5
    attempts: int = 3


class TransientError(FetchError):
    """A failure that may be gone at the next attempt; `after` is how long the server asks to wait."""

    def __init__(self, message: str, after: float = 0.0) -> None:
        super().__init__(message)
        self.after = after


class Response:
    """An answer whose body is yet to be read."""

    def __init__(self, url: str, answer: http.client.HTTPResponse, deadline: float) -> None:
        self.url = url
        self.status = answer.status
        self._answer = answer
        self._deadline = deadline

    def header(self, name: str) -> str | None:
        """Return a header, None where it was not sent."""
        return self._answer.getheader(name)

    def chunks(self, most: int) -> Iterator[bytes]:
        """Yield the body as it arrives.

        Raises:
            FetchError: it is larger than `most` bytes.
            TransientError: it ends before its announced length, or stops coming.
        """
        announced = self._answer.length
        received = 0
        while chunk := self._next():
            if time.monotonic() >= self._deadline:
                break
            received += len(chunk)
            if received > most:
                raise FetchError(
                    f"{self.url} sends more than {most / 1e6:,.1f} MB: raise --max-mb if it should"
                )
            yield chunk
        if time.monotonic() >= self._deadline:
            raise _failure(self.url, TimeoutError(), self._deadline)  # to be cut off looks like the end
        if announced is not None and received < announced:
            raise TransientError(f"{self.url} broke off after {received} of {announced} bytes")

    def _next(self) -> bytes:
        try:
            # read1 returns what has arrived, so that the time limit is felt on a slow server.
            return self._answer.read1(_CHUNK)
        except (OSError, http.client.HTTPException) as error:
            raise _failure(self.url, error, self._deadline) from error


class Web:
    """GETs https addresses on named hosts.

    Args:
        hosts: the only hosts that are asked, by name; a redirect elsewhere is refused.
        limits: what one request may take.
        allow_loopback: also this machine, and there without TLS; for tests.
    """

    def __init__(self, hosts: Iterable[str], limits: Limits, *, allow_loopback: bool = False) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)
        self._limits = limits
        self._allow_loopback = allow_loopback
        self._context = ssl.create_default_context()
        self._last_request: dict[str, float] = {}

    @contextmanager
    def get(
        self, url: str, headers: Mapping[str, str] | None = None, *, delay: float | None = None
    ) -> Iterator[Response]:
        """Ask for an address, following redirects within the named hosts.

        Args:
            url: the address.
            headers: more headers, such as those of a conditional request.
            delay: seconds between two requests to one host; the limits' own by default.

        Raises:
            FetchError: the address or a redirect is refused, or all of it takes too long.
            TransientError: the server cannot be reached or falls silent.
        """
        deadline = time.monotonic() + self._limits.seconds
        for _ in range(self._limits.redirects + 1):
            parts = self._checked(url)
            self._pause(parts.netloc, self._limits.delay if delay is None else delay)
            connection = self._connection(parts)
            alarm = _Alarm(deadline)
            try:
                answer = self._ask(connection, alarm, url, headers or {}, deadline)
                if answer.status not in _REDIRECTS:
                    yield Response(url, answer, deadline)
                    return
                location = answer.getheader("Location")
                if not location:
                    raise FetchError(f"{url} redirects to nowhere")
                url = urljoin(url, location)
            finally:
                alarm.cancel()
                connection.close()
        raise FetchError(f"{url}: more than {self._limits.redirects} redirects")

    def _ask(
        self,
        connection: http.client.HTTPConnection,
        alarm: "_Alarm",
        url: str,
        headers: Mapping[str, str],
        deadline: float,
    ) -> http.client.HTTPResponse:
        parts = urlsplit(url)
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        own = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
        try:
            connection.connect()
            alarm.watch(connection.sock)
            connection.request("GET", target, headers={**own, **headers})
            return connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            raise _failure(url, error, deadline) from error

    def _checked(self, url: str) -> SplitResult:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        if host not in self._hosts:
            raise FetchError(f"{url}: {host or 'no host'} is not among the hosts of the list: not fetched")
        if parts.scheme != "https" and not (self._allow_loopback and _is_loopback(host)):
            raise FetchError(f"{url} is not https: not fetched")
        return parts

    def _pause(self, host: str, delay: float) -> None:
        last = self._last_request.get(host)
        if last is not None:
            time.sleep(max(0.0, last + delay - time.monotonic()))
        self._last_request[host] = time.monotonic()

    def _connection(self, parts: SplitResult) -> http.client.HTTPConnection:
        host, timeout = parts.hostname or "", min(self._limits.silence, self._limits.seconds)
        if parts.scheme != "https":
            return _PublicHTTP(host, parts.port or 80, timeout, allow_loopback=True)
        port = parts.port or 443
        proxy = getproxies().get("https")
        if proxy and not proxy_bypass(host):
            return _through_proxy(proxy, host, port, timeout, self._context)
        return _PublicHTTPS(host, port, timeout, self._context, allow_loopback=self._allow_loopback)


class _PublicHTTP(http.client.HTTPConnection):
    """Connects to public addresses only, whatever the name resolves to at that moment."""

    def __init__(self, host: str, port: int, timeout: float, *, allow_loopback: bool) -> None:
        super().__init__(host, port, timeout=timeout)
        self._allow_loopback = allow_loopback

    def connect(self) -> None:
        self.sock = _public_socket(self.host, self.port, self.timeout, allow_loopback=self._allow_loopback)


class _PublicHTTPS(_PublicHTTP):
    def __init__(
        self, host: str, port: int, timeout: float, context: ssl.SSLContext, *, allow_loopback: bool
    ) -> None:
        super().__init__(host, port, timeout, allow_loopback=allow_loopback)
        self._tls = context

    def connect(self) -> None:
        super().connect()
        self.sock = self._tls.wrap_socket(self.sock, server_hostname=self.host)


def _through_proxy(
    proxy: str, host: str, port: int, timeout: float, context: ssl.SSLContext
) -> http.client.HTTPSConnection:
    """Tunnel through the proxy that the user's environment names; it resolves the host itself."""
    parts = urlsplit(proxy if "//" in proxy else f"//{proxy}")
    connection = http.client.HTTPSConnection(
        parts.hostname or "", parts.port or 3128, timeout=timeout, context=context
    )
    headers = {}
    if parts.username:
        secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
        headers["Proxy-Authorization"] = f"Basic {b64encode(secret).decode()}"
    connection.set_tunnel(host, port, headers)
    return connection


def _public_socket(host: str, port: int, timeout: float | None, *, allow_loopback: bool) -> socket.socket:
    """Connect to the first address of a host that is public.

    Raises:
        FetchError: the host has private addresses only.
        OSError: none of them answers.
    """
    failure: Exception = FetchError(f"{host} has no public address: not fetched")
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        if not (is_public(str(address[0])) or (allow_loopback and _is_loopback(str(address[0])))):
            continue
        candidate = socket.socket(family, kind, protocol)
        try:
            candidate.settimeout(timeout)
            candidate.connect(address)
        except OSError as error:
            candidate.close()
            failure = error
            continue
        return candidate
    raise failure


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet; one inside another is looked into."""
    found = ipaddress.ip_address(address.split("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or _nat64(found)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast


def _nat64(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address within 64:ff9b::/96 (RFC 6052)."""
    inside = address in ipaddress.ip_network("64:ff9b::/96")
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if inside else None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _failure(url: str, error: Exception, deadline: float) -> FetchError:
    if time.monotonic() >= deadline:
        return FetchError(f"{url} took too long: give it --seconds more, or fetch it by hand")
    return TransientError(f"{url} cannot be read: {str(error) or type(error).__name__}")


class _Alarm:
    """Ends a connection at a deadline: who drips one byte a second never lets a read time out."""

    def __init__(self, deadline: float) -> None:
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(max(deadline - time.monotonic(), 0.0), self._cut)
        self._timer.daemon = True
        self._timer.start()

    def watch(self, connected: socket.socket) -> None:
        """Name the socket; the connection itself forgets it once headers are read."""
        self._socket = connected

    def cancel(self) -> None:
        """Let it be."""
        self._timer.cancel()

    def _cut(self) -> None:
        if self._socket is not None:
            with suppress(OSError):
                # Not the TLS socket's own shutdown, which is not made for another thread.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
