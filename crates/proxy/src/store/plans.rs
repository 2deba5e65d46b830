//! How `SQLite` carries out every statement of the store: none looks at a whole table, and none sorts more than it was
//! told to take, but for those that say so here and why.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use rcs_revoke_api::MessageQuery;
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use crate::store::Store;

/// Statements that look at everything, by their beginning: run by hand, once in a file's life, or over what is few.
const WHOLE: [(&str, &str); 18] = [
    ("SELECT count(*) FROM unclaimed", "webhooks of nobody, which are pruned"),
    ("SELECT key FROM messages INDEXED BY messages_phone", "sorts the messages of one number"),
    ("SELECT key FROM messages WHERE outcome = 'requesting'", "start-up: what was under way"),
    ("SELECT number FROM batches WHERE ended_at <= ?1", "looks at each batch, of which there are few"),
    ("SELECT number, state FROM batches WHERE ended_at IS NULL", "an index of the few that are open"),
    ("WITH counted AS", "rebuild --check counts everything again"),
    ("INSERT INTO tallies SELECT 0, outcome", "rebuild counts everything again"),
    ("DELETE FROM tallies WHERE what", "rebuild counts everything again"),
    ("SELECT batch, what, count FROM tallies", "start-up: a few rows for each batch"),
    ("SELECT id, learnt FROM sources", "start-up: one row for each source"),
    ("SELECT count(*), count(*) FILTER", "the schema itself"),
    (
        "SELECT count(*) FROM messages INDEXED BY messages_duplicate",
        "an index of the few that may have got both",
    ),
    ("SELECT count(*) FROM messages\n            WHERE due_at", "start-up: what is due, by its index"),
    ("SELECT DISTINCT", "start-up: skips from source to source"),
    (
        "SELECT m.key FROM json_each(?1) wanted\n            JOIN messages m INDEXED BY messages_sms_due",
        "sorts what is due by SMS",
    ),
    ("SELECT EXISTS", "ends at the first row"),
    (
        "SELECT n, key FROM messages WHERE n > ?1",
        "the pruner: in the order of the table, so many rows at a time",
    ),
    ("SELECT key FROM messages WHERE key > ?1", "in the order of an index, so many rows at a time"),
];

/// The texts in quotes of a file, but for those of its tests.
fn texts(source: &str) -> Vec<(String, Option<&'static str>)> {
    let source = source.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let code: String = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let mut parts = code.split('"');
    let mut found = Vec::new();
    while let (Some(before), Some(text)) = (parts.next(), parts.next()) {
        let head = ["batches!(", "items!("].into_iter().find(|head| before.trim_end().ends_with(*head));
        found.push((text.to_owned(), head));
    }
    found
}

fn statements() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    for file in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        // What copies a damaged file takes all of it.
        let is_left_out = file.file_name() == "plans.rs" || file.file_name() == "salvage.rs";
        if file.path().extension().is_none_or(|kind| kind != "rs") || is_left_out {
            continue;
        }
        for (text, macro_name) in texts(&fs::read_to_string(file.path()).unwrap()) {
            let text = match macro_name {
                Some("batches!(") => format!("SELECT number, state FROM batches {text}"),
                Some(_) => format!("SELECT batch, key FROM batch_items WHERE batch = ?1 {text}"),
                None => text,
            };
            let is_whole = |text: &str| {
                let is_one = ["SELECT ", "WITH ", "INSERT INTO ", "DELETE FROM ", "UPDATE "];
                is_one.iter().any(|begin| text.starts_with(begin))
                    && !text.ends_with([' ', '('])
                    && !text.ends_with("WHERE 1")
                    // Rows that are bound one by one are looked for nowhere.
                    && (!text.starts_with("INSERT") || text.contains("SELECT"))
            };
            if is_whole(&text) {
                found.insert(text);
            }
        }
    }
    found
}

/// What is wrong with how a statement is carried out.
async fn faults(sql: &mut SqliteConnection, statement: &str) -> Vec<String> {
    let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
    let steps = match sqlx::query(explain).fetch_all(sql).await {
        Ok(steps) => steps,
        Err(error) => return vec![format!("cannot be explained: {error}")],
    };
    let steps: Vec<String> = steps.iter().map(|row| row.get::<String, _>("detail")).collect();
    let is_bounded = |step: &String| {
        // What comes in one argument, or stands in a part of the statement that is bounded itself.
        let of_argument =
            ["json_each", "wanted", "SCAN w ", "(subquery", "CONSTANT ROW", "excluded", "one", "other"];
        !step.starts_with("SCAN") || of_argument.iter().any(|name| step.contains(name))
    };
    steps.into_iter().filter(|step| !is_bounded(step) || step.contains("TEMP B-TREE FOR ORDER BY")).collect()
}

#[tokio::test]
async fn no_statement_looks_at_a_whole_table() {
    let folder = tempfile::tempdir().unwrap();
    let (_store, mut writer) = Store::open(&folder.path().join("a.db")).await.unwrap();
    let (mut seen, mut wrong) = (0, Vec::new());
    for statement in statements() {
        seen += 1;
        if WHOLE.iter().any(|(begin, _)| statement.starts_with(begin)) {
            continue;
        }
        let found = faults(&mut writer.sql, &statement).await;
        if !found.is_empty() {
            wrong.push(format!("{statement}\n    {found:?}"));
        }
    }
    assert!(seen > 40, "only {seen} statements were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[tokio::test]
async fn every_page_walks_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let (store, mut writer) = Store::open(&folder.path().join("a.db")).await.unwrap();
    let text = |text: &str| Some(text.to_owned());
    for outcome in [None, text("revoked"), text("revoked,planned")] {
        for (batch, source, q) in [
            (None, None, None),
            (text("bat_1"), None, None),
            (None, text("codes"), None),
            (None, None, text("49151")),
            (text("bat_1"), text("codes"), text("49151")),
        ] {
            for duplicate in [false, true] {
                let (outcome, batch, source, q) = (outcome.clone(), batch.clone(), source.clone(), q.clone());
                let query = MessageQuery { outcome, batch, source, q, duplicate, ..MessageQuery::default() };
                for statement in super::pages::statements(&query) {
                    let found = faults(&mut writer.sql, &statement).await;
                    assert!(found.is_empty(), "{query:?}\n{statement}\n{found:?}");
                }
                store.page(&query, 50).await.unwrap();
            }
        }
    }
}
