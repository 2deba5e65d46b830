"""Vonage's own Python SDK, unchanged, over HTTPS: it sends, revokes and verifies against the simulator."""

import json
import os
import time
import unittest
from unittest import mock
from uuid import uuid4

import requests
from vonage_http_client import Auth, HttpClient, HttpClientOptions
from vonage_http_client.errors import (
    AuthenticationError,
    HttpRequestError,
    NotFoundError,
    RateLimitedError,
    ServerError,
)
from vonage_jwt import VonageVerifyJwtError, verify_signature
from vonage_messages import Messages
from vonage_messages.models import RcsText, Sms

from keys import new_private_key
from receiver import Receiver
from simulator import Simulator
from tls_front import TlsFront

OFFLINE = "447700900001"
ONLINE = "447700900002"
FORGED = "447700900003"
UNSIGNED = "447700900004"

ANOTHER_SECRET = "no secret of the account, and as long as one"

# The limit of 30 requests per second is not what these tests are about: it must not strike them by chance.
CONFIG = f"""
[vonage]
rate_limit = {{ per_second = 30, enforce = false }}
[phones.{OFFLINE}]
delivery = {{ kind = "never" }}
[phones.{FORGED}]
webhook = {{ signature = "bad" }}
[phones.{UNSIGNED}]
webhook = {{ signature = "missing" }}
"""


class VonageSdk(unittest.TestCase):
    """What the SDK does with each answer, and what became of the message."""

    @classmethod
    def setUpClass(cls):
        cls.simulator = Simulator(CONFIG)
        cls.addClassCleanup(cls.simulator.stop)
        cls.webhooks = Receiver()
        cls.addClassCleanup(cls.webhooks.stop)
        cls.simulator.control("PUT", "/webhooks", {"vonage": f"{cls.webhooks.url}/status"})
        cls.front = TlsFront(cls.simulator.hosts)
        cls.addClassCleanup(cls.front.stop)
        trust = mock.patch.dict(os.environ, {"REQUESTS_CA_BUNDLE": cls.front.authority_file})
        trust.start()
        cls.addClassCleanup(trust.stop)

    def messages(self, host, **credentials):
        """The SDK's part for messages, as the demo application or with other credentials."""
        own = {"application_id": self.simulator.application_id, "private_key": self.simulator.private_key}
        options = HttpClientOptions(api_host=self.front.address(host))
        client = HttpClient(Auth(**(credentials or own)), options)
        self.addCleanup(client._session.close)
        return Messages(client)

    def send(self, to):
        """Sends a text by RCS and returns its id."""
        text = RcsText(to=to, from_="DemoAgent", text="Your code is 1234", ttl=600)
        return self.messages("vonage.api").send(text).message_uuid

    def send_sms(self, to):
        """Sends a text by SMS and returns its id."""
        text = Sms(to=to, from_="Demo", text="Your code is 1234", client_ref="demo-1")
        return self.messages("vonage.api").send(text).message_uuid

    def refused(self, error, host, message, **credentials):
        """Revokes, expects this error and nothing else, and returns the answer behind it."""
        with self.assertRaises(HttpRequestError) as caught, self.assertLogs("vonage", "WARNING"):
            self.messages(host, **credentials).revoke_rcs_message(message)
        self.assertIs(type(caught.exception), error)
        return caught.exception.response

    def spoil(self, message, fault, count=None):
        """Lets the first revocations of a message meet a fault, or all of them."""
        self.simulator.spoil("vonage.revoke", message, fault, count)

    def status(self, message, word):
        """The token and the body of a message's status, once it is handed over."""

        def fits(body):
            status = json.loads(body)
            return (status["message_uuid"], status["status"]) == (message, word)

        headers, body = self.webhooks.received(fits)
        return headers.get("Authorization", "").removeprefix("Bearer "), body

    def test_202_revokes_a_message_with_one_patch(self):
        message = self.send(OFFLINE)
        self.assertEqual(self.simulator.fate(message), "queued")
        client = self.messages("vonage.eu")
        self.assertIsNone(client.revoke_rcs_message(message))
        self.assertEqual(self.simulator.asked(message), [("removed", 202)])
        self.assertEqual(self.simulator.fate(message), "revoked")

        sent = client.http_client.last_request
        self.assertEqual((sent.method, sent.path_url), ("PATCH", f"/v1/messages/{message}"))
        self.assertEqual(json.loads(sent.body), {"status": "revoked"})

    def test_202_of_a_delivered_message_is_a_success_that_revoked_nothing(self):
        message = self.send(ONLINE)
        self.status(message, "delivered")
        self.messages("vonage.eu").revoke_rcs_message(message)
        self.assertEqual(self.simulator.asked(message), [("none", 202)])
        self.assertEqual(self.simulator.fate(message), "delivered")

    def test_404_of_another_region_of_the_default_host_and_of_an_unknown_id(self):
        message = self.send(OFFLINE)
        for host in ("vonage.us", "vonage.ap", "vonage.api"):
            self.refused(NotFoundError, host, message)
        self.assertEqual(self.simulator.asked(message), [("none", 404)] * 3)
        self.assertEqual(self.simulator.fate(message), "queued")

        before = self.simulator.arrived("vonage.revoke")
        unknown = self.refused(NotFoundError, "vonage.eu", str(uuid4()))
        self.assertEqual(unknown.json()["title"], "Not Found")
        self.assertEqual(self.simulator.arrived("vonage.revoke") - before, 1)

    def test_401_of_an_unknown_key_of_another_application_and_of_basic_authentication(self):
        message = self.send(OFFLINE)
        own = self.simulator
        for credentials in (
            {"application_id": own.application_id, "private_key": new_private_key()},
            {"application_id": str(uuid4()), "private_key": own.private_key},
            # Without an application the SDK authenticates by Basic, which Vonage documents for sending only.
            {"api_key": own.api_key, "api_secret": own.api_secret},
        ):
            self.refused(AuthenticationError, "vonage.eu", message, **credentials)
        self.assertEqual(own.asked(message), [("none", 401)] * 3)
        self.assertEqual(own.fate(message), "queued")

    def test_422_of_an_sms_and_of_a_message_of_yesterday(self):
        yesterday = int((time.time() - 25 * 3600) * 1000)
        old = {"provider": "vonage", "phone": f"+{OFFLINE}", "sent_at_ms": yesterday, "ttl_s": 259_200}
        old_id = self.simulator.control("POST", "/messages", old)["id"]
        for message in (self.send_sms(OFFLINE), old_id):
            # 422 has no error of its own in the SDK.
            response = self.refused(HttpRequestError, "vonage.eu", message)
            self.assertEqual((response.status_code, response.json()["type"]), (422, ""))
            self.assertEqual(self.simulator.asked(message), [("none", 422)])
            self.assertEqual(self.simulator.fate(message), "queued")

    def test_429_and_5xx_are_not_repeated(self):
        errors = {429: RateLimitedError, 500: ServerError, 503: HttpRequestError}
        for status, error in errors.items():
            message = self.send(OFFLINE)
            self.spoil(message, {"kind": "status", "status": status, "retry_after": "0"})
            self.assertEqual(self.refused(error, "vonage.eu", message).status_code, status)
            self.assertEqual(self.simulator.asked(message), [("none", status)])
            self.assertEqual(self.simulator.fate(message), "queued")

    def test_500_after_the_effect_is_an_error_for_a_message_that_is_gone(self):
        message = self.send(OFFLINE)
        self.spoil(message, {"kind": "status", "status": 500, "after_effect": True})
        self.refused(ServerError, "vonage.eu", message)
        self.assertEqual(self.simulator.asked(message), [("removed", 500)])
        self.assertEqual(self.simulator.fate(message), "revoked")

    def test_a_connection_that_is_closed_without_an_answer_is_repeated_ten_times(self):
        # Python 3.10 to 3.12 take a reset below TLS for such an end as well.
        message = self.send(OFFLINE)
        self.spoil(message, {"kind": "reset_after"})
        with self.assertRaises(requests.exceptions.ConnectionError):
            self.messages("vonage.eu").revoke_rcs_message(message)
        self.assertEqual(self.simulator.asked(message), [("removed", "reset")] + [("none", "reset")] * 9)
        self.assertEqual(self.simulator.fate(message), "revoked")

    def test_a_repeat_hides_that_the_first_request_had_no_answer(self):
        message = self.send(OFFLINE)
        self.spoil(message, {"kind": "reset_after"}, count=1)
        self.messages("vonage.eu").revoke_rcs_message(message)
        self.assertEqual(self.simulator.asked(message), [("removed", "reset"), ("none", 202)])

    def test_the_sms_that_stands_in_for_a_revoked_message_is_delivered(self):
        _, body = self.status(self.send_sms(ONLINE), "delivered")
        status = json.loads(body)
        self.assertEqual((status["channel"], status["client_ref"]), ("sms", "demo-1"))

    def test_a_signed_webhook_passes_the_verifier(self):
        message = self.send(ONLINE)
        for word in ("submitted", "delivered"):
            token, _ = self.status(message, word)
            self.assertIs(verify_signature(token, self.simulator.signature_secret), True)
            self.assertIs(verify_signature(token, ANOTHER_SECRET), False)

    def test_a_forged_or_unsigned_webhook_does_not_pass(self):
        token, _ = self.status(self.send(FORGED), "delivered")
        self.assertIs(verify_signature(token, self.simulator.signature_secret), False)
        token, _ = self.status(self.send(UNSIGNED), "delivered")
        with self.assertRaises(VonageVerifyJwtError):
            verify_signature(token, self.simulator.signature_secret)


if __name__ == "__main__":
    unittest.main()
