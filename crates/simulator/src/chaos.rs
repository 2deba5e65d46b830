//! A world in which everything is drawn: the scenario `chaos`.
//!
//! Each decision has a generator of its own, keyed by what it decides: a knob that is added later changes no other.
//! The truth can be told from the journal. So what is signed wrongly is signed well after a few tries (the providers
//! would try for days), and a 200 of Google that can be read has removed the message, unless the drawn meaning of a
//! revocation says otherwise.

use rand::Rng as _;
use rand::seq::IndexedRandom as _;
use rand_chacha::ChaCha8Rng;

use crate::config::{
    Config, DuplicateCreate, GoogleAnswers, Handshake, LateAnswer, ProblemType, RateLimitHeaders, RegionRule,
    UnauthorizedBody, UnsupportedBody, VonageAnswers, WebhookQueue,
};
use crate::dice::Dice;
use crate::host::Provider;

mod behaviour;
mod faults;

/// The configuration with everything open drawn from its seed. What names things (agents, senders, addresses,
/// credentials), the clock and the rate limits stay, and so do the faults that are there already.
pub(crate) fn drawn(mut config: Config) -> Config {
    let draw = Draw(Dice::new(config.seed));
    google(&mut config, draw);
    vonage(&mut config, draw);
    for fault in faults::drawn(draw) {
        if !config.faults.contains(&fault) {
            config.faults.push(fault);
        }
    }
    config
}

fn google(config: &mut Config, draw: Draw) {
    let google = &mut config.google;
    google.regions = draw.of("regions", &[RegionRule::AnyHost, RegionRule::NotFound, RegionRule::Forbidden]);
    google.answers = GoogleAnswers {
        delivered: draw.of("delivered", &[404, 404, 404, 409]),
        second_revoke: draw.of("second_revoke", &[404, 404, 200, 409]),
        after_expiry: draw.of("after_expiry", &[404, 404, 400, 409]),
        after_purge: draw.of("after_purge", &[404, 404, 400, 403]),
        unknown_id: draw.of("unknown_id", &[404, 404, 400, 403]),
        other_phone: draw.of("other_phone", &[404, 404, 400, 403]),
        other_agent: draw.of("other_agent", &[404, 404, 400, 403]),
        duplicate_create: draw.of("duplicate_create", &[DuplicateCreate::Ignored, DuplicateCreate::Conflict]),
    };
    google.token_lifetime_s = draw.of("token_lifetime_s", &[600, 1200, 1800, 3599]);
    google.purge_after_days = draw.of("purge_after_days", &[30, 31]);
    google.webhook_queue = draw.of(
        "webhook_queue",
        &[
            WebhookQueue::EachForItself,
            WebhookQueue::EachForItself,
            WebhookQueue::PerWebhook,
            WebhookQueue::PerPartner,
        ],
    );
    google.handshake = draw.of("handshake", &[Handshake::None, Handshake::RightToken, Handshake::WrongToken]);
    let is_queued = google.webhook_queue != WebhookQueue::EachForItself;
    google.behaviour = behaviour::base(draw, Provider::Google, is_queued);
    google.mix = behaviour::mix(draw, Provider::Google, is_queued);
}

fn vonage(config: &mut Config, draw: Draw) {
    let vonage = &mut config.vonage;
    vonage.answers = VonageAnswers {
        success: draw.of("success", &[202, 202, 200, 204]),
        request_id: draw.of("request_id", &[true, false]),
        late: draw.of(
            "late",
            &[LateAnswer::AcceptedWithoutEffect, LateAnswer::NotFound, LateAnswer::Unprocessable],
        ),
        already_delivered: draw.of("already_delivered", &[202, 404, 422]),
        second_revoke: draw.of("vonage second_revoke", &[202, 404]),
        malformed_id: draw.of("malformed_id", &[404, 422]),
        global_patch: draw.of("global_patch", &[404, 202]),
        basic_patch: draw.of("basic_patch", &[401, 202]),
        other_application: draw.of("other_application", &[404, 401]),
        unsupported: draw
            .of("unsupported", &[UnsupportedBody::EmptyType, UnsupportedBody::UnprocessableEntity]),
        unauthorized: draw
            .of("unauthorized", &[UnauthorizedBody::Credentials, UnauthorizedBody::Unprovisioned]),
        problem_type: draw
            .of("problem_type", &[ProblemType::Mixed, ProblemType::Json, ProblemType::ProblemJson]),
        detail: draw.of("detail", &[true, false]),
        rate_limit_headers: draw.of(
            "rate_limit_headers",
            &[RateLimitHeaders::Milliseconds, RateLimitHeaders::Seconds, RateLimitHeaders::None],
        ),
        retry_after_s: draw.of("retry_after_s", &[0, 1, 2, 5]),
    };
    vonage.submitted_after_ms = draw.number("submitted_after_ms", 0, 5_000);
    vonage.external_id_delay_ms = draw.number("external_id_delay_ms", 0, 3_000);
    (vonage.default_ttl_s, vonage.longest_ttl_s) =
        draw.of("default_ttl_s", &[(259_200, 259_200), (2_592_000, 2_592_000)]);
    vonage.shortest_ttl_s = 20;
    vonage.failover_after_revoke = draw.of("failover_after_revoke", &[true, false]);
    vonage.behaviour = behaviour::base(draw, Provider::Vonage, false);
    vonage.mix = behaviour::mix(draw, Provider::Vonage, false);
    vonage.sms_mix = behaviour::sms_mix(draw);
}

/// What is drawn from one seed, each thing by its name.
#[derive(Clone, Copy)]
struct Draw(Dice);

impl Draw {
    fn rng(self, name: &str) -> ChaCha8Rng {
        self.0.rng(name, "chaos", 0)
    }

    fn of<T: Copy>(self, name: &str, choices: &[T]) -> T {
        *choices.choose(&mut self.rng(name)).expect("every knob has its values")
    }

    /// A number from `from` up to and including `to`.
    fn number(self, name: &str, from: u64, to: u64) -> u64 {
        self.rng(name).random_range(from..=to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Agent, RateLimit};

    fn world(seed: u64) -> Config {
        drawn(Config { seed, ..Config::default() })
    }

    #[test]
    fn a_seed_is_a_world() {
        assert_eq!(world(7), world(7));
        assert_ne!(world(7).google, world(8).google);
        assert_ne!(world(7).vonage.mix, world(8).vonage.mix);
        assert_eq!(drawn(world(7)), world(7), "a second drawing changes nothing");
    }

    #[test]
    fn what_is_given_stays() {
        let mut base = Config { seed: 3, ..Config::default() };
        base.google.agents = vec![Agent { id: "tickets".to_owned(), webhook_url: None }];
        base.google.rate_limit = Some(RateLimit { per_second: 5, enforce: false, virtual_seconds: true });
        base.vonage.rate_limit = None;
        base.clock.scale = 60.0;
        base.faults = vec![
            serde_json::from_value(serde_json::json!({ "fault": { "kind": "reset_before" } }))
                .expect("a fault"),
        ];
        let drawn = drawn(base.clone());
        assert_eq!(drawn.google.agents, base.google.agents);
        assert_eq!(drawn.google.rate_limit, base.google.rate_limit);
        assert_eq!((drawn.vonage.rate_limit, &drawn.vonage.senders), (None, &base.vonage.senders));
        assert_eq!((drawn.clock, drawn.seed), (base.clock, 3));
        assert_eq!(drawn.faults[0], base.faults[0]);
    }

    #[test]
    fn every_world_is_one() {
        for seed in 0..200 {
            world(seed).check().expect("a configuration");
        }
    }
}
