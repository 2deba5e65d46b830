//! The text goes to the server, which makes a plan of it. A connection that breaks is made again, and the text sent
//! again under the same key, so that there is one plan however often that happens.

use std::time::{Duration, Instant};

use http::Method;
use http::header::CONTENT_TYPE;
use indicatif::ProgressBar;
use rcs_revoke_api::{BatchTerms, BatchView};
use ulid::Ulid;

use super::client::{Client, escaped};
use super::end::{End, Failure};
use super::screen::{Screen, remark};
use super::text::Text;

/// How often it is tried.
const TRIES: u32 = 8;
/// How long nothing may move before the connection counts as broken.
const SILENCE: Duration = Duration::from_mins(2);

/// Sends the text and gives back the plan.
pub(super) async fn upload(
    client: &Client,
    screen: &Screen,
    text: &Text,
    terms: &BatchTerms,
) -> Result<BatchView, Failure> {
    let path = format!("/api/v1/batches/upload{}", query(terms));
    let key = format!("recall-{}", Ulid::generate());
    let mut tries = 0;
    loop {
        tries += 1;
        let bar = screen.bytes("sending", Some(text.length));
        let planned = send(client, &path, &key, text, &bar).await;
        bar.finish_and_clear();
        match planned {
            Err(_) if text.broken().is_some() => {
                let why = text.broken().unwrap_or_default();
                return Err(Failure::new(
                    End::Failed,
                    "unreadable",
                    format!("The text cannot be read: {why}"),
                )
                .detail("There is no plan, and nothing was sent."));
            }
            Err(failure) if failure.may_pass() && tries < TRIES => {
                let wait = Duration::from_millis(500 << tries.min(4));
                remark(&format!(
                    "{}. There is no plan yet, and nothing was sent; the text is sent again in {} s.",
                    failure.title,
                    wait.as_secs()
                ));
                tokio::time::sleep(wait).await;
            }
            Err(failure) if failure.may_pass() && failure.detail.is_none() => {
                return Err(failure.detail(
                    "Nothing was sent to anybody. If the server made a plan all the same, `--list` shows it.",
                ));
            }
            other => return other,
        }
    }
}

async fn send(
    client: &Client,
    path: &str,
    key: &str,
    text: &Text,
    bar: &ProgressBar,
) -> Result<BatchView, Failure> {
    let request = client
        .request(Method::POST, path)?
        .header(CONTENT_TYPE, "application/octet-stream")
        .header("idempotency-key", key);
    let answered = async {
        let answer = client.send(request, text.body(bar.clone())).await?;
        client.json(answer).await
    };
    tokio::select! {
        answered = answered => answered,
        () = stalls(bar) => Err(Failure::new(End::Unreachable, "unanswered", "The server has stopped to read")),
    }
}

/// Ends once nothing was sent for too long.
async fn stalls(bar: &ProgressBar) {
    let (mut sent, mut since) = (bar.position(), Instant::now());
    while since.elapsed() < SILENCE {
        tokio::time::sleep(Duration::from_secs(1)).await;
        if bar.position() != sent {
            (sent, since) = (bar.position(), Instant::now());
        }
    }
}

/// The terms as a query.
fn query(terms: &BatchTerms) -> String {
    let Ok(serde_json::Value::Object(terms)) = serde_json::to_value(terms) else { return String::new() };
    let pairs = terms.iter().map(|(name, value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        format!("{name}={}", escaped(&value))
    });
    let pairs: Vec<String> = pairs.collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

#[cfg(test)]
mod tests {
    use rcs_revoke_api::{BatchTerms, Follows};

    use super::query;

    #[test]
    fn terms_are_a_query_as_the_server_reads_it() {
        let terms = BatchTerms {
            title: Some("a&b = c".to_owned()),
            not_before: Some(1_795_168_800_000),
            then: Follows::Sms,
            again: true,
            ..BatchTerms::default()
        };
        let uri: http::Uri = format!("/x{}", query(&terms)).parse().unwrap();
        let axum::extract::Query(read) = axum::extract::Query::<BatchTerms>::try_from_uri(&uri).unwrap();
        assert_eq!(read, terms);
    }
}
