//! Credentials as files: read where the configuration names one, written where clients want them.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use serde_json::Value;

use super::{Credentials, CredentialsError, ServiceAccount, key_error};
use crate::keys;

pub(super) fn read(path: &Path) -> Result<String, CredentialsError> {
    fs::read_to_string(path).map_err(|source| file_error(path, source))
}

pub(super) fn read_service_account(path: &Path) -> Result<ServiceAccount, CredentialsError> {
    let json = read(path)?;
    let parsed: Value = serde_json::from_str(&json).unwrap_or_default();
    let text = |field: &'static str| {
        parsed[field]
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| CredentialsError::NotAServiceAccount { path: path.display().to_string(), field })
    };
    let key = keys::from_pem(&text("private_key")?)
        .map_err(|source| key_error(&path.display().to_string(), source))?;
    let (email, token_uri) = (text("client_email")?, text("token_uri")?);
    Ok(ServiceAccount { json, email, token_uri, key })
}

pub(super) fn write(credentials: &Credentials, folder: &Path) -> Result<(), CredentialsError> {
    fs::create_dir_all(folder).map_err(|source| file_error(folder, source))?;
    let files: [(_, &str); 11] = [
        ("google-service-account.json", &credentials.google_service_account),
        ("google-client-token", &credentials.google_client_token),
        ("google-client-token-old", &credentials.google_old_client_token),
        ("vonage-application-id", &credentials.vonage_application_id),
        ("vonage-private-key.pem", &credentials.vonage_private_key),
        ("vonage-other-application-id", &credentials.vonage_other_application.id),
        ("vonage-other-private-key.pem", credentials.vonage_other_application.private_key()),
        ("vonage-api-key", &credentials.vonage_api_key),
        ("vonage-api-secret", &credentials.vonage_api_secret),
        ("vonage-signature-secret", &credentials.vonage_signature_secret),
        ("vonage-signature-secret-old", &credentials.vonage_old_signature_secret),
    ];
    for (name, content) in files {
        let path = folder.join(name);
        write_private(&path, content).map_err(|source| file_error(&path, source))?;
    }
    Ok(())
}

#[cfg(unix)]
fn write_private(path: &Path, content: &str) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    // A file left by an earlier run keeps its mode, so it is replaced, not reused.
    let _ = fs::remove_file(path);
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(content.as_bytes())
}

#[cfg(not(unix))]
fn write_private(path: &Path, content: &str) -> std::io::Result<()> {
    fs::File::create(path)?.write_all(content.as_bytes())
}

fn file_error(path: &Path, source: std::io::Error) -> CredentialsError {
    CredentialsError::File { path: path.display().to_string(), source }
}
