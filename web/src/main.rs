//! The operators' console: paste message ids, revoke them, watch what really happens.
//!
//! It links the core for everything it can know by itself (parsing, routing, the exact request) and asks the
//! server, through [`api`], for the rest. It decides nothing about a provider, a region or an outcome.

mod api;
mod app;
mod clock;
mod keys;
mod live;
mod pages;
mod panic;
mod paste;
mod place;
mod save;
mod session;
mod text;
mod theme;
mod ui;
mod when;
mod whole;

fn main() {
    panic::show_in_page();
    theme::apply_stored();
    leptos::mount::mount_to_body(app::App);
}
