//! Batches over the API: planned, started, paused, aborted, dropped, repeated, watched, exported, killed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Method, Request};
use http_body_util::{BodyExt, Full};
use rcs_revoke_api::BatchView;
use rcs_revoke_core::recall::{State, is_under_way};
use rcs_revoke_simulator::behaviour::Delivery;
use rcs_revoke_simulator::{Created, FaultKind, NewFault, Route};
use rcs_revoke_tests::built_program;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

use super::stage::{Reply, Stage, auth, settings, world_config};

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(60);
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
    created.iter().map(|created| format!("{}\n", created.id)).collect()
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
    stage.server.stop().await.unwrap();
    let checked = Command::new(built_program("rcs-revoke"))
        .args(["rebuild", "--check", "--config"])
        .arg(config)
        .env("RCS_REVOKE_DRILL", "1")
        .output()
        .unwrap();
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
    assert!(view.incident.to_string().contains("3 of 3 asked"), "{}", view.incident);
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
async fn an_upload_tells_every_row_that_it_could_not_take() {
    let stage = Stage::set().await;
    let created = sent(&stage, 40);
    let mut text = String::from("\u{feff}id;phone;note\r\n");
    for created in &created {
        write!(text, "{};{};\"x;y\"\r\n", created.id, created.phone).unwrap();
    }
    for row in 0..150 {
        write!(text, "no id {row};+4477009{row:05};\r\n").unwrap();
    }
    write!(text, "{};{};again\r\n", created[0].id, created[0].phone).unwrap();
    let reply = upload(&stage, "?source=codes&title=Campaign%20118", text, &[]).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    let view = view_of(&reply);
    let plan = &view.plan;
    assert_eq!((plan.counts.ask, plan.rejected, plan.duplicates), (40, 150, 1), "{plan:#?}");
    assert_eq!((plan.problems.len(), plan.problems[0].line), (100, 42));
    assert!(!reply.text().contains("4477009000"), "no whole number in an answer");
    let rejects = stage.get(&format!("{BATCHES}/{}/rejects.csv", view.batch)).await.text();
    assert_eq!(rejects.lines().count(), 151, "all of them, whatever the answer lists");
    assert!(rejects.starts_with("line,column,code,detail,text\r\n42,"), "{}", &rejects[..200]);
    is_consistent(&stage, &view).await;
    assert_eq!(requests(&stage), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_breaks_off_leaves_no_plan_that_can_be_started() {
    let stage = Stage::set().await;
    let address = stage.base().trim_start_matches("http://").to_owned();
    let mut caller = tokio::net::TcpStream::connect(&address).await.unwrap();
    let (name, value) = auth();
    let text = text_of(&sent(&stage, 3_000));
    let head = format!(
        "POST {BATCHES}/upload?source=codes HTTP/1.1\r\nHost: {address}\r\n{name}: {value}\r\n\
         Content-Type: application/octet-stream\r\nIdempotency-Key: cut\r\nContent-Length: {}\r\n\r\n",
        text.len() + 1_000
    );
    caller.write_all(head.as_bytes()).await.unwrap();
    caller.write_all(text.as_bytes()).await.unwrap();
    caller.flush().await.unwrap();
    let reading = until(&stage, "bat_1", |view| view.progress.waiting > 0).await;
    assert_eq!(reading.state, State::Reading);
    let early = give(&stage, "bat_1", "start", json!({"expect": 3_000})).await;
    assert_eq!((early.status.as_u16(), early.code()), (409, "wrong_state".to_owned()));
    drop(caller);
    let view = until_over(&stage, "bat_1").await;
    assert_eq!((view.state, view.progress.waiting), (State::Dropped, 0));
    let late = give(&stage, "bat_1", "start", json!({})).await;
    assert_eq!((late.status.as_u16(), late.code()), (409, "wrong_state".to_owned()));
    assert_eq!(requests(&stage), 0);
    let again = [("idempotency-key", "cut".to_owned())];
    let view = view_of(&upload(&stage, "?source=codes", text, &again).await);
    assert_eq!(
        (view.state, view.plan.counts.ask),
        (State::Planned, 3_000),
        "and the same key makes it whole"
    );
    is_sound(stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_a_kill_cuts_off_is_no_plan_either() {
    let stage = Stage::set().await;
    let address = stage.base().trim_start_matches("http://").to_owned();
    let mut caller = tokio::net::TcpStream::connect(&address).await.unwrap();
    let (name, value) = auth();
    let text = text_of(&sent(&stage, 3_000));
    let head = format!(
        "POST {BATCHES}/upload?source=codes HTTP/1.1\r\nHost: {address}\r\n{name}: {value}\r\n\
         Content-Type: application/octet-stream\r\nContent-Length: {}\r\n\r\n",
        text.len() + 1_000
    );
    caller.write_all(head.as_bytes()).await.unwrap();
    caller.write_all(text.as_bytes()).await.unwrap();
    until(&stage, "bat_1", |view| view.progress.waiting > 0).await;
    let stage = stage.kill_and_start(30).await;
    let view = until_over(&stage, "bat_1").await;
    assert_eq!((view.state, view.progress.waiting), (State::Dropped, 0));
    assert_eq!(requests(&stage), 0);
    is_sound(stage).await;
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
async fn a_pause_is_effective_within_a_second_and_outlives_a_kill() {
    let stage = slow(20).await;
    let created = sent(&stage, 120);
    let view = view_of(&upload(&stage, "?source=codes", text_of(&created), &[]).await);
    let started = give(&stage, &view.batch, "start", json!({"expect": 120})).await;
    assert_eq!(started.status, 200, "{}", started.text());
    waits("some are asked for", || asked(&stage) >= 10).await;
    let paused = taken(&stage, &view.batch, "pause").await;
    assert_eq!(paused.state, State::Paused);
    let effective = stage.world.now_ms() + 1_000;
    waits("a while passes", || stage.world.now_ms() > effective + 1_500).await;
    let stage = stage.kill_and_start(20).await;
    assert_eq!(shown(&stage, &view.batch).await.state, State::Paused, "it was written down");
    let restarted = stage.world.now_ms();
    waits("a while passes", || stage.world.now_ms() > restarted + 1_500).await;
    let still = shown(&stage, &view.batch).await;
    assert!(still.progress.waiting > 0 && still.progress.seconds_left.is_none(), "{still:#?}");
    is_consistent(&stage, &still).await;
    let resumed_at = stage.world.now_ms();
    assert_eq!(taken(&stage, &view.batch, "resume").await.state, State::Running);
    let end = until_over(&stage, &view.batch).await;
    assert_eq!(end.progress.outcomes.get("unconfirmed"), Some(&120), "{end:#?}");
    let truth = stage.world.truth();
    let revokes = truth.iter().flat_map(|truth| &truth.message.revokes);
    assert_eq!(revokes.filter(|revoke| (effective..resumed_at).contains(&revoke.at_ms)).count(), 0);
    assert_eq!((asked(&stage), requests(&stage)), (120, 120));
    is_sound(stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_paused_batch_had_begun_is_not_repeated_before_it_goes_on() {
    let stage = Stage::set().await;
    let created = sent(&stage, 5);
    // The first try fails in a way that is tried again.
    stage.world.add_fault(NewFault {
        route: Some(Route::VonageRevoke),
        ..NewFault::new(FaultKind::Status { status: 503, retry_after: None, body: None, after_effect: false })
    });
    let view = plan(&stage, &json!({"items": items_of(&created)})).await;
    taken(&stage, &view.batch, "start").await;
    waits("each is asked for", || asked(&stage) == 5).await;
    taken(&stage, &view.batch, "pause").await;
    let effective = stage.world.now_ms() + 1_000;
    stage.world.remove_faults(None);
    // The first two repetitions would come after one and five seconds.
    waits("a while passes", || stage.world.now_ms() > effective + 6_000).await;
    let resumed_at = stage.world.now_ms();
    let truth = stage.world.truth();
    let late = truth.iter().flat_map(|truth| &truth.message.revokes);
    assert_eq!(late.filter(|revoke| (effective..resumed_at).contains(&revoke.at_ms)).count(), 0);
    taken(&stage, &view.batch, "resume").await;
    let end = until_over(&stage, &view.batch).await;
    assert_eq!(end.progress.outcomes.get("unconfirmed"), Some(&5), "{end:#?}");
    is_sound(stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_asked_for_when_it_was_aborted_never_is() {
    let stage = slow(20).await;
    let created = sent(&stage, 120);
    // Those that are tried again are taken back, too.
    stage.world.add_fault(NewFault {
        route: Some(Route::VonageRevoke),
        count: Some(3),
        ..NewFault::new(FaultKind::Status { status: 429, retry_after: None, body: None, after_effect: false })
    });
    let view = view_of(&upload(&stage, "?source=codes", text_of(&created), &[]).await);
    give(&stage, &view.batch, "start", json!({"expect": 120})).await;
    waits("some are asked for", || asked(&stage) >= 20).await;
    let aborted = taken(&stage, &view.batch, "abort").await;
    assert_eq!(aborted.state, State::Aborted);
    let effective = stage.world.now_ms() + 1_000;
    let end = until_over(&stage, &view.batch).await;
    assert_eq!(end.state, State::Aborted);
    assert!(end.progress.waiting > 0, "{end:#?}");
    assert!(!end.progress.outcomes.iter().any(|(code, count)| is_under_way(code) && *count > 0), "{end:#?}");
    assert!(end.progress.outcomes.get("withdrawn").is_some_and(|count| (1..=3).contains(count)), "{end:#?}");
    is_consistent(&stage, &end).await;
    waits("a while passes", || stage.world.now_ms() > effective + 6_000).await;
    let truth = stage.world.truth();
    let late =
        truth.iter().flat_map(|truth| &truth.message.revokes).filter(|revoke| revoke.at_ms >= effective);
    assert_eq!(late.count(), 0);
    assert_eq!(asked(&stage) as u64 + end.progress.waiting, 120);
    let stage = stage.kill_and_start(20).await;
    let started = stage.world.now_ms();
    waits("a while passes", || stage.world.now_ms() > started + 1_500).await;
    assert_eq!(shown(&stage, &view.batch).await.progress, end.progress, "an end is an end");
    assert_eq!(asked(&stage) as u64 + end.progress.waiting, 120);
    is_sound(stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fell_short_is_selected_for_another_batch_and_moves_there() {
    let stage = Stage::set().await;
    let created = sent(&stage, 6);
    for created in &created[..2] {
        stage.world.add_fault(NewFault {
            route: Some(Route::VonageRevoke),
            message: Some(created.id.clone()),
            ..NewFault::new(FaultKind::Status {
                status: 403,
                retry_after: None,
                body: None,
                after_effect: false,
            })
        });
    }
    let first = plan(&stage, &json!({"items": items_of(&created)})).await;
    taken(&stage, &first.batch, "start").await;
    let ended = until_over(&stage, &first.batch).await;
    assert_eq!(ended.progress.outcomes, BTreeMap::from([("refused".into(), 2), ("unconfirmed".into(), 4)]));
    assert_eq!(ended.retriable, 6);
    stage.world.remove_faults(None);
    let select = json!({"batch": first.batch, "outcome": "refused,inconclusive"});
    let second = plan(&stage, &json!({"select": select, "terms": {"again": true}})).await;
    assert_eq!(second.plan.counts.ask, 2, "{:#?}", second.plan);
    assert_eq!(shown(&stage, &first.batch).await.progress.moved, 0, "a plan moves nothing");
    taken(&stage, &second.batch, "start").await;
    let repeated = until_over(&stage, &second.batch).await;
    assert_eq!(repeated.progress.outcomes, BTreeMap::from([("unconfirmed".into(), 2)]));
    let ended = shown(&stage, &first.batch).await;
    assert_eq!(
        (ended.progress.moved, ended.progress.outcomes.get("unconfirmed")),
        (2, Some(&4)),
        "{ended:#?}"
    );
    is_consistent(&stage, &ended).await;
    is_consistent(&stage, &repeated).await;
    is_sound(stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_two_batches_is_asked_for_once_unless_again_is_said() {
    let stage = Stage::set().await;
    let created = sent(&stage, 6);
    let one = plan(&stage, &json!({"items": items_of(&created[..4])})).await;
    let other = plan(&stage, &json!({"items": items_of(&created[2..])})).await;
    assert_eq!((one.plan.counts.ask, other.plan.counts.ask), (4, 4));
    taken(&stage, &one.batch, "start").await;
    let one = until_over(&stage, &one.batch).await;
    taken(&stage, &other.batch, "start").await;
    let other = until_over(&stage, &other.batch).await;
    assert_eq!(one.progress.outcomes.get("unconfirmed"), Some(&4));
    assert_eq!(
        (other.progress.outcomes.get("unconfirmed"), other.progress.left_out),
        (Some(&2), 2),
        "{other:#?}"
    );
    assert_eq!(shown(&stage, &one.batch).await.progress.moved, 0);
    assert_eq!(requests(&stage), 6);
    is_consistent(&stage, &one).await;
    is_consistent(&stage, &other).await;
    is_sound(stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_delivered_between_plan_and_start_is_not_asked_for() {
    let stage = Stage::set().await;
    let created = sent(&stage, 2);
    let late = stage.register("codes", &created[0]).await;
    let view = plan(&stage, &json!({"items": items_of(&created)})).await;
    assert_eq!(view.plan.counts.ask, 2);
    let delivered: rcs_revoke_simulator::NewEvent =
        serde_json::from_value(json!({"message": created[0].id, "word": "delivered"})).unwrap();
    stage.world.emit_event(&delivered).unwrap();
    stage.until(&late, "delivered").await;
    taken(&stage, &view.batch, "start").await;
    let end = until_over(&stage, &view.batch).await;
    assert_eq!(
        end.progress.outcomes,
        BTreeMap::from([("delivered".into(), 1), ("unconfirmed".into(), 1)]),
        "{end:#?}"
    );
    assert!(stage.world.truth_of(&created[0].id).unwrap().message.revokes.is_empty());
    is_consistent(&stage, &end).await;
    is_sound(stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_asked_for_before_its_time() {
    let stage = Stage::set().await;
    let created = sent(&stage, 3);
    let begins = stage.world.now_ms() + 4_000;
    let view = plan(&stage, &json!({"items": items_of(&created), "terms": {"not_before": begins}})).await;
    taken(&stage, &view.batch, "start").await;
    let held = shown(&stage, &view.batch).await;
    assert_eq!(held.trouble.map(|trouble| trouble.code).as_deref(), Some("not_before"));
    let end = until_over(&stage, &view.batch).await;
    assert_eq!(end.progress.outcomes.get("unconfirmed"), Some(&3));
    for truth in stage.world.truth() {
        assert!(truth.message.revokes.iter().all(|revoke| revoke.at_ms >= begins), "{truth:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_watched_live_without_its_messages() {
    let stage = slow(20).await;
    let created = sent(&stage, 60);
    let view = plan(&stage, &json!({"items": items_of(&created)})).await;
    let (name, value) = auth();
    let request = Request::get(format!("{}/api/v1/events?messages=false", stage.base())).header(name, value);
    let answer = stage.http.request(request.body(Full::new(Bytes::new())).unwrap()).await.unwrap();
    let mut body = answer.into_body();
    taken(&stage, &view.batch, "start").await;
    let mut text = String::new();
    let mut names = BTreeSet::new();
    let mut seen: Vec<(Instant, BatchView)> = Vec::new();
    let watched = async {
        loop {
            while let Some((event, rest)) = text.clone().split_once("\n\n") {
                rest.clone_into(&mut text);
                let field =
                    |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
                let Some(name) = field("event:") else { continue };
                names.insert(name.to_owned());
                if name == "batch" {
                    seen.push((Instant::now(), serde_json::from_str(field("data:").unwrap()).unwrap()));
                }
            }
            if seen.last().is_some_and(|(_, view)| view.ended_at.is_some()) {
                return;
            }
            let frame = body.frame().await.expect("it goes on").expect("the connection holds");
            text += &String::from_utf8_lossy(&frame.into_data().unwrap_or_default());
        }
    };
    tokio::time::timeout(PATIENCE, watched).await.expect("the end comes");
    assert_eq!(names, BTreeSet::from(["batch".to_owned(), "hello".to_owned()]), "no event of a message");
    let asked: Vec<u64> = seen.iter().map(|(_, view)| 60 - view.progress.waiting).collect();
    assert!(asked.is_sorted() && asked.iter().any(|asked| (1..60).contains(asked)), "{asked:?}");
    let rates: Vec<u32> = seen.iter().map(|(_, view)| view.progress.rate).collect();
    assert!(rates.iter().any(|rate| *rate > 0) && rates.iter().all(|rate| *rate <= 21), "{rates:?}");
    let (first, last) = (seen.first().unwrap().0, seen.last().unwrap().0);
    let most = (last - first).as_millis() / 450 + 3;
    assert!(seen.len() as u128 <= most, "{} events in {:?}", seen.len(), last - first);
    let end = &seen.last().unwrap().1;
    assert_eq!((end.state, end.progress.outcomes.get("unconfirmed")), (State::Done, Some(&60)));
    assert_eq!(end.progress.history.requests.iter().sum::<u32>(), 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_batch_goes_on_by_itself_and_loses_and_doubles_nothing() {
    const COUNT: usize = 240;
    let mut stage = slow(30).await;
    let created = sent(&stage, COUNT);
    stage.world.add_fault(NewFault {
        route: Some(Route::VonageRevoke),
        ..NewFault::new(FaultKind::Latency { ms: 120, jitter_ms: 0, after_effect: false })
    });
    let view = view_of(&upload(&stage, "?source=codes&reason=wrong", text_of(&created), &[]).await);
    give(&stage, &view.batch, "start", json!({"expect": COUNT})).await;
    let mut kills = Vec::new();
    for kill in 1..=3 {
        waits("some more are asked for", || asked(&stage) >= kill * 40).await;
        let before = stage.world.now_ms();
        stage = stage.kill_and_start(30).await;
        kills.push(before..stage.world.now_ms());
    }
    assert!(asked(&stage) < COUNT, "it was killed too late to show anything");
    let end = until_over(&stage, &view.batch).await;
    assert_eq!(end.state, State::Done);
    assert_eq!(end.progress.outcomes, BTreeMap::from([("unconfirmed".into(), COUNT as u64)]), "{end:#?}");
    assert_eq!((end.progress.waiting, end.progress.left_out, end.progress.moved), (0, 0, 0));
    is_consistent(&stage, &end).await;
    for created in &created {
        let truth = stage.world.truth_of(&created.id).unwrap();
        let detail = stage.server.api.message(&format!("vonage:{}", created.id)).await.unwrap();
        let attempts =
            detail.timeline.iter().filter(|entry| entry.title.to_string().contains("api-")).count();
        let seen = &truth.message.revokes;
        assert!((1..=attempts).contains(&seen.len()), "each was written down before it left: {detail:#?}");
        for pair in seen.windows(2) {
            let (first, second) = (pair[0].at_ms, pair[1].at_ms);
            // A request that the kill left without an answer, as one does that arrived a moment before it.
            let is_cut = |kill: &std::ops::Range<i64>| {
                first < kill.end && first > kill.start - 2_000 && second > kill.start
            };
            assert!(kills.iter().any(is_cut), "asked for twice without cause: {seen:?}, kills {kills:?}");
        }
    }
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
