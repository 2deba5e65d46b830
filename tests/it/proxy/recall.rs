//! `rcs-revoke recall`: the real program against the real server, as a runbook calls it.

use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use rcs_revoke_simulator::behaviour::Delivery;
use rcs_revoke_simulator::config::VonageConfig;
use rcs_revoke_simulator::{Config, FaultKind, NewFault, Route};
use rcs_revoke_tests::built_program;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use super::stage::{ACCESS_KEY, Stage, settings, world_config};

mod refusals;
mod texts;

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_mins(1);
/// Every exit code that the program documents.
const DONE: i32 = 0;
const FAILED: i32 = 1;
const REFUSED: i32 = 2;
const FELL_SHORT: i32 = 4;
const PLANNED: i32 = 5;
const NOTHING_TO_ASK: i32 = 6;
const ABORTED: i32 = 7;
const UNREACHABLE: i32 = 8;
const GOES_ON: i32 = 9;
const INTERRUPTED: i32 = 130;

struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    fn of(output: &Output) -> Self {
        let ran = Self {
            code: output.status.code().expect("it ended by itself"),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        };
        for said in [&ran.out, &ran.err] {
            assert!(!said.contains(ACCESS_KEY), "the access key is shown: {said}");
            assert!(!said.contains("7700900"), "a whole number is shown: {said}");
            assert!(!said.contains("panicked"), "{said}");
        }
        ran
    }

    /// Both outputs, for messages.
    fn all(&self) -> String {
        format!("exit {}\n{}\n{}", self.code, self.out, self.err)
    }

    /// The events, of which the last says how it ended.
    fn events(&self) -> Vec<Value> {
        let event = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let events: Vec<Value> = self.out.lines().map(event).collect();
        let last = events.last().unwrap_or_else(|| panic!("no event: {}", self.all()));
        assert_eq!((&last["event"], &last["exit"]), (&Value::from("end"), &Value::from(self.code)));
        events
    }
}

/// The program with these arguments, as it is called without a terminal.
fn program(server: &str, args: &[&str]) -> Command {
    let mut command = Command::new(built_program("rcs-revoke"));
    command
        .args(["recall", "--server", server])
        .args(args)
        .env_remove("RCS_REVOKE_CONFIG")
        .env("RCS_REVOKE_ACCESS_KEY", ACCESS_KEY)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

async fn ended(child: Child) -> Ran {
    let output = tokio::time::timeout(PATIENCE, child.wait_with_output()).await;
    Ran::of(&output.expect("it ends in time").expect("it can be waited for"))
}

async fn recall(stage: &Stage, args: &[&str]) -> Ran {
    ended(program(&stage.base(), args).spawn().expect("it starts")).await
}

/// The text goes through a pipe.
async fn recall_from_pipe(stage: &Stage, args: &[&str], text: &str) -> Ran {
    let mut child = program(&stage.base(), args).stdin(Stdio::piped()).spawn().expect("it starts");
    let mut pipe = child.stdin.take().expect("it is piped");
    pipe.write_all(text.as_bytes()).await.expect("it is read");
    drop(pipe);
    ended(child).await
}

/// So many messages that were just sent, as a text of their ids.
fn sent(stage: &Stage, count: usize) -> (Vec<String>, String) {
    let ids: Vec<String> = (0..count)
        .map(|index| stage.sent("codes", &format!("+4477009{index:05}"), Delivery::Never).id)
        .collect();
    let text = ids.join("\n") + "\n";
    (ids, text)
}

fn file(stage: &Stage, name: &str, text: &str) -> String {
    let path = stage.folder.path().join(name);
    std::fs::write(&path, text).expect("the folder can be written");
    path.display().to_string()
}

/// How many requests the providers had.
fn requests(stage: &Stage) -> usize {
    stage.world.truth().iter().map(|truth| truth.message.revokes.len()).sum()
}

async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "never: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The events of a program that runs.
struct Live(Lines<BufReader<ChildStdout>>);

impl Live {
    fn of(child: &mut Child) -> Self {
        Self(BufReader::new(child.stdout.take().expect("it is piped")).lines())
    }

    /// The next event that this lets through.
    async fn next(&mut self, mut wanted: impl FnMut(&Value) -> bool) -> Value {
        let found = async {
            loop {
                let line = self.0.next_line().await.expect("text").expect("it goes on");
                let event: Value = serde_json::from_str(&line).expect("JSON");
                if wanted(&event) {
                    return event;
                }
            }
        };
        tokio::time::timeout(PATIENCE, found).await.expect("the event comes")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_tells_what_would_be_done_and_sends_nothing() {
    let stage = Stage::set().await;
    let (ids, _) = sent(&stage, 3);
    let text = format!(
        "id,phone\n{0},+447700900000\n{1},\n{0},\n{2},12\nno id,+447700900001\n",
        ids[0], ids[1], ids[2]
    );
    let file = file(&stage, "ids.csv", &text);
    let ran = recall(&stage, &["--source", "codes", "--plan", &file]).await;
    assert_eq!(ran.code, PLANNED, "{}", ran.all());
    for said in
        ["bat_1 \"ids.csv\": would ask for 2 messages", "vonage.eu by codes", "line 5", "line 6", "--start"]
    {
        assert!((ran.out.clone() + &ran.err).contains(said), "{said}: {}", ran.all());
    }
    let listed = recall(&stage, &["--list"]).await;
    assert!(listed.code == DONE && listed.out.contains("bat_1"), "{}", listed.all());
    let plan = recall(&stage, &["--batch", "bat_1", "--json"]).await;
    let plan = &plan.events()[0]["batch"]["plan"];
    assert_eq!(
        (&plan["ask"], &plan["rejected"], &plan["duplicates"]),
        (&2.into(), &2.into(), &1.into()),
        "{plan}"
    );
    let rejects =
        program(&stage.base(), &["--batch", "bat_1", "--export", "rejects"]).output().await.unwrap();
    let rejects = String::from_utf8(rejects.stdout).unwrap();
    assert_eq!(rejects.lines().count(), 3, "{rejects}");
    assert_eq!(requests(&stage), 0, "a plan sends nothing");

    let dropped = recall(&stage, &["--batch", "bat_1", "--drop"]).await;
    assert_eq!(dropped.code, DONE, "{}", dropped.all());
    assert_eq!(recall(&stage, &["--batch", "bat_1"]).await.code, ABORTED);
    let late = recall(&stage, &["--batch", "bat_1", "--start", "--yes", "2"]).await;
    assert_eq!(late.code, ABORTED, "{}", late.all());
    assert_eq!(requests(&stage), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_number_of_the_plan_starts_it() {
    let stage = Stage::set().await;
    let (ids, text) = sent(&stage, 3);
    let file = file(&stage, "ids.txt", &text);
    let wrong = recall(&stage, &["--source", "codes", "--yes", "4", &file]).await;
    assert_eq!(wrong.code, PLANNED, "{}", wrong.all());
    assert!(wrong.err.contains("asks for 3") && wrong.err.contains("--yes says 4"), "{}", wrong.all());
    let nobody = recall(&stage, &["--source", "codes", "--json", &file]).await;
    assert_eq!(nobody.code, PLANNED, "{}", nobody.all());
    assert_eq!(nobody.events()[0]["batch"]["state"], "planned");
    assert_eq!(requests(&stage), 0);
    let started = recall(&stage, &["--batch", "bat_2", "--start", "--yes", "3", "--no-wait"]).await;
    assert_eq!(started.code, DONE, "{}", started.all());
    let watched = recall(&stage, &["--batch", "bat_2", "--watch"]).await;
    assert_eq!(watched.code, DONE, "{}", watched.all());
    for id in ids {
        assert_eq!(stage.world.truth_of(&id).unwrap().message.revokes.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hundreds_of_messages_are_taken_back_by_one_command() {
    let world = world_config();
    let world = Config { vonage: VonageConfig { rate_limit: None, ..world.vonage }, ..world };
    let stage = Stage::with(world, |world| settings(world, 200)).await;
    let (ids, text) = sent(&stage, 300);
    let file = file(&stage, "ids.txt", &text);
    let args =
        ["--source", "codes", "--title", "Campaign 118", "--reason", "wrong price", "--json", "--yes", "300"];
    let ran = recall(&stage, &[&args[..], &[&file]].concat()).await;
    assert_eq!(ran.code, DONE, "{}", ran.all());
    let events = ran.events();
    let names: Vec<&str> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(&names[..3], ["plan", "started", "progress"]);
    assert!(names[2..names.len() - 1].iter().all(|name| *name == "progress"), "{names:?}");
    let waiting: Vec<u64> = events.iter().filter_map(|event| event["waiting"].as_u64()).collect();
    assert!(waiting.is_sorted_by(|one, next| one >= next) && waiting.last() == Some(&0), "{waiting:?}");
    let end = &events.last().unwrap()["batch"];
    assert_eq!(end["state"], "done");
    assert_eq!(end["terms"]["title"], "Campaign 118");
    assert_eq!(end["progress"]["outcomes"]["unconfirmed"], 300);
    for id in ids {
        assert_eq!(stage.world.truth_of(&id).unwrap().message.revokes.len(), 1, "{id}");
    }
    let export = recall(&stage, &["--batch", "bat_1", "--export", "ndjson"]).await;
    assert_eq!((export.code, export.out.lines().count()), (DONE, 300), "{}", export.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_shows_in_the_exit_code() {
    let stage = Stage::set().await;
    let (ids, text) = sent(&stage, 3);
    stage.world.add_fault(NewFault {
        route: Some(Route::VonageRevoke),
        message: Some(ids[1].clone()),
        ..NewFault::new(FaultKind::Status { status: 422, retry_after: None, body: None, after_effect: false })
    });
    let file = file(&stage, "ids.txt", &text);
    let ran = recall(&stage, &["--source", "codes", "--yes", "3", &file]).await;
    assert_eq!(ran.code, FELL_SHORT, "{}", ran.all());
    assert!(ran.out.contains("refused 1"), "{}", ran.all());
    assert_eq!(recall(&stage, &["--batch", "bat_1"]).await.code, FELL_SHORT, "and later too");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_paused_resumed_and_aborted_while_somebody_watches() {
    let stage = Stage::with(world_config(), |world| settings(world, 10)).await;
    let (_, text) = sent(&stage, 80);
    let file = file(&stage, "ids.txt", &text);
    let args = ["--source", "codes", "--json", "--yes", "80", &file];
    let mut watcher = program(&stage.base(), &args).spawn().unwrap();
    let mut events = Live::of(&mut watcher);
    events.next(|event| event["event"] == "started").await;
    until("some are asked for", || requests(&stage) >= 5).await;
    assert_eq!(recall(&stage, &["--batch", "bat_1"]).await.code, GOES_ON);

    let paused = recall(&stage, &["--batch", "bat_1", "--pause"]).await;
    assert_eq!(paused.code, DONE, "{}", paused.all());
    let effective = stage.world.now_ms() + 1_000;
    events.next(|event| event["state"] == "paused").await;
    until("a while passes", || stage.world.now_ms() > effective + 2_000).await;
    let resumed_at = stage.world.now_ms();
    let resumed = recall(&stage, &["--batch", "bat_1", "--resume"]).await;
    assert_eq!(resumed.code, DONE, "{}", resumed.all());
    let before = requests(&stage);
    until("it goes on", || requests(&stage) > before).await;
    let truth = stage.world.truth();
    let revokes = truth.iter().flat_map(|truth| &truth.message.revokes);
    let meanwhile = revokes.filter(|revoke| (effective..resumed_at).contains(&revoke.at_ms)).count();
    assert_eq!(meanwhile, 0, "nothing is asked for while it is paused");

    let aborted = recall(&stage, &["--batch", "bat_1", "--abort"]).await;
    assert_eq!(aborted.code, DONE, "{}", aborted.all());
    let end = events.next(|event| event["event"] == "end").await;
    assert_eq!((&end["end"], &end["exit"]), (&"aborted".into(), &ABORTED.into()));
    let waiting = end["batch"]["progress"]["waiting"].as_u64().unwrap();
    assert!(waiting > 0, "{end}");
    assert_eq!(ended(watcher).await.code, ABORTED);
    let asked = stage.world.truth().iter().filter(|truth| !truth.message.revokes.is_empty()).count();
    assert_eq!(asked as u64 + waiting, 80, "each is asked for, or said to be not");
    assert_eq!(recall(&stage, &["--batch", "bat_1", "--resume"]).await.code, REFUSED, "an end is an end");
}

#[tokio::test(flavor = "multi_thread")]
async fn watching_outlives_a_killed_server() {
    let mut stage = Stage::with(world_config(), |world| settings(world, 20)).await;
    let (ids, text) = sent(&stage, 100);
    let file = file(&stage, "ids.txt", &text);
    let args = ["--source", "codes", "--json", "--yes", "100", &file];
    let mut watcher = program(&stage.base(), &args).spawn().unwrap();
    let mut events = Live::of(&mut watcher);
    until("some are asked for", || requests(&stage) >= 10).await;
    stage.server.kill().await.unwrap();
    events.next(|event| event["event"] == "connection" && event["answers"] == false).await;
    let asked = requests(&stage);
    assert!(asked < 100, "it was killed too late to show anything");
    let began = Instant::now();
    stage.server.start_again().unwrap();
    stage.server.ready_since(began).await.unwrap();
    events.next(|event| event["event"] == "connection" && event["answers"] == true).await;
    let end = events.next(|event| event["event"] == "end").await;
    assert_eq!(end["end"], "done", "{end}");
    assert_eq!(end["batch"]["progress"]["outcomes"]["unconfirmed"], 100);
    assert_eq!(ended(watcher).await.code, DONE);
    for id in ids {
        assert!(!stage.world.truth_of(&id).unwrap().message.revokes.is_empty(), "{id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupt_ends_the_watching_and_not_the_batch() {
    let stage = Stage::with(world_config(), |world| settings(world, 10)).await;
    let (_, text) = sent(&stage, 30);
    let file = file(&stage, "ids.txt", &text);
    let watcher = program(&stage.base(), &["--source", "codes", "--yes", "30", &file]).spawn().unwrap();
    until("some are asked for", || requests(&stage) >= 3).await;
    let process = watcher.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-INT", &process]).status().await.unwrap().success());
    let ran = ended(watcher).await;
    assert_eq!(ran.code, INTERRUPTED, "{}", ran.all());
    for said in ["bat_1 goes on", "--watch", "--pause", "--abort"] {
        assert!(ran.err.contains(said), "{said}: {}", ran.all());
    }
    let end = recall(&stage, &["--batch", "bat_1", "--watch"]).await;
    assert_eq!(end.code, DONE, "{}", end.all());
    assert_eq!(requests(&stage), 30);
}
