//! The machine, in one line, and what the system says of one process.

use std::fs;
use std::thread;

/// Cores, processor and memory.
pub fn describe() -> String {
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let processor = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".to_owned());
    let memory =
        field("/proc/meminfo", "MemTotal").and_then(|text| kibibytes(&text)).unwrap_or(0.0) / 1_048_576.0;
    format!("{cores} cores ({processor}), {memory:.0} GiB of memory, {}", std::env::consts::OS)
}

/// What else the machine did: its load of the last minute, where the system tells.
pub fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().map(|load| format!("; load {load}")).unwrap_or_default()
}

/// Resident memory of a process in megabytes, where the system tells.
pub fn resident(process: Option<u32>) -> Option<f64> {
    let text = field(&format!("/proc/{}/status", process?), "VmRSS")?;
    Some(kibibytes(&text)? * 1_024.0 / 1e6)
}

/// The most resident memory that a process ever had, in megabytes, where the system tells.
pub fn most_resident(process: Option<u32>) -> Option<f64> {
    let text = field(&format!("/proc/{}/status", process?), "VmHWM")?;
    Some(kibibytes(&text)? * 1_024.0 / 1e6)
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn kibibytes(text: &str) -> Option<f64> {
    text.split_whitespace().next()?.parse().ok()
}
