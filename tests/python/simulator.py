"""The simulator as a process of its own, on free ports of loopback, for one test class."""

import json
import os
import subprocess
import tempfile
import urllib.request
from pathlib import Path


class Simulator:
    """Starts the simulator and waits until it says that it is ready; ``stop`` ends it."""

    def __init__(self, config=""):
        program = os.environ.get("REVOKE_TEST_SIMULATOR")
        if not program:
            raise RuntimeError(
                "REVOKE_TEST_SIMULATOR names no program: start these tests with `cargo xtask test python`"
            )
        self._folder = tempfile.TemporaryDirectory(prefix="rcs-revoke-test-")
        folder = Path(self._folder.name)
        (folder / "simulator.toml").write_text(config, encoding="utf-8")
        options = ["--seed", "7", "--config", folder / "simulator.toml", "--credentials", folder]
        self._process = subprocess.Popen([program, *options], stdout=subprocess.PIPE, text=True)
        try:
            if not any(line == "ready\n" for line in self._process.stdout):
                raise RuntimeError("the simulator closed its output before it was ready")
            self.hosts = json.loads(self._read("endpoints.json"))
            self.service_account = json.loads(self._read("google-service-account.json"))
            self.application_id = self._read("vonage-application-id")
            self.private_key = self._read("vonage-private-key.pem")
            self.api_key = self._read("vonage-api-key")
            self.api_secret = self._read("vonage-api-secret")
            self.signature_secret = self._read("vonage-signature-secret")
        except BaseException:
            self.stop()
            raise

    def _read(self, name):
        return (Path(self._folder.name) / name).read_text(encoding="utf-8").strip()

    def stop(self):
        """Ends the process and removes its folder."""
        self._process.terminate()
        self._process.wait()
        self._process.stdout.close()
        self._folder.cleanup()

    def control(self, method, path, body=None):
        """Calls the control API."""
        request = urllib.request.Request(self.hosts["control"] + path, method=method)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        # Without the proxies of the person who runs the tests.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            return json.load(answer)

    def truth(self, message):
        """What became of a message."""
        return self.control("GET", f"/truth/{message}")

    def fate(self, message):
        """What became of a message, in one word."""
        return self.truth(message)["fate"]

    def asked(self, message):
        """Every revocation of a message: what it did, and the status that its sender heard."""
        heard = [(seen["effect"], seen["answer"]) for seen in self.truth(message)["revokes"]]
        return [(effect, answer if answer == "reset" else answer["status"]) for effect, answer in heard]

    def arrived(self, route):
        """How often an operation was called."""
        routes = self.control("GET", "/stats")["routes"]
        return routes[route]["requests"] if route in routes else 0

    def spoil(self, route, message, fault, count=None):
        """Lets calls about a message meet a fault: the first ones, or all."""
        self.control("POST", "/faults", {"route": route, "message": message, "fault": fault, "count": count})
