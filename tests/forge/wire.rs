//! Calls written byte by byte: a real HTTP client would refuse to send half of them.

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Duration, timeout};

use super::Call;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(45);

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
    closes: bool,
}

/// A caller, who keeps the connection as long as the server does.
#[derive(Debug)]
pub struct Caller {
    host: String,
    line: Option<TcpStream>,
}

impl Caller {
    /// Calls the server at this root URL.
    pub fn new(root: &str) -> Self {
        Self { host: root.trim_start_matches("http://").to_owned(), line: None }
    }

    /// Makes a call and reads the answer.
    ///
    /// # Errors
    /// When there is none.
    pub async fn call(&mut self, call: &Call) -> Result<Answer> {
        let bytes = call.bytes(&self.host);
        // A connection that was kept may have been closed meanwhile; a new one has no such excuse.
        if let Some(line) = self.line.take()
            && let Ok(answer) = self.exchange(line, &bytes).await
        {
            return Ok(answer);
        }
        let line = TcpStream::connect(&self.host).await.context("the server takes no connection")?;
        line.set_nodelay(true)?;
        self.exchange(line, &bytes).await.with_context(|| format!("no answer to {call:?}"))
    }

    async fn exchange(&mut self, mut line: TcpStream, bytes: &[u8]) -> Result<Answer> {
        let exchange = async {
            // Whoever is refused before it has finished speaking can still read why.
            let spoken = line.write_all(bytes).await;
            let answer = read_answer(&mut line).await;
            if answer.is_err() {
                spoken?;
            }
            answer
        };
        let answer = timeout(PATIENCE, exchange).await.context("it took too long")??;
        if !answer.closes {
            self.line = Some(line);
        }
        Ok(answer)
    }
}

/// Reads one answer from a connection.
///
/// # Errors
/// When the connection ends before it is whole.
pub async fn read_answer(line: &mut TcpStream) -> Result<Answer> {
    let mut bytes = Vec::new();
    loop {
        let end = loop {
            if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
                break at + 4;
            }
            more(line, &mut bytes).await?;
        };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status: u16 =
            head.get(9..12).and_then(|status| status.parse().ok()).context("an answer without a status")?;
        let length: usize = header(&head, "content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
        bytes.drain(..end);
        if status < 200 {
            continue;
        }
        while bytes.len() < length {
            more(line, &mut bytes).await?;
        }
        let closes =
            head.starts_with("HTTP/1.0") || header(&head, "connection").is_some_and(|text| text == "close");
        return Ok(Answer { status, body: bytes, closes });
    }
}

async fn more(line: &mut TcpStream, bytes: &mut Vec<u8>) -> Result<()> {
    match line.read_buf(bytes).await? {
        0 => bail!("the connection was closed"),
        _ => Ok(()),
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(found, _)| found.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
}
