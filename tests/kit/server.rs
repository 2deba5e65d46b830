//! The real server as a process of its own, with a folder of its own.

use std::fs::{self, File, OpenOptions};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::process::{Child, Command};

use crate::client::Api;

const ACCESS_KEY: &str = "drill-access-key-0123456789";
const CONFIG: &str = "server.toml";
const LOG: &str = "server.log";
const DATABASE: &str = "server.db";
/// How long a start or an end may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running server; it ends when this is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    program: PathBuf,
    folder: PathBuf,
    /// Its API.
    pub api: Api,
    /// The root URL of its webhooks.
    pub webhooks: String,
    /// From its start until it said that it was ready.
    pub start_up: Duration,
}

impl Server {
    /// Starts the server in a folder, with these lines added to its configuration, and waits until it is ready.
    ///
    /// # Errors
    /// When it cannot be started, ends, or is not ready in time; with what it wrote.
    pub async fn start(program: &Path, folder: &Path, settings: &str) -> Result<Self> {
        let (console, webhooks) = (free_address()?, free_address()?);
        let config = format!(
            "listen = \"{console}\"\nwebhook_listen = \"{webhooks}\"\ndatabase = \"{DATABASE}\"\n\
             access_key = {{ file = \"access-key.txt\" }}\n{settings}"
        );
        fs::write(folder.join("access-key.txt"), ACCESS_KEY)?;
        fs::write(folder.join(CONFIG), config)?;
        File::create(folder.join(LOG))?;
        let began = Instant::now();
        let child = spawn(program, folder)?;
        let api = Api::new(format!("http://{console}"), ACCESS_KEY.to_owned());
        let webhooks = format!("http://{webhooks}");
        let (program, folder) = (program.to_owned(), folder.to_owned());
        let mut server = Self { child, program, folder, api, webhooks, start_up: Duration::ZERO };
        server.until_ready(began).await?;
        Ok(server)
    }

    /// Ends it at once, as a power cut does, and waits until nothing of it is left.
    ///
    /// # Errors
    /// When it had ended already.
    pub async fn kill(&mut self) -> Result<()> {
        self.still_runs()?;
        self.child.start_kill()?;
        self.child.wait().await?;
        Ok(())
    }

    /// Starts it again on the same folder and the same addresses; it is ready some time later.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start_again(&mut self) -> Result<()> {
        self.child = spawn(&self.program, &self.folder)?;
        Ok(())
    }

    /// Waits until it is ready, and says how long that took since `began`.
    ///
    /// # Errors
    /// When it ends, or is not ready in time.
    pub async fn ready_since(&mut self, began: Instant) -> Result<Duration> {
        self.until_ready(began).await?;
        Ok(self.start_up)
    }

    /// The files that it was given and that it made.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Its database.
    pub fn database(&self) -> PathBuf {
        self.folder.join(DATABASE)
    }

    /// Its configuration.
    pub fn config(&self) -> PathBuf {
        self.folder.join(CONFIG)
    }

    async fn until_ready(&mut self, began: Instant) -> Result<()> {
        while !self.api.is_ready().await {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended at once ({status}):\n{}", self.log_tail());
            }
            if began.elapsed() > PATIENCE {
                bail!("the server was not ready after {} s:\n{}", PATIENCE.as_secs(), self.log_tail());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        self.start_up = began.elapsed();
        Ok(())
    }

    /// The number of its process.
    pub fn process(&self) -> Option<u32> {
        self.child.id()
    }

    /// Says why it ended, if it did.
    ///
    /// # Errors
    /// When it ended.
    pub fn still_runs(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            Some(status) => bail!("the server ended ({status}):\n{}", self.log_tail()),
            None => Ok(()),
        }
    }

    /// Asks it to end, and waits until it did.
    ///
    /// # Errors
    /// When it does not end in time, or not as it should.
    pub async fn stop(mut self) -> Result<()> {
        let Some(process) = self.child.id() else {
            bail!("the server had ended already:\n{}", self.log_tail())
        };
        let asked = Command::new("kill").args(["-TERM", &process.to_string()]).status().await?;
        if !asked.success() {
            bail!("the server could not be asked to end");
        }
        match tokio::time::timeout(PATIENCE, self.child.wait()).await {
            Ok(status) if status.as_ref().is_ok_and(std::process::ExitStatus::success) => Ok(()),
            Ok(status) => bail!("the server did not end well ({:?}):\n{}", status, self.log_tail()),
            Err(_) => bail!("the server did not end when asked to:\n{}", self.log_tail()),
        }
    }

    /// How many bytes its database has on disk.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn database_bytes(&self) -> Result<u64> {
        let mut bytes = 0;
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(DATABASE) {
                bytes += entry.metadata()?.len();
            }
        }
        Ok(bytes)
    }

    /// The last lines that it wrote.
    pub fn log_tail(&self) -> String {
        const LINES: usize = 30;
        let text = fs::read_to_string(self.folder.join(LOG)).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(LINES)..].join("\n")
    }
}

fn spawn(program: &Path, folder: &Path) -> Result<Child> {
    let log = OpenOptions::new().append(true).create(true).open(folder.join(LOG))?;
    Command::new(program)
        .args(["serve", "--config"])
        .arg(folder.join(CONFIG))
        .env("RCS_REVOKE_DRILL", "1")
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("{} cannot be started", program.display()))
}

/// Ports below those that systems give to outgoing connections: one of those would take a port from a server that is
/// down for a moment.
const PORTS: Range<u16> = 10_000..32_000;

/// An address on loopback that nobody listens on, and that nobody else of this process gets.
fn free_address() -> Result<SocketAddr> {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let range = PORTS.end - PORTS.start;
    // Processes that run side by side begin far from each other.
    let begin = u16::try_from(std::process::id().wrapping_mul(101) % u32::from(range))?;
    for _ in PORTS {
        let port = PORTS.start + (begin + NEXT.fetch_add(1, Ordering::Relaxed) % range) % range;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        if TcpListener::bind(address).is_ok() {
            return Ok(address);
        }
    }
    bail!("every port from {} to {} is in use", PORTS.start, PORTS.end)
}
