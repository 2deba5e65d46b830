//! What a forger holds: the world's secrets, to sign wrongly with care, and keys that nobody trusts.

use std::fmt::Write as _;

use anyhow::{Result, anyhow};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit};
use rcs_revoke_simulator::Credentials;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// A hash under an HMAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mac {
    /// HMAC with SHA-256.
    Hs256,
    /// HMAC with SHA-384.
    Hs384,
    /// HMAC with SHA-512.
    Hs512,
}

impl Mac {
    /// The tag of this text.
    pub fn tag(self, key: &[u8], text: &[u8]) -> Vec<u8> {
        match self {
            Self::Hs256 => tag::<Hmac<Sha256>>(key, text),
            Self::Hs384 => tag::<Hmac<Sha384>>(key, text),
            Self::Hs512 => tag::<Hmac<Sha512>>(key, text),
        }
    }
}

fn tag<M: hmac::Mac + KeyInit>(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mac = <M as KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.chain_update(text).finalize().into_bytes().to_vec()
}

/// The SHA-256 of a body, as Vonage writes it.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes everything");
        text
    })
}

/// Base64 with the usual alphabet and padding.
pub fn base64(bytes: impl AsRef<[u8]>) -> String {
    STANDARD.encode(bytes)
}

/// Base64 as tokens use it.
pub fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The secrets of one world.
#[derive(Debug)]
pub struct Keys {
    /// Signs Google's webhooks of the sources under attack.
    pub google: Vec<u8>,
    /// Signs Google's webhooks of another partner, whom the server knows too.
    pub google_partner: Vec<u8>,
    /// Signs Vonage's webhooks of the sources under attack.
    pub vonage: Vec<u8>,
    /// Signs Vonage's webhooks of another account, which the server knows too.
    pub vonage_branch: Vec<u8>,
    /// The account's name.
    pub api_key: String,
    /// The account's secret, which signs no webhook.
    pub api_secret: String,
    /// The application's id.
    pub application: String,
    rsa: RsaKeyPair,
    public_der: Vec<u8>,
    /// The application's private key as text.
    pub private_pem: String,
}

/// The client token of another partner.
pub const PARTNER_TOKEN: &str = "another-partner-token";
/// The signature secret of another account.
pub const BRANCH_SECRET: &str = "another-account-secret-0123456789abcdef0123456789";

impl Keys {
    /// The secrets of a simulated world, and those of two strangers.
    ///
    /// # Errors
    /// When the application's key cannot be read.
    pub fn of(credentials: &Credentials) -> Result<Self> {
        let pem = &credentials.vonage_private_key;
        let text: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let der =
            STANDARD.decode(text).map_err(|error| anyhow!("the application's key is no PEM: {error}"))?;
        let rsa = RsaKeyPair::from_pkcs8(&der).map_err(|error| anyhow!("the application's key: {error}"))?;
        Ok(Self {
            google: credentials.google_client_token.clone().into_bytes(),
            google_partner: PARTNER_TOKEN.as_bytes().to_vec(),
            vonage: credentials.vonage_signature_secret.clone().into_bytes(),
            vonage_branch: BRANCH_SECRET.as_bytes().to_vec(),
            api_key: credentials.vonage_api_key.clone(),
            api_secret: credentials.vonage_api_secret.clone(),
            application: credentials.vonage_application_id.clone(),
            public_der: rsa.public_key().as_ref().to_vec(),
            rsa,
            private_pem: pem.clone(),
        })
    }

    /// An RS256 signature with the application's own private key.
    pub fn rs256(&self, text: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; self.rsa.public_modulus_len()];
        self.rsa
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text, &mut signature)
            .expect("an RSA key signs everything");
        signature
    }

    /// The application's public key, which everybody may know.
    pub fn public_der(&self) -> &[u8] {
        &self.public_der
    }

    /// The same as text.
    pub fn public_pem(&self) -> String {
        let text = base64(&self.public_der);
        let lines: Vec<&str> =
            text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("ASCII")).collect();
        format!("-----BEGIN RSA PUBLIC KEY-----\n{}\n-----END RSA PUBLIC KEY-----\n", lines.join("\n"))
    }
}
