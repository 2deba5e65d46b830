//! Small parts that show what they are given. None of them asks the server or knows a page.

mod badge;
mod batch;
mod confirm;
mod dialog;
mod dynamic;
mod narrow;
mod route;
mod sms;
mod then;
mod time;
mod toasts;
mod virtual_list;

pub use badge::{Badge, BadgeSize, bar_class, label_of};
pub use batch::{BatchState, batch_bar, in_order, state_label, title_of};
pub use confirm::Confirm;
pub use dialog::Dialog;
pub use dynamic::{Only, dynamic, text_of};
pub use narrow::narrow;
pub use route::{because, certainty_of};
pub use sms::{DuplicateMark, SmsLine, sms_mark};
pub use then::{ThenChoice, follows_label, follows_of, follows_why};
pub use time::{Countdown, Instant, Said, plain, plain_utc};
pub use toasts::{ToastList, Toasts};
pub use virtual_list::visible;
