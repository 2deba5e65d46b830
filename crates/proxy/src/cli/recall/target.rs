//! Which server is spoken to, and with which access key.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use clap::Args;
use http::Uri;
use secrecy::SecretString;

use super::end::{End, Failure};
use crate::config::{Config, SecretRef};

/// The variable that holds the access key.
const KEY_VARIABLE: &str = "RCS_REVOKE_ACCESS_KEY";

/// Which server, and what opens it.
#[derive(Debug, Args)]
pub(super) struct TargetArgs {
    /// The server's address; unless told, the one that the configuration names, or <http://127.0.0.1:8480>.
    #[arg(long, value_name = "URL")]
    server: Option<String>,
    /// The server's configuration file, for its address and the place of its access key.
    #[arg(long, value_name = "FILE", env = "RCS_REVOKE_CONFIG")]
    config: Option<PathBuf>,
    /// A file that holds the access key and nothing else.
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

/// One server.
#[derive(Debug)]
pub(super) struct Target {
    /// Its root URL, without a slash at the end.
    pub base: String,
    pub key: SecretString,
    /// Whether it is another machine, which the key reaches in plain text.
    is_in_the_open: bool,
    /// What has to be said again to reach the same server.
    again: String,
}

impl Target {
    pub(super) fn of(args: &TargetArgs) -> Result<Self, Failure> {
        let has_key = args.key_file.is_some() || std::env::var_os(KEY_VARIABLE).is_some();
        // What is told need not be read anywhere, and may not be readable here.
        let config = match &args.config {
            Some(file) if args.server.is_none() || !has_key => Some(load(file)?),
            _ => None,
        };
        let base = match (&args.server, &config) {
            (Some(server), _) => root(server)?,
            (None, Some(config)) => format!("http://{}", reached_at(config.listen)),
            (None, None) => "http://127.0.0.1:8480".to_owned(),
        };
        let (place, folder) = match (&args.key_file, has_key, config) {
            (Some(file), ..) => (SecretRef::file(file), PathBuf::new()),
            (None, true, _) => (SecretRef { file: None, env: Some(KEY_VARIABLE.to_owned()) }, PathBuf::new()),
            (None, false, Some(Config { access_key: Some(place), folder, .. })) => (place, folder),
            (None, false, _) => {
                return Err(Failure::new(End::Refused, "no_access_key", "No access key is given").detail(
                    format!(
                        "Nothing was done. Name a file that holds it with --key-file, or set {KEY_VARIABLE}."
                    ),
                ));
            }
        };
        let key = place.read(&folder).map_err(|error| {
            Failure::new(End::Refused, "no_access_key", format!("The access key cannot be read: {error}"))
                .detail("Nothing was done.")
        })?;
        let quoted = |name: &str, value: Option<String>| {
            value.map_or_else(String::new, |value| format!(" --{name} {}", in_quotes(&value)))
        };
        let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
        let again = quoted("server", args.server.clone())
            + &quoted(
                "config",
                path(&args.config).filter(|_| std::env::var_os("RCS_REVOKE_CONFIG").is_none()),
            )
            + &quoted("key-file", path(&args.key_file));
        let is_in_the_open = base.parse::<Uri>().is_ok_and(|uri| is_in_the_open(&uri));
        Ok(Self { base, key, is_in_the_open, again })
    }

    /// How a command about a batch is written for this server.
    pub(super) fn command(&self, batch: &str, what: &str) -> String {
        format!(
            "rcs-revoke recall{} --batch {batch}{}{what}",
            self.again,
            if what.is_empty() { "" } else { " " }
        )
    }

    pub(super) fn warning(&self) -> Option<String> {
        self.is_in_the_open.then(|| {
            format!("the access key goes to {} in plain text: better use https, or a tunnel", self.base)
        })
    }
}

fn load(file: &Path) -> Result<Config, Failure> {
    Config::load(Some(file)).map_err(|error| {
        Failure::new(End::Refused, "invalid_config", error.to_string()).detail("Nothing was done.")
    })
}

/// The root of a URL that somebody typed.
fn root(server: &str) -> Result<String, Failure> {
    let server = server.trim();
    let full = if server.contains("://") { server.to_owned() } else { format!("http://{server}") };
    let wrong = |why: &str| {
        Failure::new(End::Refused, "invalid_server", format!("--server: {why}"))
            .detail("Nothing was done. Expected an address such as http://127.0.0.1:8480.")
    };
    let uri: Uri = full.parse().map_err(|_| wrong("this is no address"))?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err(wrong("expected http or https"));
    }
    let authority = uri.authority().ok_or_else(|| wrong("this is no address"))?;
    if authority.as_str().contains('@') {
        return Err(wrong("a name or password in the address is not used: remove it"));
    }
    if uri.query().is_some() || full.contains('#') {
        return Err(wrong("expected nothing behind the path: a link of the console is not an address"));
    }
    Ok(full.trim_end_matches('/').to_owned())
}

/// Where a server is reached that listens there.
fn reached_at(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

fn is_in_the_open(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let is_here =
        host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    uri.scheme_str() == Some("http") && !is_here
}

/// A word as a shell takes it.
fn in_quotes(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:[]".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::{in_quotes, is_in_the_open, reached_at, root};

    #[test]
    fn an_address_is_a_root_and_nothing_more() {
        assert_eq!(root("http://127.0.0.1:8480/").unwrap(), "http://127.0.0.1:8480");
        assert_eq!(root("revoke.example").unwrap(), "http://revoke.example");
        assert_eq!(root("https://revoke.example/behind/").unwrap(), "https://revoke.example/behind");
        for wrong in ["ftp://a", "http://me:secret@a", "http://a/#key=secret", "http://a/?x=1", "http://", ""]
        {
            assert!(root(wrong).is_err(), "{wrong}");
        }
        assert!(!root("http://me:secret@a").unwrap_err().sentence().contains("secret"));
    }

    #[test]
    fn a_server_that_listens_everywhere_is_here() {
        let at = |listen: &str| reached_at(listen.parse().unwrap()).to_string();
        assert_eq!(at("0.0.0.0:8480"), "127.0.0.1:8480");
        assert_eq!(at("[::]:8480"), "[::1]:8480");
        assert_eq!(at("10.0.0.1:8480"), "10.0.0.1:8480");
    }

    #[test]
    fn only_plain_text_to_elsewhere_is_in_the_open() {
        for (url, open) in [
            ("http://127.0.0.1:1", false),
            ("http://[::1]:1", false),
            ("http://localhost", false),
            ("https://revoke.example", false),
            ("http://revoke.example", true),
            ("http://10.0.0.1", true),
        ] {
            assert_eq!(is_in_the_open(&url.parse().unwrap()), open, "{url}");
        }
    }

    #[test]
    fn a_word_stays_one_word_in_a_shell() {
        assert_eq!(in_quotes("server.toml"), "server.toml");
        assert_eq!(in_quotes("it's here"), "'it'\\''s here'");
    }
}
