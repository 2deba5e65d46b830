//! Batches over the API: planned, started, paused, aborted, dropped, repeated, watched, exported, killed.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Method;
use rcs_revoke_api::BatchView;
use rcs_revoke_core::recall::State;
use rcs_revoke_simulator::Created;
use rcs_revoke_simulator::behaviour::Delivery;
use rcs_revoke_tests::built_program;
use serde_json::{Value, json};

use super::stage::{Reply, Stage, auth, settings, world_config};

mod others;
mod stops;
mod uploads;

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_mins(1);
const BATCHES: &str = "/api/v1/batches";

async fn plan(stage: &Stage, command: &Value) -> BatchView {
    let reply = stage.post(BATCHES, command).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    view_of(&reply)
}

fn view_of(reply: &Reply) -> BatchView {
    serde_json::from_slice(&reply.body).unwrap_or_else(|error| panic!("{error}: {}", reply.text()))
}

async fn upload(stage: &Stage, query: &str, text: impl Into<Bytes>, more: &[(&str, String)]) -> Reply {
    let url = format!("{}{BATCHES}/upload{query}", stage.base());
    let mut headers = vec![auth(), ("content-type", "application/octet-stream".to_owned())];
    headers.extend_from_slice(more);
    stage.call(Method::POST, &url, &headers, text.into()).await
}

async fn give(stage: &Stage, batch: &str, command: &str, body: Value) -> Reply {
    stage.post(&format!("{BATCHES}/{batch}/{command}"), &body).await
}

/// Gives a command that has to be taken.
async fn taken(stage: &Stage, batch: &str, command: &str) -> BatchView {
    let reply = give(stage, batch, command, json!({})).await;
    assert_eq!(reply.status, 200, "{command}: {}", reply.text());
    view_of(&reply)
}

async fn shown(stage: &Stage, batch: &str) -> BatchView {
    view_of(&stage.get(&format!("{BATCHES}/{batch}")).await)
}

/// Waits until the batch is as wanted.
async fn until(stage: &Stage, batch: &str, wanted: impl Fn(&BatchView) -> bool) -> BatchView {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let reply = stage.get(&format!("{BATCHES}/{batch}")).await;
        // One that is about to be made is not known yet.
        let view = (reply.status != 404).then(|| view_of(&reply));
        if let Some(view) = view.clone().filter(&wanted) {
            return view;
        }
        assert!(Instant::now() < deadline, "never: {view:#?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn until_over(stage: &Stage, batch: &str) -> BatchView {
    until(stage, batch, |view| view.ended_at.is_some()).await
}

async fn waits(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "never: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// So many messages that were just sent.
fn sent(stage: &Stage, count: usize) -> Vec<Created> {
    (0..count).map(|index| stage.sent("codes", &format!("+4477009{index:05}"), Delivery::Never)).collect()
}

fn text_of(created: &[Created]) -> String {
    let ids: Vec<&str> = created.iter().map(|created| &*created.id).collect();
    ids.join("\n") + "\n"
}

fn items_of(created: &[Created]) -> Vec<Value> {
    created
        .iter()
        .map(|created| json!({"message": format!("vonage:{}", created.id), "source": "codes"}))
        .collect()
}

fn requests(stage: &Stage) -> usize {
    stage.world.truth().iter().map(|truth| truth.message.revokes.len()).sum()
}

/// How many messages were asked for, however often.
fn asked(stage: &Stage) -> usize {
    stage.world.truth().iter().filter(|truth| !truth.message.revokes.is_empty()).count()
}

async fn slow(rate: u32) -> Stage {
    Stage::with(world_config(), |world| settings(world, rate)).await
}

/// `rcs-revoke rebuild --check` finds nothing.
async fn is_sound(stage: Stage) {
    let config = stage.server.config();
    stage.server.stop().await.expect("it goes well");
    let checked = Command::new(built_program("rcs-revoke"))
        .args(["rebuild", "--check", "--config"])
        .arg(config)
        .env("RCS_REVOKE_DRILL", "1")
        .output()
        .expect("it goes well");
    let said = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(checked.status.success() && said.contains(" 0 differ, 0 damaged"), "{said}");
}

/// What a batch's export says of each message.
async fn exported(stage: &Stage, batch: &str) -> BTreeMap<String, String> {
    let reply = stage.get(&format!("{BATCHES}/{batch}/messages.ndjson")).await;
    assert_eq!(reply.status, 200);
    let text = reply.text();
    let mut all = BTreeMap::new();
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let field = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
        assert_eq!(all.insert(field("message"), field("state")), None, "twice: {line}");
    }
    let csv = stage.get(&format!("{BATCHES}/{batch}/messages.csv")).await.text();
    assert_eq!(csv.lines().count(), all.len() + 1, "both forms say the same");
    all
}

/// Every message stands in the export once, as the counts say.
async fn is_consistent(stage: &Stage, view: &BatchView) {
    let all = exported(stage, &view.batch).await;
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for state in all.values() {
        *counts.entry(state.clone()).or_default() += 1;
    }
    let mut expected = view.progress.outcomes.clone();
    expected.retain(|_, count| *count > 0);
    let skipped = view.plan.counts.skipped() + view.progress.left_out;
    for (state, count) in [("waiting", view.progress.waiting), ("skipped", skipped)] {
        if count > 0 {
            expected.insert(state.to_owned(), count);
        }
    }
    assert_eq!(counts, expected);
    let told: u64 = view.progress.outcomes.values().sum::<u64>() + view.progress.waiting;
    assert_eq!(told + view.progress.moved + view.progress.left_out, view.plan.counts.ask, "{view:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_sends_nothing_and_starts_only_as_expected() {
    let stage =
        Stage::with(world_config(), |world| format!("confirm_from = 3\n{}", settings(world, 30))).await;
    let created = sent(&stage, 3);
    let view =
        plan(&stage, &json!({"items": items_of(&created), "terms": {"title": " Campaign 118 "}})).await;
    assert_eq!((view.state, view.plan.counts.ask), (State::Planned, 3));
    assert_eq!(view.terms.title.as_deref(), Some("Campaign 118"));
    assert_eq!((view.progress.waiting, view.started_at), (3, None));
    let batch = &view.batch;
    let refused = |reply: Reply| (reply.status.as_u16(), reply.code());
    let differs = give(&stage, batch, "start", json!({"expect": 4})).await;
    assert_eq!(refused(differs), (409, "plan_differs".to_owned()));
    let unsaid = give(&stage, batch, "start", json!({})).await;
    assert_eq!(refused(unsaid), (422, "confirmation_needed".to_owned()));
    for command in ["pause", "resume", "abort"] {
        let wrong = give(&stage, batch, command, json!({})).await;
        assert_eq!(refused(wrong), (409, "wrong_state".to_owned()), "{command}");
    }
    assert_eq!(refused(give(&stage, batch, "explode", json!({})).await).0, 404);
    assert_eq!(refused(give(&stage, "bat_99", "start", json!({})).await).0, 404);
    assert_eq!(refused(give(&stage, batch, "start", json!({"expect": "3"})).await).0, 422);
    assert_eq!(shown(&stage, batch).await.state, State::Planned);
    assert_eq!(stage.messages("").await.len(), 0, "a plan makes no wish either");
    assert_eq!(requests(&stage), 0);

    let reply = give(&stage, batch, "start", json!({"expect": 3})).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let twice = give(&stage, batch, "start", json!({"expect": 3})).await;
    assert_eq!(twice.status, 200, "the same command again: {}", twice.text());
    let view = until_over(&stage, batch).await;
    assert_eq!((view.state, view.progress.outcomes.get("unconfirmed")), (State::Done, Some(&3)));
    assert!(view.started_at.is_some() && view.commands.is_empty() && view.trouble.is_none(), "{view:#?}");
    assert!(view.incident.to_string().contains("3 of 3 "), "{}", view.incident);
    is_consistent(&stage, &view).await;
    for command in ["start", "pause", "resume", "abort"] {
        let late = give(&stage, batch, command, json!({"expect": 3})).await;
        assert_eq!(refused(late), (409, "wrong_state".to_owned()), "{command}");
    }
    assert_eq!(requests(&stage), 3);
    is_sound(stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_selects_nothing_or_everything_is_refused() {
    let stage = Stage::set().await;
    let created = sent(&stage, 1);
    stage.register("codes", &created[0]).await;
    let item = json!({"message": format!("vonage:{}", created[0].id)});
    for (command, code) in [
        (json!({"select": {}}), "empty_filter"),
        (json!({"select": {"outcome": "", "q": "  "}}), "empty_filter"),
        (json!({"select": {"outcome": ",", "limit": 5}}), "empty_filter"),
        (json!({"items": []}), "wrong_number_of_items"),
        (json!({}), "wrong_number_of_items"),
        (json!({"items": vec![&item; 10_001]}), "wrong_number_of_items"),
        (json!({"items": [item], "select": {"source": "codes"}}), "two_selections"),
        (json!({"items": [item], "terms": {"source": "nobody"}}), "unknown_source"),
        (json!({"items": [item], "terms": {"title": "x".repeat(201)}}), "text_too_long"),
    ] {
        let reply = stage.post(BATCHES, &command).await;
        assert_eq!((reply.status.as_u16(), reply.code()), (422, code.to_owned()), "{}", reply.text());
    }
    for wrong in [json!({"item": []}), json!({"items": [{"message": "nonsense"}]}), json!([])] {
        assert_eq!(stage.post(BATCHES, &wrong).await.status, 422, "{wrong}");
    }
    assert_eq!(stage.get(BATCHES).await.json()["items"], json!([]), "nothing of this made a plan");
    let selected = plan(&stage, &json!({"select": {"source": "codes"}})).await;
    assert_eq!(selected.plan.counts.ask, 1);
    assert_eq!(requests(&stage), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_do_nothing_is_skipped_and_said_why() {
    let stage = Stage::set().await;
    let delivered = stage.sent("codes", "+447700900001", Delivery::Online { after_ms: 0 });
    let delivered = stage.register("codes", &delivered).await;
    stage.until(&delivered, "delivered").await;
    let asked_for = stage.register("codes", &sent(&stage, 1)[0]).await;
    stage.revoke(&[&asked_for]).await;
    stage.until(&asked_for, "unconfirmed").await;
    let old = stage.world.now_ms() - 25 * 3_600_000;
    let old_id = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";
    let before = requests(&stage);
    let items = json!([
        {"message": delivered}, {"message": asked_for},
        {"message": format!("vonage:{old_id}"), "source": "codes", "sent_at": old},
        {"message": "google_rbm:nobody@rbm.goog:1"},
    ]);
    let view = plan(&stage, &json!({"items": items})).await;
    let skipped = &view.plan.counts.skipped;
    assert_eq!(view.plan.counts.ask, 0, "{:#?}", view.plan);
    assert_eq!(skipped.get("delivered"), Some(&1), "{skipped:?}");
    assert_eq!(skipped.get("window_closed"), Some(&1), "{skipped:?}");
    assert_eq!((skipped.get("already"), skipped.get("no_source")), (Some(&1), Some(&1)), "{skipped:?}");
    let none = give(&stage, &view.batch, "start", json!({"expect": 0})).await;
    assert_eq!((none.status.as_u16(), none.code()), (409, "nothing_to_ask".to_owned()));
    is_consistent(&stage, &view).await;
    let all = exported(&stage, &view.batch).await;
    assert_eq!(all.len(), 4);
    assert!(all.values().all(|state| state == "skipped"), "{all:?}");
    assert_eq!(requests(&stage), before);
    is_sound(stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_with_a_key_is_made_once() {
    let stage = Stage::set().await;
    let created = sent(&stage, 2);
    let command = json!({"items": items_of(&created)});
    let key = [("idempotency-key", "incident-118".to_owned())];
    let (one, other) =
        tokio::join!(stage.post_with(BATCHES, &command, &key), stage.post_with(BATCHES, &command, &key));
    assert_eq!((one.status.as_u16(), other.status.as_u16()), (201, 201));
    assert_eq!(view_of(&one).batch, view_of(&other).batch);
    let reused = stage.post_with(BATCHES, &json!({"items": items_of(&created[..1])}), &key).await;
    assert_eq!((reused.status.as_u16(), reused.code()), (409, "idempotency_key_reused".to_owned()));

    let key = [("idempotency-key", "upload-118".to_owned())];
    let text = text_of(&created);
    let (one, other) = tokio::join!(
        upload(&stage, "?source=codes", text.clone(), &key),
        upload(&stage, "?source=codes", text.clone(), &key)
    );
    assert_eq!((one.status.as_u16(), other.status.as_u16()), (201, 201));
    assert_eq!(view_of(&one).batch, view_of(&other).batch);
    let other = upload(&stage, "?source=codes&again=true", text, &key).await;
    assert_eq!((other.status.as_u16(), other.code()), (409, "idempotency_key_reused".to_owned()));
    let listed = stage.get(BATCHES).await.json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 2, "{listed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_is_dropped_is_forgotten_and_sends_nothing() {
    let stage = Stage::set().await;
    let created = sent(&stage, 5);
    let view = plan(&stage, &json!({"items": items_of(&created)})).await;
    let url = format!("{}{BATCHES}/{}", stage.base(), view.batch);
    for _ in 0..2 {
        let reply = stage.call(Method::DELETE, &url, &[auth()], Bytes::new()).await;
        assert_eq!((reply.status.as_u16(), view_of(&reply).state), (200, State::Dropped), "{}", reply.text());
    }
    let gone = until_over(&stage, &view.batch).await;
    assert_eq!((gone.progress.waiting, gone.commands.len()), (0, 0));
    let late = give(&stage, &view.batch, "start", json!({"expect": 5})).await;
    assert_eq!((late.status.as_u16(), late.code()), (409, "wrong_state".to_owned()));
    let running = plan(&stage, &json!({"items": items_of(&created)})).await;
    taken(&stage, &running.batch, "start").await;
    let url = format!("{}{BATCHES}/{}", stage.base(), running.batch);
    let reply = stage.call(Method::DELETE, &url, &[auth()], Bytes::new()).await;
    assert_eq!(
        (reply.status.as_u16(), reply.code()),
        (409, "wrong_state".to_owned()),
        "what runs is aborted"
    );
    until_over(&stage, &running.batch).await;
    assert_eq!(requests(&stage), 5, "by the second only");
    is_sound(stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_are_listed_by_pages_and_closed_to_strangers() {
    let stage = Stage::set().await;
    let created = sent(&stage, 1);
    for _ in 0..5 {
        plan(&stage, &json!({"items": items_of(&created)})).await;
    }
    let mut names = Vec::new();
    let mut after = String::new();
    loop {
        let page = stage.get(&format!("{BATCHES}?limit=2{after}")).await.json();
        names.extend(page["items"].as_array().unwrap().iter().map(|view| view["batch"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(names, ["bat_5", "bat_4", "bat_3", "bat_2", "bat_1"]);
    for query in ["limit=0", "limit=201", "after=nothing", "x=1"] {
        assert_eq!(stage.get(&format!("{BATCHES}?{query}")).await.status, 422, "{query}");
    }
    assert_eq!(stage.get(&format!("{BATCHES}/bat_01")).await.status, 404);
    for (method, path) in [
        (Method::GET, ""),
        (Method::POST, ""),
        (Method::GET, "/bat_1"),
        (Method::DELETE, "/bat_1"),
        (Method::POST, "/bat_1/start"),
        (Method::GET, "/bat_1/messages.csv"),
        (Method::GET, "/bat_1/messages.ndjson"),
        (Method::GET, "/bat_1/rejects.csv"),
        (Method::POST, "/upload"),
    ] {
        let url = format!("{}{BATCHES}{path}", stage.base());
        let headers = [("content-type", "application/json".to_owned())];
        let reply = stage.call(method, &url, &headers, Bytes::from("{}")).await;
        assert_eq!(reply.status, 401, "{path}");
    }
    assert_eq!(shown(&stage, "bat_1").await.state, State::Planned);
}
