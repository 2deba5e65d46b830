"""A small HTTP server that keeps what it is sent, for tests that receive webhooks."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    """Answers every POST with 200; ``received`` waits for the first call that fits."""

    def __init__(self):
        self._calls = []
        self._changed = threading.Condition()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()
                with receiver._changed:
                    receiver._calls.append((self.headers, body))
                    receiver._changed.notify_all()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def received(self, fits):
        """The headers and the body of the first call whose body fits."""

        def found():
            return next((call for call in self._calls if fits(call[1])), None)

        with self._changed:
            call = self._changed.wait_for(found, timeout=30)
        if call is None:
            raise AssertionError("no such call came within 30 s")
        return call

    def stop(self):
        """Closes the server."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
