//! Rows written many at a time. Each value is bound by itself: as text in one JSON argument, `SQLite` would read every
//! row again for each of its columns. The statements have a few lengths, so that each is prepared once, and as few as
//! fit are sent to the thread of `SQLite`.

use std::sync::Arc;

use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteConnection};
use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr, Sqlite};

/// How many rows one statement takes, the longest first.
const LENGTHS: [usize; 10] = [512, 256, 128, 64, 32, 16, 8, 4, 2, 1];

/// A query whose values are being bound.
pub(crate) type Binding<'q> = Query<'q, Sqlite, SqliteArguments>;

/// Something that is one row of a table.
pub(crate) trait Row {
    /// How many columns it has.
    const COLUMNS: usize;

    /// Binds its values, in the order of the columns.
    fn bind<'q>(&'q self, query: Binding<'q>) -> Binding<'q>;
}

/// How rows of one kind are written.
#[derive(Debug)]
pub(crate) struct Insert([SqlStr; LENGTHS.len()]);

impl Insert {
    /// `head VALUES (…), (…) tail`
    pub(crate) fn of<R: Row>(head: &'static str, tail: &'static str) -> Self {
        let row = format!("({})", vec!["?"; R::COLUMNS].join(", "));
        Self(LENGTHS.map(|length| {
            let rows = vec![row.as_str(); length].join(", ");
            // Constants and question marks.
            AssertSqlSafe(Arc::<str>::from(format!("{head} VALUES {rows} {tail}"))).into_sql_str()
        }))
    }

    /// Writes all of them.
    pub(crate) async fn put<R: Row>(
        &self,
        sql: &mut SqliteConnection,
        mut rows: &[R],
    ) -> Result<(), sqlx::Error> {
        for (length, statement) in LENGTHS.into_iter().zip(&self.0) {
            while let Some((these, rest)) = rows.split_at_checked(length) {
                let mut query = sqlx::query(statement.clone());
                for row in these {
                    query = row.bind(query);
                }
                query.execute(&mut *sql).await?;
                rows = rest;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use sqlx::Connection;
    use sqlx::sqlite::SqliteConnection;

    use super::{Binding, Insert, Row};

    struct Pair(i64, String);

    impl Row for Pair {
        const COLUMNS: usize = 2;

        fn bind<'q>(&'q self, query: Binding<'q>) -> Binding<'q> {
            query.bind(self.0).bind(&self.1)
        }
    }

    #[tokio::test]
    async fn every_row_is_written_once_whatever_their_number() {
        let insert = Insert::of::<Pair>("INSERT INTO t", "ON CONFLICT (a) DO UPDATE SET b = excluded.b");
        for count in [0, 1, 3, 4, 21, 64, 1_100] {
            let mut sql = SqliteConnection::connect("sqlite::memory:").await.unwrap();
            sqlx::raw_sql("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)").execute(&mut sql).await.unwrap();
            for text in ["old", "new"] {
                let rows: Vec<Pair> = (0..count).map(|n| Pair(n, format!("{text} {n}"))).collect();
                insert.put(&mut sql, &rows).await.unwrap();
            }
            let wrong = "SELECT count(*), count(*) FILTER (WHERE b <> 'new ' || a) FROM t";
            let found: (i64, i64) = sqlx::query_as(wrong).fetch_one(&mut sql).await.unwrap();
            assert_eq!(found, (count, 0));
        }
    }
}
