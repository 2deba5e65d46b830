"""Google's own Python credentials, unchanged: an ``AuthorizedSession`` sends and revokes against the simulator."""

import unittest
from uuid import uuid4

import requests
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import AuthorizedSession
from google.oauth2 import service_account

from keys import new_private_key
from simulator import Simulator

SCOPES = ["https://www.googleapis.com/auth/rcsbusinessmessaging"]
PHONE = "+447700900001"
AGENT = "demo_agent@rbm.goog"

CONFIG = """
[google]
regions = "404_other"
behaviour = { delivery = { kind = "never" } }
"""


class GoogleAuth(unittest.TestCase):
    """What the session does with each answer, and what became of the message."""

    @classmethod
    def setUpClass(cls):
        cls.simulator = Simulator(CONFIG)
        cls.addClassCleanup(cls.simulator.stop)

    def setUp(self):
        self.session = self.session_of(self.simulator.service_account)

    def session_of(self, key_file):
        """A session with the credentials of a key file, whose ``token_uri`` it asks for access tokens."""
        credentials = service_account.Credentials.from_service_account_info(key_file, scopes=SCOPES)
        session = AuthorizedSession(credentials)
        self.addCleanup(session.close)
        return session

    def address(self, host, message=""):
        """An address as Google's Python client writes it: ``+`` and ``@`` as they are."""
        return f"{self.simulator.hosts[host]}/v1/phones/{PHONE}/agentMessages{message}"

    def send(self):
        """Sends a text and returns its id."""
        message = str(uuid4())
        query = {"messageId": message, "agentId": AGENT}
        body = {"contentMessage": {"text": "Your code is 1234"}, "ttl": "600s"}
        answer = self.session.post(self.address("google.europe"), params=query, json=body)
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual(answer.json()["name"], f"phones/{PHONE}/agentMessages/{message}")
        return message

    def revoke(self, message, host="google.europe", query=f"?agentId={AGENT}", session=None):
        """Asks for a revocation and returns the answer."""
        return (session or self.session).delete(self.address(host, f"/{message}{query}"))

    def spoil(self, message, fault, count=None):
        """Lets the first revocations of a message meet a fault, or all of them."""
        self.simulator.spoil("google.revoke", message, fault, count)

    def assert_refused(self, answer, status, word):
        """Google's error body with this status and word."""
        self.assertEqual((answer.status_code, answer.json()["error"]["status"]), (status, word))

    def test_200_revokes_a_message_with_one_delete_and_one_token(self):
        before = self.simulator.arrived("google.token")
        message = self.send()
        self.assertEqual(self.simulator.fate(message), "queued")
        answer = self.revoke(message)
        self.assertEqual((answer.status_code, answer.json()), (200, {}))
        self.assertEqual(self.simulator.asked(message), [("removed", 200)])
        self.assertEqual(self.simulator.fate(message), "revoked")
        self.assertEqual(self.simulator.arrived("google.token") - before, 1)
        self.assertIn(f"/phones/{PHONE}/", answer.request.path_url)
        self.assertTrue(answer.request.path_url.endswith(f"?agentId={AGENT}"))

    def test_404_of_a_second_revocation_of_another_region_and_of_an_unknown_id(self):
        message = self.send()
        self.assert_refused(self.revoke(message, host="google.asia"), 404, "NOT_FOUND")
        self.assertEqual(self.simulator.fate(message), "queued")
        self.revoke(message)
        self.assert_refused(self.revoke(message), 404, "NOT_FOUND")
        self.assertEqual(self.simulator.asked(message), [("none", 404), ("removed", 200), ("none", 404)])
        self.assert_refused(self.revoke(uuid4()), 404, "NOT_FOUND")

    def test_403_without_an_agent_and_with_an_empty_one(self):
        message = self.send()
        for query in ("", "?agentId="):
            self.assert_refused(self.revoke(message, query=query), 403, "PERMISSION_DENIED")
        self.assertEqual(self.simulator.asked(message), [("none", 403)] * 2)
        self.assertEqual(self.simulator.fate(message), "queued")

    def test_401_once_is_answered_with_a_new_token_and_a_repeat(self):
        message = self.send()
        before = self.simulator.arrived("google.token")
        self.spoil(message, {"kind": "status", "status": 401}, count=1)
        self.assertEqual(self.revoke(message).status_code, 200)
        self.assertEqual(self.simulator.asked(message), [("none", 401), ("removed", 200)])
        self.assertEqual(self.simulator.arrived("google.token") - before, 1)

    def test_401_for_ever_is_given_up_after_two_repeats(self):
        message = self.send()
        self.spoil(message, {"kind": "status", "status": 401})
        self.assert_refused(self.revoke(message), 401, "UNAUTHENTICATED")
        self.assertEqual(self.simulator.asked(message), [("none", 401)] * 3)
        self.assertEqual(self.simulator.fate(message), "queued")

    def test_429_and_5xx_are_not_repeated(self):
        words = {429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE"}
        for status, word in words.items():
            message = self.send()
            self.spoil(message, {"kind": "status", "status": status})
            self.assert_refused(self.revoke(message), status, word)
            self.assertEqual(self.simulator.asked(message), [("none", status)])
            self.assertEqual(self.simulator.fate(message), "queued")

    def test_a_reset_after_the_effect_is_not_repeated(self):
        message = self.send()
        self.spoil(message, {"kind": "reset_after"})
        with self.assertRaises(requests.exceptions.ConnectionError):
            self.revoke(message)
        self.assertEqual(self.simulator.asked(message), [("removed", "reset")])
        self.assertEqual(self.simulator.fate(message), "revoked")

    def test_a_key_that_google_does_not_know_sends_no_delete(self):
        message = self.send()
        stranger = self.session_of({**self.simulator.service_account, "private_key": new_private_key()})
        with self.assertRaisesRegex(RefreshError, "invalid_grant: Invalid JWT Signature."):
            self.revoke(message, session=stranger)
        self.assertEqual(self.simulator.asked(message), [])
        self.assertEqual(self.simulator.fate(message), "queued")


if __name__ == "__main__":
    unittest.main()
