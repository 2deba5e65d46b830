//! Starting other programs, and saying clearly what it means when they fail.

use std::borrow::Cow;
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Error, Result, anyhow};

/// A failure in the three sentences a person needs: what happened, what was not done, what to do.
pub fn trouble(happened: impl AsRef<str>, not_done: &str, to_do: &str) -> Error {
    anyhow!("{}\n       {not_done}\n       {to_do}", happened.as_ref())
}

/// Runs a program to its end with its output visible.
///
/// # Errors
///
/// When it cannot be started or does not end with success; the error names it and says how it ended.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|error| not_started(command, &error))?;
    if status.success() {
        return Ok(());
    }
    let first = command.get_args().next().unwrap_or_default().to_string_lossy();
    Err(anyhow!("`{} {first}` ended with {status}, and said why above", program(command)))
}

/// What a program says on its standard output, or nothing when it is missing or fails.
pub fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// Becomes the other program, so that Ctrl-C and exit codes are its own.
///
/// # Errors
///
/// When it cannot be started.
#[cfg(unix)]
pub fn become_it(command: &mut Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt as _;

    let error = command.exec();
    Err(not_started(command, &error))
}

/// Runs the other program and passes its exit code on.
///
/// # Errors
///
/// When it cannot be started.
#[cfg(not(unix))]
pub fn become_it(command: &mut Command) -> Result<ExitCode> {
    let status = command.status().map_err(|error| not_started(command, &error))?;
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}

fn not_started(command: &Command, error: &std::io::Error) -> Error {
    let program = program(command);
    match error.kind() {
        ErrorKind::NotFound => anyhow!("`{program}` is not installed, or not on PATH"),
        _ => anyhow!("`{program}` could not be started: {error}"),
    }
}

fn program(command: &Command) -> Cow<'_, str> {
    Path::new(command.get_program()).file_stem().unwrap_or_default().to_string_lossy()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_is_named() {
        let error = run(Command::new("no-such-program").arg("build")).expect_err("there is none");
        assert_eq!(error.to_string(), "`no-such-program` is not installed, or not on PATH");
        assert_eq!(answer(&mut Command::new("no-such-program")), None);
    }

    #[test]
    fn a_failing_program_is_an_error_and_no_answer() {
        let error = run(Command::new("cargo").args(["no-such-chore", "-q"]).stderr(Stdio::null()))
            .expect_err("it fails");
        assert!(error.to_string().starts_with("`cargo no-such-chore` ended with exit status"), "{error}");
        assert_eq!(answer(Command::new("cargo").args(["no-such-chore", "-q"])), None);
    }
}
