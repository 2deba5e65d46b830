//! Views that change. Their types are erased here, once: each closure would otherwise bring its own copy of the
//! code that renders it, and the page would be a third larger.

use leptos::prelude::*;

/// A view that is made again whenever something that it reads has changed.
pub type Dynamic = Box<dyn Fn() -> AnyView + Send>;

/// A text that follows what it reads.
pub type DynamicText = Box<dyn Fn() -> String + Send>;

/// The view that a closure makes, as it changes.
pub fn dynamic<V: IntoView + 'static>(view: impl Fn() -> V + Send + 'static) -> Dynamic {
    Box::new(move || view().into_any())
}

/// The text that a closure makes, as it changes.
pub fn text_of(text: impl Fn() -> String + Send + 'static) -> DynamicText {
    Box::new(text)
}

/// Shows its children while a condition holds.
#[component]
pub fn Only(
    #[prop(into)] when: Signal<bool>,
    #[prop(into, optional)] fallback: ViewFn,
    children: ChildrenFn,
) -> impl IntoView {
    let when = Memo::new(move |_| when.get());
    dynamic(move || if when.get() { children() } else { fallback.run() })
}
