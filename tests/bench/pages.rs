//! Pages of a list of millions of messages: the first, the next and one far down, for every filter that the API has;
//! and how soon a server on such a database is ready.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use rcs_revoke_api::{BatchOrder, BatchView, MessagePage, Registration, RegistrationReport};
use rcs_revoke_simulator::Simulator;
use rcs_revoke_tests::built_program;
use rcs_revoke_tests::client::Api;
use rcs_revoke_tests::world::{Sender, Settings, start_server};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use tokio::runtime::Handle;

use crate::figures::Figures;
use crate::machine::most_resident;
use crate::rig::{RATE, SENDER, unlimited};

/// What is asked for, with a margin for a machine that does other things.
const LONGEST: Duration = Duration::from_millis(500);
/// Next pages that are turned in a row.
const TURNED: usize = 5;
const OTHER: Sender = Sender { source: "rare", agent: "RareAgent", ..SENDER };
/// A message that was registered, out of which all others are made.
const PATTERN: &str = "00000000-cccc-4ccc-8ccc-000000000000";
/// More than any test has, and not a number that the step divides: every number stands once.
const PRIME: i64 = 15_485_863;

/// Fills a database with so many messages and turns pages.
///
/// # Errors
/// When something does not start, or a page takes too long.
pub async fn measure(providers: &Handle, count: usize, figures: &mut Figures) -> Result<()> {
    let simulator = providers.spawn(Simulator::start(unlimited())).await??;
    let folder = tempfile::tempdir()?;
    let settings =
        Settings { senders: &[SENDER, OTHER], rate: RATE, request_timeout: "30s", clock: None, classes: "" };
    let program = built_program("rcs-revoke");
    let server = start_server(&program, folder.path(), &simulator, &settings).await?;
    prepare(&server.api).await?;
    let database = server.database();
    server.stop().await?;
    let began = Instant::now();
    fill(&database, i64::try_from(count)?).await?;
    eprintln!("  filled in {:.0} s", began.elapsed().as_secs_f64());

    let server = start_server(&program, folder.path(), &simulator, &settings).await?;
    let beside = format!("{count} messages in {:.1} GB on disk", gigabytes(server.database_bytes()?));
    figures.add(
        "pages_ready",
        "Start on a large database: to ready",
        milliseconds(server.start_up),
        "ms",
        beside,
    );
    let mut slowest = (Duration::ZERO, String::new());
    for filter in filters() {
        let (took, pages, items) = turn(&server.api, &filter).await?;
        eprintln!("  {:7.1} ms the slowest of {pages} pages, {items} messages: {filter}", milliseconds(took));
        slowest = slowest.max((took, filter));
    }
    let memory = most_resident(server.process()).unwrap_or(f64::NAN);
    server.stop().await?;
    let (took, filter) = slowest;
    let beside = format!("{} filters, first, next and far pages; the slowest: `{filter}`", filters().len());
    figures.add("pages_slowest", "Pages of the list: the slowest", milliseconds(took), "ms", beside);
    figures.add("pages_memory", "Pages of the list: most resident memory", memory, "MB", String::new());
    ensure!(took < LONGEST, "a page of `{filter}` took {took:?}");
    Ok(())
}

/// One message and one batch, so that everything else can be made out of them.
async fn prepare(api: &Api) -> Result<()> {
    let one = Registration {
        id: PATTERN.to_owned(),
        source: SENDER.source.to_owned(),
        phone: Some("+4915112345678".to_owned()),
        no_expiry: true,
        ..Registration::default()
    };
    let report: RegistrationReport = api.post("/api/v1/messages", &vec![one]).await?;
    ensure!(report.results.iter().all(|result| result.problem.is_none()), "the pattern was refused");
    let text = format!("message_id,sender\n{PATTERN},{}\n", SENDER.agent);
    let plan: BatchView =
        api.post_text("/api/v1/batches/upload?title=pages", "pages", Bytes::from(text)).await?;
    let path = format!("/api/v1/batches/{}/start", plan.batch);
    let _: BatchView = api.post(&path, &BatchOrder { expect: Some(1) }).await?;
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let view: BatchView = api.get(&format!("/api/v1/batches/{}", plan.batch)).await?;
        let page: MessagePage = api.get("/api/v1/messages?limit=1").await?;
        let moves = ["planned", "requesting"].iter().any(|code| page.counts.contains_key(*code));
        if view.progress.waiting == 0 && !moves {
            return Ok(());
        }
        ensure!(Instant::now() < deadline, "the pattern is never asked for");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Every message as a copy of the pattern, each with an id, a phone, a place in the list, an outcome, a source and a
/// batch of its own: straight into the tables, without their facts, which no page reads.
async fn fill(database: &Path, count: i64) -> Result<()> {
    let options = SqliteConnectOptions::new().filename(database).disable_statement_logging();
    let mut sql = SqliteConnection::connect_with(&options).await?;
    sqlx::raw_sql("PRAGMA cache_size = -1000000; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY")
        .execute(&mut sql)
        .await?;
    let indexes: Vec<(String, String)> = sqlx::query_as(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'messages' AND sql IS NOT NULL",
    )
    .fetch_all(&mut sql)
    .await?;
    // Made at the end, when all rows are there: that is faster.
    for (name, _) in &indexes {
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("DROP INDEX {name}"))).execute(&mut sql).await?;
    }
    sqlx::query("UPDATE messages SET look_at = NULL, due_at = NULL").execute(&mut sql).await?;
    let fill = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1),
        made AS (SELECT n, printf('%08x-cccc-4ccc-8ccc-%012x', n, n) id, printf('%08d', (n * 7919) % 100000000) phone,
            CASE WHEN n % 100 < 40 THEN 'delivered' WHEN n % 100 < 75 THEN 'unconfirmed' WHEN n % 100 < 90 THEN 'presumed_revoked'
                WHEN n % 100 < 95 THEN 'not_delivered' WHEN n % 1000 < 999 THEN 'inconclusive' ELSE 'refused' END outcome,
            CASE WHEN n % 100000 = 77 THEN 'rare' ELSE 'bench' END source FROM numbers)
        INSERT INTO messages (n, key, id, source, outcome, folded_at, version, seq, phone_reversed, sent_at, view, batch)
        SELECT made.n + 1, 'vonage:' || made.id, made.id, made.source, made.outcome, p.folded_at, 1,
            (made.n * 1000003) % ?2 + 10, phone || '15194', p.sent_at,
            json_set(CASE WHEN made.n % 500 = 3 THEN json_set(p.view, '$.outcome.duplicate', 'possible') ELSE p.view END,
                '$.message', 'vonage:' || made.id, '$.id', made.id),
            CASE WHEN made.n % 5 = 0 THEN 1 END
        FROM made, (SELECT * FROM messages WHERE n = 1) p";
    sqlx::query(fill).bind(count).bind(PRIME).execute(&mut sql).await?;
    for (_, index) in indexes {
        sqlx::raw_sql(sqlx::AssertSqlSafe(index)).execute(&mut sql).await?;
    }
    let tallies = "DELETE FROM tallies; INSERT INTO tallies SELECT 0, outcome, count(*) FROM messages GROUP BY outcome
        UNION ALL SELECT batch, outcome, count(*) FROM messages WHERE batch IS NOT NULL GROUP BY batch, outcome";
    sqlx::raw_sql(tallies).execute(&mut sql).await?;
    sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut sql).await?;
    sql.close().await.context("the database")
}

/// Every filter that the API has, and combinations that no index holds.
fn filters() -> Vec<String> {
    let mut filters = Vec::new();
    for outcome in [
        "",
        "outcome=delivered",
        "outcome=refused",
        "outcome=planned",
        "outcome=refused,inconclusive,unconfirmed",
    ] {
        for source in ["", "source=bench", "source=rare"] {
            for batch in ["", "batch=bat_1", "batch=bat_9"] {
                for more in [
                    "",
                    "q=000a",
                    "q=00000a12-cccc",
                    "q=%2B4915",
                    "q=67815194",
                    "q=nothing",
                    "duplicate=true",
                ] {
                    let parts: Vec<&str> =
                        [outcome, source, batch, more].into_iter().filter(|part| !part.is_empty()).collect();
                    filters.push(parts.join("&"));
                }
            }
        }
    }
    filters
}

/// The slowest of the first pages, and of some far down; how many pages and messages there were.
async fn turn(api: &Api, filter: &str) -> Result<(Duration, usize, usize)> {
    let (mut slowest, mut pages, mut items) = (Duration::ZERO, 0, 0);
    for begin in ["", "&after=7000000"] {
        let mut after = begin.to_owned();
        for _ in 0..TURNED {
            let path = format!("/api/v1/messages?limit=50&{filter}{after}");
            let (took, page) = asked(api, &path).await?;
            slowest = slowest.max(took);
            (pages, items) = (pages + 1, items + page.items.len());
            let Some(next) = page.next else { break };
            after = format!("&after={next}");
        }
    }
    Ok((slowest, pages, items))
}

/// The middle of three times that a page takes: a machine that does other things is now and then late.
async fn asked(api: &Api, path: &str) -> Result<(Duration, MessagePage)> {
    let mut times = Vec::new();
    loop {
        let began = Instant::now();
        let page: MessagePage = api.get(path).await?;
        times.push(began.elapsed());
        if times.len() == 3 {
            times.sort_unstable();
            return Ok((times[1], page));
        }
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

#[expect(clippy::cast_precision_loss, reason = "bytes of a benchmark fit")]
fn gigabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e9
}
