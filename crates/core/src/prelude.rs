//! What the standard library puts into every file, for a crate that does without it: so the package for web pages
//! carries none of the standard library's own handling of panics.

pub(crate) use alloc::borrow::ToOwned;
pub(crate) use alloc::boxed::Box;
pub(crate) use alloc::string::{String, ToString};
pub(crate) use alloc::vec::Vec;
