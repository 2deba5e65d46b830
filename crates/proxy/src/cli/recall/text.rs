//! The text with the messages: a file as it lies there, or what came through a pipe, kept until it was sent.
//!
//! A pipe is read to its end first: whoever fills it may be slow, and what was read once cannot be read again when the
//! connection breaks.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use futures_util::stream::unfold;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;
use indicatif::ProgressBar;

use super::client::Body;
use super::end::{End, Failure};
use super::screen::Screen;

/// How much is read and sent at once.
const PART: usize = 64 << 10;

/// A text that can be sent, and sent again.
pub(super) struct Text {
    file: Arc<File>,
    /// How long it is, as far as is known.
    pub length: u64,
    /// What it is called where it lies.
    pub name: Option<String>,
    /// Why it could not be read, if it could not.
    broken: Arc<OnceLock<String>>,
}

impl Text {
    /// The text at this path; `-` is standard input.
    pub(super) async fn open(path: &Path, screen: &Screen) -> Result<Self, Failure> {
        let shown = path.display().to_string();
        let unreadable = |error: &io::Error| {
            Failure::here("unreadable", &format!("{shown} cannot be read"), error)
                .detail("There is no plan, and nothing was sent.")
        };
        if path.as_os_str() == "-" {
            return Self::kept(io::stdin(), screen).await.map_err(|error| unreadable(&error));
        }
        let file = File::open(path).map_err(|error| unreadable(&error))?;
        let metadata = file.metadata().map_err(|error| unreadable(&error))?;
        if metadata.is_dir() {
            return Err(Failure::new(End::Failed, "unreadable", format!("{shown} is a folder"))
                .detail("There is no plan, and nothing was sent."));
        }
        if !metadata.is_file() {
            return Self::kept(file, screen).await.map_err(|error| unreadable(&error));
        }
        let name = path.file_name().map(|name| name.to_string_lossy().chars().take(200).collect());
        Ok(Self { file: Arc::new(file), length: metadata.len(), name, broken: Arc::default() })
    }

    /// What comes through a pipe, in a file without a name.
    async fn kept(mut from: impl Read + Send + 'static, screen: &Screen) -> io::Result<Self> {
        let bar = screen.bytes("reading", None);
        let shown = bar.clone();
        let read = tokio::task::spawn_blocking(move || {
            let mut file = tempfile::tempfile()?;
            let length = io::copy(&mut from, &mut shown.wrap_write(&mut file))?;
            Ok::<_, io::Error>((file, length))
        });
        let (file, length) = read.await.map_err(io::Error::other)??;
        bar.finish_and_clear();
        Ok(Self { file: Arc::new(file), length, name: None, broken: Arc::default() })
    }

    /// The text from its beginning, part by part.
    pub(super) fn body(&self, bar: ProgressBar) -> Body {
        let (file, broken) = (Arc::clone(&self.file), Arc::clone(&self.broken));
        let parts = unfold(Some(0_u64), move |at| {
            let (file, broken, bar) = (Arc::clone(&file), Arc::clone(&broken), bar.clone());
            async move {
                let at = at?;
                match tokio::task::spawn_blocking(move || part(&file, at)).await.map_err(io::Error::other) {
                    Ok(Ok(part)) if part.is_empty() => None,
                    Ok(Ok(part)) => {
                        let length = part.len() as u64;
                        bar.inc(length);
                        Some((Ok(Frame::data(part)), Some(at + length)))
                    }
                    Ok(Err(error)) | Err(error) => {
                        let _ = broken.set(error.to_string());
                        Some((Err(error), None))
                    }
                }
            }
        });
        StreamBody::new(parts).boxed_unsync()
    }

    /// Why it could not be read, if it could not.
    pub(super) fn broken(&self) -> Option<&str> {
        self.broken.get().map(String::as_str)
    }
}

fn part(file: &File, at: u64) -> io::Result<Bytes> {
    let mut part = vec![0; PART];
    loop {
        match file.read_at(&mut part, at) {
            Ok(length) => {
                part.truncate(length);
                return Ok(part.into());
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
