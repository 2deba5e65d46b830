//! The demo's messages: four at Vonage and three at Google to revoke, three that are revoked by themselves on their
//! date, and a few that simply arrive.

use std::time::Duration;

use rcs_revoke_core::fact::{Life, Registered, Registrar};
use rcs_revoke_core::{E164, Fact, MessageRef, Span, Timestamp};
use rcs_revoke_simulator::behaviour::{AfterRevoke, Behaviour, Delivery, RevokeSemantics, WebhookBehaviour};
use rcs_revoke_simulator::{
    Channel, Created, FaultKind, HostName, NewEvent, NewFault, NewMessage, Provider, RevokeAnswer, Route,
    Running,
};

use crate::demo::DemoError;
use crate::ledger::Change;
use crate::server::Server;

/// How long after the accepted request the expiry event comes, in the story that has one.
const EXPIRY_AFTER: Duration = Duration::from_secs(8);
/// How long the promotion runs.
const PROMOTION_ENDS: Span = Span::secs(30);
/// How often that story looks whether it was revoked.
const LOOK: Duration = Duration::from_millis(200);

/// One message, and what will be seen once it is revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// The message's id.
    pub id: String,
    /// The source that sent it.
    pub source: &'static str,
    /// What will be seen once it is revoked.
    pub seen: &'static str,
    /// Whether nobody needs to revoke it: it has a date.
    pub by_itself: bool,
    expires: bool,
}

/// How a message is sent.
struct Plan {
    source: &'static str,
    seen: Option<&'static str>,
    minutes_ago: i64,
    behaviour: Behaviour,
    reset: bool,
    expires: bool,
    dated: Option<Dated>,
}

/// What a message is for, that is revoked by itself.
struct Dated {
    class: &'static str,
    /// What an SMS instead says.
    text: &'static str,
    /// How long after the start it is revoked, where its class does not say.
    revoked_after: Option<Span>,
}

impl Plan {
    fn new(source: &'static str, delivery: Delivery) -> Self {
        let behaviour = Behaviour { delivery: Some(delivery), ..Behaviour::default() };
        Self { source, seen: None, minutes_ago: 2, behaviour, reset: false, expires: false, dated: None }
    }

    /// A message of just now that its class or its date takes back.
    fn dated(mut self, class: &'static str, text: &'static str, revoked_after: Option<Span>) -> Self {
        self.minutes_ago = 0;
        self.dated = Some(Dated { class, text, revoked_after });
        self
    }

    const fn seen(mut self, seen: &'static str) -> Self {
        self.seen = Some(seen);
        self
    }
}

fn plans() -> Vec<Plan> {
    let silent = |source| {
        let mut plan = Plan::new(source, Delivery::Never);
        plan.behaviour.after_revoke = Some(AfterRevoke::Silence);
        plan.behaviour.revoke = Some(RevokeSemantics::Legacy);
        plan
    };
    let lost = WebhookBehaviour { loss: Some(1.0), ..WebhookBehaviour::default() };
    let mut unseen = Plan::new("offers", Delivery::Online { after_ms: 800 })
        .seen("404, and 200 would have meant removed: presumed delivered");
    unseen.behaviour.webhook = lost;
    let mut cut = Plan::new("offers", Delivery::Never).seen("the answer is lost, then 404: inconclusive");
    cut.reset = true;
    let mut expires = silent("tickets").seen("accepted, then its expiry is reported: revoked");
    expires.expires = true;
    let code = |delivery, digits| Plan::new("codes-de", delivery).dated("otp", digits, None);
    let mut stale = code(Delivery::Never, "Your Demo Bank code is 482 913. Tell it to nobody.")
        .seen("a code goes stale, is revoked, and an SMS follows");
    stale.behaviour.after_revoke = Some(AfterRevoke::Silence);
    let raced =
        code(Delivery::RacesRevoke { after_ms: 3_000 }, "Your Demo Bank code is 207 554. Tell it to nobody.")
            .seen("a code goes stale, but its delivery wins: no SMS");
    let promotion = silent("tickets")
        .dated("promotional", "20 % off all Demo Tickets, today only.", Some(PROMOTION_ENDS))
        .seen("a promotion is revoked on its date, and left to a person: nothing proves that it worked");
    let mut old = silent("codes-de").seen("sent 25 hours ago, so the window has closed: refused");
    old.minutes_ago = 25 * 60;
    vec![
        Plan::new("codes-de", Delivery::RacesRevoke { after_ms: 4_000 })
            .seen("accepted, and delivered all the same: a race"),
        silent("codes-de").seen("accepted, then silence: unconfirmed after 20 s"),
        silent("alerts").seen("not found in the first region, accepted in the second"),
        old,
        expires,
        unseen,
        cut,
        stale,
        raced,
        promotion,
        Plan::new("codes-de", Delivery::Online { after_ms: 800 }),
        Plan::new("alerts", Delivery::Online { after_ms: 800 }),
        Plan::new("tickets", Delivery::Online { after_ms: 800 }),
        Plan::new("offers", Delivery::Online { after_ms: 800 }),
    ]
}

/// Sends all messages at the simulated providers and registers them here, as a sending system does.
pub(super) async fn send_all(world: &Running, server: &Server) -> Result<Vec<Story>, DemoError> {
    let (mut stories, mut changes) = (Vec::new(), Vec::new());
    for (index, plan) in plans().into_iter().enumerate() {
        let created = send(world, index, &plan)?;
        if plan.reset {
            world.add_fault(reset_once(&created.id));
        }
        changes.push(register(server, &plan, &created)?);
        if let Some(seen) = plan.seen {
            let (by_itself, expires) = (plan.dated.is_some(), plan.expires);
            stories.push(Story { id: created.id, source: plan.source, seen, by_itself, expires });
        }
    }
    server.app().ledger.change(changes).await.map_err(|error| DemoError::Register(error.to_string()))?;
    Ok(stories)
}

fn send(world: &Running, index: usize, plan: &Plan) -> Result<Created, DemoError> {
    let (provider, agent, host) = match plan.source {
        "codes-de" => (Provider::Vonage, "DemoCodes", None),
        "alerts" => (Provider::Vonage, "DemoAlerts", None),
        "tickets" => (Provider::Google, "demo_tickets", Some(HostName::GoogleEurope)),
        _ => (Provider::Google, "demo_offers", Some(HostName::GoogleEurope)),
    };
    let message = NewMessage {
        provider,
        id: None,
        agent: Some(agent.to_owned()),
        phone: format!("+4477009000{index:02}"),
        host,
        channel: Channel::Rcs,
        sent_at_ms: Some(world.now_ms() - plan.minutes_ago * 60_000),
        ttl_s: None,
        client_ref: None,
        behaviour: Some(plan.behaviour.clone()),
        submitted: Some(true),
    };
    Ok(world.create_message(message)?)
}

fn reset_once(id: &str) -> NewFault {
    NewFault {
        route: Some(Route::GoogleRevoke),
        host: None,
        message: Some(id.to_owned()),
        phone: None,
        probability: 1.0,
        count: Some(1),
        skip: 0,
        fault: FaultKind::ResetAfter,
    }
}

fn register(server: &Server, plan: &Plan, created: &Created) -> Result<Change, DemoError> {
    let app = server.app();
    let wrong = |what: String| DemoError::Register(what);
    let source = app.sources.find(plan.source).ok_or_else(|| wrong(plan.source.to_owned()))?.snapshot();
    let message = MessageRef::new(source.provider, source.agent.as_ref(), &created.id);
    let message = message.map_err(|error| wrong(error.to_string()))?;
    let dated = plan.dated.as_ref();
    let registered = Registered {
        by: Registrar::Api("demo".to_owned()),
        received_at: app.clock.now() - Span::minutes(plan.minutes_ago),
        sent_at: Some(Timestamp::from_millis(created.sent_at_ms)),
        life: Some(Life::None),
        class: dated.map(|dated| dated.class.to_owned()),
        phone: Some(E164::parse(&created.phone).map_err(|error| wrong(error.to_string()))?),
        // As a sending system would say it at Google; at Vonage nobody knows the region of a message.
        host: created.host.name().parse().ok().filter(|_| created.provider == Provider::Google),
        failover: None,
        fallback_text: dated.map(|dated| dated.text.to_owned()),
        revoke_at: dated.and_then(|dated| dated.revoked_after).map(|after| app.clock.now() + after),
    };
    Ok(Change::Record { message, source: Some(source.id), facts: vec![Fact::Registered(registered)] })
}

/// Lets the message whose story needs it expire, once its revocation was accepted.
pub(super) async fn play(world: &Running, stories: &[Story]) {
    for story in stories.iter().filter(|story| story.expires) {
        while !was_accepted(world, &story.id) {
            tokio::time::sleep(LOOK).await;
        }
        tokio::time::sleep(EXPIRY_AFTER).await;
        let event = NewEvent {
            message: Some(story.id.clone()),
            word: Some("TTL_EXPIRATION_REVOKED".to_owned()),
            ..NewEvent::default()
        };
        if let Err(error) = world.emit_event(&event) {
            tracing::warn!(%error, "the demo's expiry event was refused");
        }
    }
}

fn was_accepted(world: &Running, id: &str) -> bool {
    let truth = world.truth_of(id);
    truth.is_some_and(|truth| {
        truth.message.revokes.iter().any(|revoke| revoke.answer == RevokeAnswer::Status(200))
    })
}
