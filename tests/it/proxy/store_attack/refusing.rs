//! A running server whose database takes no writes: refused, said, nothing sent; and afterwards all goes on.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use rcs_revoke_simulator::behaviour::Delivery;
use rcs_revoke_tests::built_program;
use serde_json::{Value, json};
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;

use super::super::stage::{Reply, Stage, settings, world_config};
use super::super::webhooks::{UUID, google_event, vonage_status};
use super::disk::{Disk, INPUT_OUTPUT, NO_SPACE, QUOTA_EXCEEDED, READ_ONLY};

const PATIENCE: Duration = Duration::from_secs(30);

/// What happens to the store, and ends again.
trait Attack {
    async fn begin(&mut self, stage: &Stage);
    async fn end(&mut self, stage: &Stage);
}

/// Waits for a state of `/readyz`.
pub async fn until_state(stage: &Stage, wanted: &str) -> Value {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let reply = stage.get("/readyz").await;
        let said = reply.json();
        if said["store_state"] == wanted {
            assert_eq!(reply.status == 200, wanted == "ok", "{said}");
            assert_eq!((&said["store"], &said["ready"]), (&json!(wanted == "ok"), &json!(wanted == "ok")));
            assert_eq!(said["store_why"].is_string(), wanted != "ok", "{said}");
            return said;
        }
        assert!(Instant::now() < deadline, "the store is {said}, not {wanted}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

pub fn log(folder: &Path) -> String {
    fs::read_to_string(folder.join("server.log")).expect("the server writes its log")
}

fn times(text: &str, words: &str) -> usize {
    text.matches(words).count()
}

impl Stage {
    async fn google_says(&self, kind: &str) -> Reply {
        let (headers, body) = self.google(&google_event("tickets", kind));
        self.hook("google_rbm/tickets", &headers, body).await
    }

    async fn vonage_says(&self, status: &str) -> Reply {
        let body = vonage_status(status, "Codes");
        self.hook("vonage/codes", &self.vonage(&body), body).await
    }

    async fn wish(&self, message: &str, not_before: Option<i64>) -> Reply {
        let command = json!({"items": [{"message": message}], "not_before": not_before});
        self.post("/api/v1/revocations", &command).await
    }

    fn asked(&self, id: &str) -> usize {
        self.world.truth_of(id).expect("the simulator knows it").message.revokes.len()
    }

    async fn now(&self) -> i64 {
        self.get("/api/v1/session").await.json()["now"].as_i64().expect("an instant")
    }
}

/// `rcs-revoke rebuild --check`: whether all is well, and what it says.
pub fn check(folder: &Path, database: Option<&Path>) -> (bool, String) {
    let mut command = Command::new(built_program("rcs-revoke"));
    command.args(["rebuild", "--check", "--config"]).arg(folder.join("server.toml"));
    if let Some(database) = database {
        command.env("RCS_REVOKE_DATABASE", database);
    }
    let checked = command.output().expect("it can be started");
    let said = [checked.stdout, checked.stderr].concat();
    (checked.status.success(), String::from_utf8_lossy(&said).into_owned())
}

/// A message that is known, one whose wish comes due meanwhile, and an event that was acknowledged.
async fn refuses_and_goes_on(stage: &Stage, attack: &mut impl Attack, wanted: &str) -> String {
    let known = stage.sent("codes", "+447700900011", Delivery::Never);
    let known = stage.register("codes", &known).await;
    let planned = stage.sent("codes", "+447700900012", Delivery::Never);
    let planned_key = stage.register("codes", &planned).await;
    assert_eq!(stage.google_says("DELIVERED").await.status, 200);
    assert!(check(stage.folder.path(), None).0, "beside the running server");
    let due = stage.now().await + 3_000;
    assert_eq!(stage.wish(&planned_key, Some(due)).await.status, 202);

    attack.begin(stage).await;
    assert!(stage.now().await < due, "this machine is too slow to show anything");
    // Whatever comes first is refused already, and after it the state is known.
    let registration = json!({"id": "M2", "source": "offers"});
    let (wish, registration, google, vonage) = tokio::join!(
        stage.wish(&known, None),
        stage.post("/api/v1/messages", &registration),
        stage.google_says("READ"),
        stage.vonage_says("delivered"),
    );
    for (reply, what) in [(&wish, "wish"), (&registration, "registration")] {
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (503, "store_unavailable"), "{what}");
        let detail = reply.json()["detail"].as_str().unwrap_or_default().to_owned();
        assert!(
            detail.starts_with("Nothing was changed.") || detail.contains("not certain"),
            "{what}: {detail}"
        );
    }
    assert_eq!((google.status.as_u16(), vonage.status.as_u16()), (503, 503), "they come again");
    until_state(stage, wanted).await;
    assert_eq!(stage.get("/healthz").await.status, 200, "no reason to kill it");
    let outcome = async |key: &str| {
        let detail = stage.server.api.message(key).await.expect("what is stored is still read");
        detail.view.outcome.verdict.code().to_owned()
    };
    assert_eq!(outcome(&known).await, "watched");
    assert_eq!(stage.messages("outcome=delivered").await.len(), 1, "what was acknowledged");
    let deadline = Instant::now() + PATIENCE;
    while stage.now().await < due + 1_000 {
        assert!(Instant::now() < deadline, "time stands still");
        until_state(stage, wanted).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(stage.asked(&planned.id), 0, "nothing is sent that cannot be written down");

    attack.end(stage).await;
    until_state(stage, "ok").await;
    stage.until(&planned_key, "unconfirmed").await;
    assert_eq!(stage.asked(&planned.id), 1);
    assert_eq!(outcome(&known).await, "watched", "the wish that was refused");
    assert_eq!(stage.messages("source=offers").await.len(), 0, "the registration that was refused");
    assert_eq!(stage.google_says("READ").await.status, 200);
    assert_eq!(stage.vonage_says("delivered").await.status, 200);
    stage.until(&format!("vonage:{UUID}"), "delivered").await;
    let log = log(stage.folder.path());
    assert_eq!(times(&log, "the database takes no writes"), 1, "{log}");
    assert_eq!(times(&log, &format!("store.state=\"{wanted}\"")), 1, "{log}");
    assert_eq!(times(&log, "the database takes writes again"), 1, "{log}");
    let sources = stage.get("/readyz").await.json()["sources"].clone();
    assert!(sources.as_array().is_some_and(|all| all.iter().all(|one| one["refused_webhooks"] == 0)));
    known
}

/// After a crash too, what was acknowledged is there, and what was refused is not.
async fn survives(stage: Stage, known: &str) {
    let stage = stage.kill_and_start(30).await;
    stage.until(known, "watched").await;
    stage.until(&format!("vonage:{UUID}"), "delivered").await;
    assert_eq!(stage.messages("outcome=delivered").await.len(), 2);
    let (sound, said) = check(stage.folder.path(), None);
    assert!(sound && said.contains(" 0 differ, 0 damaged"), "{said}");
}

async fn on(disk: &Disk) -> Stage {
    Stage::with_program(&disk.program(&[]), world_config(), |world| settings(world, 30)).await
}

struct Failing {
    disk: Disk,
    order: fn(&Disk),
}

impl Attack for Failing {
    async fn begin(&mut self, _: &Stage) {
        (self.order)(&self.disk);
    }

    async fn end(&mut self, _: &Stage) {
        self.disk.heal();
    }
}

async fn attacked_by(order: fn(&Disk), wanted: &str) {
    let mut attack = Failing { disk: Disk::sound(), order };
    let stage = on(&attack.disk).await;
    let known = refuses_and_goes_on(&stage, &mut attack, wanted).await;
    survives(stage, &known).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk() {
    attacked_by(|disk| disk.refuse_writes(NO_SPACE, ".db"), "full").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_that_is_used_up() {
    attacked_by(|disk| disk.refuse_writes(QUOTA_EXCEEDED, ".db"), "full").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_became_read_only() {
    attacked_by(|disk| disk.refuse_writes(READ_ONLY, ".db"), "read_only").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_loses_what_it_takes() {
    attacked_by(|disk| disk.refuse_syncs(INPUT_OUTPUT, "-wal"), "failing").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_failing_disk_may_have_kept_is_not_there_after_a_crash() {
    let disk = Disk::sound();
    let stage = on(&disk).await;
    let known = stage.sent("codes", "+447700900011", Delivery::Never);
    let known = stage.register("codes", &known).await;
    disk.refuse_syncs(INPUT_OUTPUT, "-wal");
    // Whole in the log, when the disk refuses to make it durable.
    assert_eq!(stage.wish(&known, None).await.status, 503);
    assert_eq!(stage.google_says("DELIVERED").await.status, 503);
    let stage = stage.kill_and_start(30).await;
    stage.until(&known, "watched").await;
    assert_eq!(stage.messages("").await.len(), 1, "nothing of the event either: it comes again");
}

/// A limit of a file's size, as systemd or a shell sets it: the kernel sends a signal that ends whoever ignores it not.
struct FileSize;

impl FileSize {
    fn set(stage: &Stage, limit: &str) {
        let process = stage.server.process().expect("it runs").to_string();
        let limited =
            Command::new("prlimit").args(["--pid", &process, &format!("--fsize={limit}:")]).status();
        assert!(limited.expect("prlimit of util-linux").success());
    }
}

impl Attack for FileSize {
    async fn begin(&mut self, stage: &Stage) {
        let log = fs::metadata(stage.folder.path().join("server.db-wal")).expect("a log").len();
        assert!(log > 200_000, "longer than the server's own log, which may be written on: {log}");
        Self::set(stage, "100000");
    }

    async fn end(&mut self, stage: &Stage) {
        Self::set(stage, "unlimited");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_may_not_grow() {
    let stage = Stage::set().await;
    // Enough to make the log long.
    for part in 0..8 {
        let items: Vec<Value> =
            (0..20).map(|index| json!({"id": format!("X{part}-{index}"), "source": "tickets"})).collect();
        assert_eq!(stage.post("/api/v1/messages", &items).await.status, 200);
    }
    let known = refuses_and_goes_on(&stage, &mut FileSize, "full").await;
    survives(stage, &known).await;
}

/// Somebody else's transaction.
struct Held(Option<SqliteConnection>);

impl Attack for Held {
    async fn begin(&mut self, stage: &Stage) {
        let file = stage.folder.path().join("server.db");
        let mut sql = SqliteConnection::connect(&format!("sqlite://{}", file.display())).await.unwrap();
        sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut sql).await.unwrap();
        self.0 = Some(sql);
    }

    async fn end(&mut self, _: &Stage) {
        self.0.take().expect("it is held").close().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_that_another_process_holds() {
    let stage = Stage::set().await;
    let known = refuses_and_goes_on(&stage, &mut Held(None), "locked").await;
    survives(stage, &known).await;
}

/// A file that is put away, as before a backup is put in its place.
struct Moved(&'static str);

impl Attack for Moved {
    async fn begin(&mut self, stage: &Stage) {
        let file = stage.folder.path().join(self.0);
        fs::rename(&file, file.with_extension("away")).unwrap();
    }

    async fn end(&mut self, stage: &Stage) {
        let file = stage.folder.path().join(self.0);
        fs::rename(file.with_extension("away"), &file).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_there_any_more() {
    for file in ["server.db", "server.db-wal"] {
        let stage = Stage::set().await;
        let known = refuses_and_goes_on(&stage, &mut Moved(file), "moved").await;
        survives(stage, &known).await;
    }
}

/// A small disk of its own, where this machine lets us have one.
struct Small {
    mount: tempfile::TempDir,
    disk: Disk,
}

impl Small {
    fn make() -> Option<Self> {
        let mount = tempfile::tempdir().expect("there is a temporary folder");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=4m", "tmpfs"])
            .arg(mount.path())
            .output()
            .is_ok_and(|done| done.status.success());
        mounted.then(|| Self { mount, disk: Disk::sound() })
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.mount.path()).status();
    }
}

impl Attack for Small {
    async fn begin(&mut self, _: &Stage) {
        let filler = fs::write(self.mount.path().join("filler"), vec![1; 8 << 20]);
        assert_eq!(filler.unwrap_err().kind(), std::io::ErrorKind::StorageFull);
    }

    async fn end(&mut self, _: &Stage) {
        fs::remove_file(self.mount.path().join("filler")).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_disk_that_somebody_else_fills() {
    let Some(mut small) = Small::make() else {
        eprintln!("no disk can be mounted here: `a_full_disk` and `a_file_that_may_not_grow` stand for it");
        return;
    };
    let database = small.mount.path().join("small.db");
    let program = small.disk.program(&[("RCS_REVOKE_DATABASE", &database)]);
    let stage = Stage::with_program(&program, world_config(), |world| settings(world, 30)).await;
    // The checks that run beside it read the same variable.
    fs::remove_file(stage.folder.path().join("server.db")).unwrap_err();
    std::os::unix::fs::symlink(&database, stage.folder.path().join("server.db")).unwrap();
    refuses_and_goes_on(&stage, &mut small, "full").await;
}
