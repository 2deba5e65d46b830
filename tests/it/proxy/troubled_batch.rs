//! A batch in whose middle something goes wrong outside of it: it says what and since when, nothing of it is lost or
//! asked for twice, and it goes on by itself once the cause is gone.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use rcs_revoke_api::BatchView;
use rcs_revoke_core::recall::State;
use rcs_revoke_simulator::behaviour::Delivery;
use rcs_revoke_simulator::{FaultKind, NewFault, Route, Running};
use rcs_revoke_tests::built_program;
use serde_json::json;
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;
use tempfile::TempDir;

use super::stage::{Stage, settings, world_config};
use super::store_attack::disk::{Disk, NO_SPACE, READ_ONLY};
use super::store_attack::refusing::{check, until_state};

const PATIENCE: Duration = Duration::from_mins(1);
/// How many messages a batch has: so many that some still wait when something goes wrong.
const MESSAGES: usize = 90;
const RATE: u32 = 15;
/// From how many requests on it is in the middle.
const SOME: usize = 10;

/// A batch that runs, and the ids of its messages.
struct Recall {
    stage: Stage,
    batch: String,
    ids: Vec<String>,
}

impl Recall {
    async fn begun(program: &Path, more: &str) -> Self {
        let with = |world: &Running| {
            settings(world, RATE).replace("settle = \"1s\"", &format!("settle = \"1s\"{more}"))
        };
        let stage = Stage::with_program(program, world_config(), with).await;
        let mut ids = Vec::new();
        let mut items = Vec::new();
        for number in 0..MESSAGES {
            let sent = stage.sent("codes", &format!("+4477009{number:05}"), Delivery::Never);
            items.push(json!({"message": format!("vonage:{}", sent.id), "source": "codes"}));
            ids.push(sent.id);
        }
        let reply = stage.post("/api/v1/batches", &json!({ "items": items })).await;
        assert_eq!(reply.status, 201, "{}", reply.text());
        let batch = reply.json()["batch"].as_str().expect("a batch").to_owned();
        let recall = Self { stage, batch, ids };
        recall.order("start").await;
        recall.until("some are asked for", |recall, _| recall.asked() >= SOME).await;
        recall
    }

    async fn order(&self, command: &str) {
        let reply = self.stage.post(&format!("/api/v1/batches/{}/{command}", self.batch), &json!({})).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
    }

    async fn view(&self) -> BatchView {
        let path = format!("/api/v1/batches/{}", self.batch);
        self.stage.server.api.get(&path).await.unwrap_or_else(|error| panic!("{error:#}"))
    }

    /// Requests that the provider has had.
    fn asked(&self) -> usize {
        let asked = |id: &String| self.stage.world.truth_of(id).expect("it is known").message.revokes.len();
        self.ids.iter().map(asked).sum()
    }

    async fn until(&self, what: &str, is_so: impl Fn(&Self, &BatchView) -> bool) -> BatchView {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let view = self.view().await;
            if is_so(self, &view) {
                return view;
            }
            assert!(Instant::now() < deadline, "never: {what}; {:?} {:?}", view.trouble, view.progress);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn until_trouble(&self, code: &str) -> String {
        let is_told =
            |_: &Self, view: &BatchView| view.trouble.as_ref().is_some_and(|told| told.code == code);
        let view = self.until(&format!("trouble `{code}`"), is_told).await;
        view.trouble.expect("just seen").sentence.to_string()
    }

    /// Everything is asked for, each message once for each time that its provider could have heard it.
    async fn ends_whole(self) {
        let view = self.until("done", |_, view| view.state == State::Done).await;
        assert_eq!((view.progress.waiting, &view.trouble), (0, &None));
        let counted: u64 = view.progress.outcomes.values().sum();
        assert_eq!((counted, view.progress.left_out), (MESSAGES as u64, 0), "{:?}", view.progress);
        for id in &self.ids {
            let asked = self.stage.world.truth_of(id).expect("it is known").message.revokes.len();
            assert_ne!(asked, 0, "{id} was never asked for");
        }
        let (sound, said) = check(self.stage.folder.path(), None);
        assert!(sound && said.contains(" 0 differ, 0 damaged"), "{said}");
    }
}

async fn survives_a_store_that_is(
    wanted: &str,
    break_it: impl AsyncFnOnce(&Recall),
    heal: impl AsyncFnOnce(),
    recall: Recall,
) {
    break_it(&recall).await;
    until_state(&recall.stage, wanted).await;
    let said = recall.until_trouble("store").await;
    assert!(said.starts_with("Nothing is sent meanwhile."), "{said}");
    // What had left before is answered; then nothing more leaves.
    let asked = recall.asked();
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(recall.asked() <= asked + RATE as usize, "it goes on without a store");
    let waiting = recall.view().await.progress.waiting;
    assert!(waiting > 0, "it was over before anything went wrong: this shows nothing");
    heal().await;
    until_state(&recall.stage, "ok").await;
    recall.until("no trouble", |_, view| view.trouble.is_none()).await;
    recall.ends_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_in_its_middle() {
    let disk = Disk::sound();
    let recall = Recall::begun(&disk.program(&[]), "").await;
    let fill = async |_: &Recall| disk.refuse_writes(NO_SPACE, ".db");
    survives_a_store_that_is("full", fill, async || disk.heal(), recall).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_becomes_read_only_in_its_middle() {
    let disk = Disk::sound();
    let recall = Recall::begun(&disk.program(&[]), "").await;
    let forbid = async |_: &Recall| disk.refuse_writes(READ_ONLY, ".db");
    survives_a_store_that_is("read_only", forbid, async || disk.heal(), recall).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_process_that_locks_the_database_in_its_middle() {
    let recall = Recall::begun(&built_program("rcs-revoke"), "").await;
    let file = recall.stage.folder.path().join("server.db");
    let mut other = SqliteConnection::connect(&format!("sqlite://{}", file.display())).await.unwrap();
    // The server writes all the time: the lock is had between two of its commits.
    sqlx::raw_sql("PRAGMA busy_timeout = 20000; BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let heal = async || other.close().await.unwrap();
    survives_a_store_that_is("locked", async |_: &Recall| {}, heal, recall).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_answers_nothing_in_its_middle() {
    let recall = Recall::begun(&built_program("rcs-revoke"), ", request_timeout = \"1s\"").await;
    let silence = FaultKind::Latency { ms: 3_600_000, jitter_ms: 0, after_effect: false };
    let fault = NewFault { route: Some(Route::VonageRevoke), ..NewFault::new(silence) };
    let fault = recall.stage.world.add_fault(fault);
    let said = recall.until_trouble("provider").await;
    assert!(said.starts_with("All requests of the source codes got no whole answer since "), "{said}");
    assert_eq!(recall.stage.get("/readyz").await.status, 200, "the server itself can do its work");
    recall.stage.world.remove_faults(Some(fault));
    recall.until("no trouble", |_, view| view.trouble.is_none()).await;
    recall.ends_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_refuses_the_credentials_in_its_middle() {
    let recall = Recall::begun(&built_program("rcs-revoke"), "").await;
    let refusal = FaultKind::Status { status: 401, retry_after: None, body: None, after_effect: false };
    let fault = NewFault { route: Some(Route::VonageRevoke), ..NewFault::new(refusal) };
    let fault = recall.stage.world.add_fault(fault);
    let said = recall.until_trouble("provider").await;
    assert!(said.contains("the credentials are not accepted"), "{said}");
    recall.stage.world.remove_faults(Some(fault));
    recall.until("no trouble", |_, view| view.trouble.is_none()).await;
    recall.until("all are asked for", |_, view| view.progress.waiting == 0).await;
}

/// The time of day, as one program sees it.
struct TimeOfDay(TempDir);

impl TimeOfDay {
    fn right() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Self(folder);
        fs::write(clock.path("clock.c"), include_str!("troubled_batch/clock.c")).unwrap();
        let compiled = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .args([clock.path("clock.so"), clock.path("clock.c")])
            .arg("-ldl")
            .status();
        assert!(compiled.unwrap().success());
        clock.set(0);
        clock
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn program(&self) -> PathBuf {
        let text = format!(
            "#!/bin/sh\nexport CLOCK_OFFSET='{}' LD_PRELOAD='{}'\nexec '{}' \"$@\"\n",
            self.path("offset").display(),
            self.path("clock.so").display(),
            built_program("rcs-revoke").display()
        );
        let program = self.path("rcs-revoke");
        fs::write(&program, text).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        program
    }

    /// In one step, so that nobody reads half of it.
    fn set(&self, seconds: i64) {
        fs::write(self.path("next"), seconds.to_string()).unwrap();
        fs::rename(self.path("next"), self.path("offset")).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_an_hour_ahead_in_its_middle() {
    let clock = TimeOfDay::right();
    let recall = Recall::begun(&clock.program(), "").await;
    clock.set(3_600);
    recall.ends_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_an_hour_back_in_its_middle_and_is_set_right() {
    let clock = TimeOfDay::right();
    let recall = Recall::begun(&clock.program(), "").await;
    clock.set(-3_600);
    // Whatever waits for an instant waits for it by the clock; what waits for its turn does not.
    recall
        .until("all are asked for", |recall, view| view.progress.waiting == 0 && recall.asked() >= MESSAGES)
        .await;
    clock.set(0);
    recall.ends_whole().await;
}
