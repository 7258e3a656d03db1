"""robots.txt (RFC 9309), read once for each host."""

from urllib.parse import urlsplit, urlunsplit

from protego import Protego

from rag_ft.errors import FetchError
from rag_ft.fetching.web import USER_AGENT, Web

# RFC 9309, 2.5: a crawler reads at least 500 KiB and may stop there.
_MOST_BYTES = 500 * 1024


class Robots:
    """What each host lets a crawler do."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._rules: dict[str, Protego] = {}

    def check(self, url: str) -> float:
        """Return the pause in seconds that the host asks for between requests.

        Raises:
            FetchError: the host forbids the address, or its robots.txt cannot be read.
        """
        rules = self._of(url)
        if not rules.can_fetch(url, USER_AGENT):
            raise FetchError(f"{url} is forbidden by the host's robots.txt: fetch it by hand")
        return float(rules.crawl_delay(USER_AGENT) or 0.0)

    def _of(self, url: str) -> Protego:
        parts = urlsplit(url)
        if parts.netloc not in self._rules:
            self._rules[parts.netloc] = self._read(
                urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))
            )
        return self._rules[parts.netloc]

    def _read(self, address: str) -> Protego:
        with self._web.get(address) as response:
            if response.status in (401, 403) or response.status == 429 or response.status >= 500:
                # RFC 9309, 2.3.1.4: a host whose rules cannot be had is not crawled. Refused
                # access is read as strictly, though 2.3.1.3 would allow it.
                raise FetchError(f"{address} answers {response.status}: the host is left alone")
            if response.status != 200:
                return Protego.parse("")
            content = b""
            for chunk in response.chunks(_MOST_BYTES * 4):
                content += chunk
                if len(content) >= _MOST_BYTES:
                    break
            return Protego.parse(content[:_MOST_BYTES].decode("utf-8", "replace"))
