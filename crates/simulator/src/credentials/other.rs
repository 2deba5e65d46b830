//! The account's other application, for tokens that are good and not the right ones.

use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::keys::{self, ClientKey};

/// Another application of the account, which owns no sender. Its key is only made when somebody asks for it: few do,
/// and it takes a moment.
#[derive(Clone)]
pub struct OtherApplication {
    /// Its id.
    pub id: String,
    key: Arc<OnceLock<(String, ClientKey)>>,
}

impl OtherApplication {
    pub(super) fn new(id: String, key: Option<(String, ClientKey)>) -> Self {
        Self { id, key: Arc::new(key.map_or_else(OnceLock::new, OnceLock::from)) }
    }

    /// Its private key (PEM).
    pub fn private_key(&self) -> &str {
        &self.key().0
    }

    pub(crate) fn public_key(&self) -> &ClientKey {
        &self.key().1
    }

    fn key(&self) -> &(String, ClientKey) {
        self.key.get_or_init(|| keys::generate().expect("a key can be made, as at the start"))
    }
}

impl PartialEq for OtherApplication {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.private_key() == other.private_key()
    }
}

impl Eq for OtherApplication {}

impl fmt::Debug for OtherApplication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OtherApplication").field("id", &self.id).finish_non_exhaustive()
    }
}
