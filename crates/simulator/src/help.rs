//! What `--help` says besides the options: enough to work from alone.

pub(crate) const SHORT: &str = "`--help` says how to use it. It ends with Ctrl-C.";

pub(crate) const LONG: &str = r#"It prints one base URL for each host it plays, then "ready", and ends with Ctrl-C:

  google.global google.us google.europe google.asia   [us-|europe-|asia-]rcsbusinessmessaging.googleapis.com
  google.token                                        oauth2.googleapis.com
  vonage.api                                          api.nexmo.com (to send)
  vonage.eu vonage.us vonage.ap                       api-eu|us|ap.nexmo.com (to send and to revoke)
  control                                             the control API below

Point your client's API host at them, and give it the credentials from --credentials DIR: a service-account key
whose token_uri leads here, an application id with its private key, an API key with its secret, and the secrets
that sign webhooks. `endpoints.json` in the same folder holds the URLs.

CONTROL API (JSON; times are virtual milliseconds since the epoch)
  GET    /info                  URLs, virtual time, seed, scenarios, webhooks
  GET    /truth, /truth/{id}    what really happened to each message
  GET    /sends                 every request to send at Vonage, taken or not
  GET    /journal               each event: its bytes, its hand-overs, whether it was acknowledged
  POST   /messages              {"provider":"vonage","phone":"447700900000"}: a message without a sender
  POST   /behaviour             {"phone":"447700900000","behaviour":{"delivery":{"kind":"never"}}}
  POST   /faults                {"route":"vonage.revoke","count":1,"fault":{"kind":"status","status":503}}
  GET    /faults, DELETE /faults, DELETE /faults/{id}
  POST   /events                {"message":"ID","word":"delivered","signature":"bad"}: an event that is made up
  POST   /replay                {"event":0,"delay_ms":21600000}: an event of the journal once more
  POST   /consents              {"phone":"447700900000","subscribed":false}: a person unsubscribes at Google
  PUT    /webhooks              {"google":"http://127.0.0.1:8080/g","vonage":"http://127.0.0.1:8080/v"}
  POST   /handshakes            {"token":"wrong"}: Google's handshake with a webhook, and its verdict
  GET    /scenarios, POST /scenario {"name":"crossing"}
  GET    /config, PATCH /config {"vonage":{"answers":{"late":"404"}}}, DELETE /config (back to the start)
  GET    /stats, /quiet, /healthz

EXAMPLES
  rcs-revoke-simulator --credentials sim --vonage-webhook http://127.0.0.1:8080/status
      Start with handsets that are online, credentials in ./sim, and statuses sent to your server.
  rcs-revoke-simulator --scenario vonage-rejected-1360 --scenario offline
      Nothing is delivered, and what is revoked is reported as rejected 1360.
  rcs-revoke-simulator --seed 7 --scenario chaos --scale 60
      Everything at once, the same for the same seed, with minutes that last a second.
  rcs-revoke-simulator --scenario chaos --print-config
      What that world is, as a configuration to start from.

Everything else is in docs/simulator.md of the repository."#;
