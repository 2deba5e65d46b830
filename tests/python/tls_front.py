"""HTTPS before the simulator, which speaks plain HTTP: a certificate authority of its own, and one port per host."""

import asyncio
import contextlib
import ssl
import tempfile
import threading
from pathlib import Path
from urllib.parse import urlsplit

import trustme


class TlsFront:
    """Takes TLS connections for each host and passes the bytes on, until ``stop``.

    ``address`` gives a host's name and port as a client writes them. A connection that the simulator resets is closed
    in order here, without an answer, as many a load balancer does.
    """

    def __init__(self, hosts):
        self._folder = tempfile.TemporaryDirectory(prefix="rcs-revoke-test-")
        authority = trustme.CA()
        self.authority_file = str(Path(self._folder.name) / "authority.pem")
        authority.cert_pem.write_to_path(self.authority_file)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(self._context)
        self._servers = []
        self._writers = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._ports = self._do(self._listen(hosts))

    def address(self, host):
        """The name and port of a host, without a scheme."""
        return f"localhost:{self._ports[host]}"

    def stop(self):
        """Ends everything and takes the authority away."""
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._folder.cleanup()

    def _do(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=30)

    async def _listen(self, hosts):
        ports = {}
        for name, url in hosts.items():
            there = urlsplit(url)

            async def connected(reader, writer, there=there):
                await self._relay(reader, writer, there.hostname, there.port)

            server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=self._context)
            self._servers.append(server)
            ports[name] = server.sockets[0].getsockname()[1]
        return ports

    async def _end(self):
        for server in self._servers:
            server.close()
        for writer in self._writers:
            writer.transport.abort()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _relay(self, reader, writer, host, port):
        """Passes bytes on in both directions until one side has ended, and ends the other one."""
        inner_reader, inner_writer = await asyncio.open_connection(host, port)
        self._writers |= {writer, inner_writer}
        await asyncio.gather(_copy(reader, inner_writer), _copy(inner_reader, writer))


async def _copy(reader, writer):
    """Copies to the end, and ends the other side then."""
    with contextlib.suppress(OSError):
        while chunk := await reader.read(65_536):
            writer.write(chunk)
            await writer.drain()
    writer.close()
