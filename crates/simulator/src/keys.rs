//! RSA keys of the clients the simulator knows: made at start or read from a file, and used to check what clients sign.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Why a private key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Making a key failed.
    #[error("no RSA key could be made")]
    Generate,
    /// The text is no PEM.
    #[error("the private key is not PEM: expected a BEGIN PRIVATE KEY or BEGIN RSA PRIVATE KEY block")]
    NotPem,
    /// The PEM holds no usable RSA key.
    #[error("the private key is not an RSA key of 2048 to 8192 bits")]
    NotRsa,
}

/// The public half of a client's key.
#[derive(Clone)]
pub(crate) struct ClientKey {
    public: Vec<u8>,
}

impl ClientKey {
    /// Whether this key made the RS256 signature of `message`.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.public).verify(message, signature).is_ok()
    }
}

/// Makes a new 2048-bit key; answers it as PKCS#8 PEM too.
pub(crate) fn generate() -> Result<(String, ClientKey), KeyError> {
    let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::Generate)?;
    let der = pair.as_der().map_err(|_| KeyError::Generate)?;
    Ok((to_pem(der.as_ref()), public_of(&pair)))
}

/// Reads a private key in PKCS#8 or PKCS#1 PEM, of which only the public half is kept.
pub(crate) fn from_pem(pem: &str) -> Result<ClientKey, KeyError> {
    let body: String = pem
        .lines()
        .map(str::trim)
        .skip_while(|line| !line.starts_with("-----BEGIN"))
        .skip(1)
        .take_while(|line| !line.starts_with("-----END"))
        .collect();
    let der = STANDARD.decode(body).map_err(|_| KeyError::NotPem)?;
    if der.is_empty() {
        return Err(KeyError::NotPem);
    }
    let pair =
        KeyPair::from_pkcs8(&der).or_else(|_| KeyPair::from_der(&der)).map_err(|_| KeyError::NotRsa)?;
    Ok(public_of(&pair))
}

fn public_of(pair: &KeyPair) -> ClientKey {
    ClientKey { public: pair.public_key().as_ref().to_vec() }
}

fn to_pem(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut pem = String::from("-----BEGIN PRIVATE KEY-----\n");
    for line in text.as_bytes().chunks(64) {
        pem.extend(line.iter().copied().map(char::from));
        pem.push('\n');
    }
    pem.push_str("-----END PRIVATE KEY-----\n");
    pem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_key_can_be_read_back() {
        let (pem, key) = generate().expect("a key");
        assert_eq!(from_pem(&pem).expect("the same key").public, key.public);
    }

    #[test]
    fn other_texts_are_no_keys() {
        assert!(matches!(from_pem("hello"), Err(KeyError::NotPem)));
        let pem = "-----BEGIN PRIVATE KEY-----\naGVsbG8=\n-----END PRIVATE KEY-----\n";
        assert!(matches!(from_pem(pem), Err(KeyError::NotRsa)));
    }
}
