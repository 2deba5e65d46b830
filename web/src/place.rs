//! Where we are: the address, and the way to another one without loading the page again.
//!
//! Six pages need no more than this. A router made for hundreds would be a tenth of all that is loaded.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlAnchorElement, MouseEvent, UrlSearchParams};

use crate::api::segment;

const MESSAGES: &str = "/messages";
const SOURCES: &str = "/sources";
const BATCHES: &str = "/batches";

/// The pages, as addresses name them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// The first page.
    Revoke,
    /// The list.
    Messages,
    /// One message, by its key as it stands in the address.
    Message(String),
    /// The list of batches.
    Batches,
    /// One batch, by its id as it stands in the address.
    Batch(String),
    /// The sources and the classes.
    Sources,
    /// An address that nothing stands at.
    Nowhere,
}

impl Page {
    fn at(path: &str) -> Self {
        let path = if path.len() > 1 { path.trim_end_matches('/') } else { path };
        match path {
            "/" => return Self::Revoke,
            MESSAGES => return Self::Messages,
            BATCHES => return Self::Batches,
            SOURCES => return Self::Sources,
            _ => {}
        }
        let below = |list: &str| {
            let one = path.strip_prefix(list)?.strip_prefix('/')?;
            (!one.contains('/')).then(|| one.to_owned())
        };
        let message = below(MESSAGES).map(Self::Message);
        message.or_else(|| below(BATCHES).map(Self::Batch)).unwrap_or(Self::Nowhere)
    }
}

/// The address of a message's page.
pub fn address_of(key: &str) -> String {
    format!("{MESSAGES}/{}", segment(key))
}

/// The address of a batch's page.
pub fn address_of_batch(id: &str) -> String {
    format!("{BATCHES}/{}", segment(id))
}

/// The address of the messages of a batch; of those of some outcomes, if `outcomes` names any.
pub fn messages_of_batch(id: &str, outcomes: &str) -> String {
    let more = if outcomes.is_empty() { String::new() } else { format!("&outcome={outcomes}") };
    format!("{MESSAGES}?batch={}{more}", segment(id))
}

/// The address, as it changes.
#[derive(Clone, Copy)]
pub struct Place {
    path: RwSignal<String>,
    query: RwSignal<String>,
}

impl Place {
    /// Follows the address bar and the links of the page.
    pub fn begin() -> Self {
        let place = Self { path: RwSignal::new(String::new()), query: RwSignal::new(String::new()) };
        place.read();
        window_event_listener(ev::popstate, move |_| place.read());
        window_event_listener(ev::click, move |event| place.follow(&event));
        place
    }

    /// The page that the address names.
    pub fn page(self) -> Page {
        Page::at(&self.path.get())
    }

    /// The query of the address.
    pub fn query(self) -> Option<UrlSearchParams> {
        UrlSearchParams::new_with_str(&self.query.get()).ok()
    }

    /// Goes to another address; back leads here again.
    pub fn go(self, address: &str) {
        if let Ok(history) = window().history() {
            let _ = history.push_state_with_url(&JsValue::NULL, "", Some(address));
        }
        self.read();
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }

    /// Changes the address of where we are.
    pub fn change(self, address: &str) {
        if let Ok(history) = window().history() {
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(address));
        }
        self.read();
    }

    fn read(self) {
        let location = window().location();
        let (path, query) = (location.pathname().unwrap_or_default(), location.search().unwrap_or_default());
        if self.path.get_untracked() != path {
            self.path.set(path);
        }
        if self.query.get_untracked() != query {
            self.query.set(query);
        }
    }

    /// Follows a plain click on a link to one of our pages; everything else is the browser's.
    fn follow(self, event: &MouseEvent) {
        let other = event.button() != 0
            || event.ctrl_key()
            || event.meta_key()
            || event.shift_key()
            || event.alt_key();
        if other || event.default_prevented() {
            return;
        }
        let link = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = link.and_then(|target| target.closest("a[href^='/']:not([download])").ok().flatten());
        let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) else { return };
        if let Some(address) = link.get_attribute("href") {
            event.prevent_default();
            self.go(&address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Page;

    #[test]
    fn addresses_name_pages() {
        assert_eq!(Page::at("/"), Page::Revoke);
        assert_eq!(Page::at("/messages"), Page::Messages);
        assert_eq!(Page::at("/messages/"), Page::Messages);
        assert_eq!(Page::at("/messages/vonage:a"), Page::Message("vonage:a".to_owned()));
        assert_eq!(Page::at("/sources"), Page::Sources);
        assert_eq!(Page::at("/sources/"), Page::Sources);
        assert_eq!(Page::at("/batches"), Page::Batches);
        assert_eq!(Page::at("/batches/bat_1"), Page::Batch("bat_1".to_owned()));
        for path in ["/messagesx", "/messages/a/b", "/sources/a", "/batches/a/b", "/other", ""] {
            assert_eq!(Page::at(path), Page::Nowhere, "{path}");
        }
    }
}
