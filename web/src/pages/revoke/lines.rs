//! The lines in view: number, text, and what is said beside them, kept beside the field as it scrolls.

use leptos::prelude::*;
use web_sys::Element;

use crate::paste::{Draft, Mood, Paper};
use crate::ui::{dynamic, narrow, visible};
use crate::whole;

/// Where the field is scrolled to, and how large it is.
#[derive(Clone, Copy)]
pub struct Scroll {
    top: RwSignal<f64>,
    left: RwSignal<f64>,
    height: RwSignal<f64>,
    narrow: RwSignal<bool>,
    /// How much further the text goes than a browser can scroll: 1 unless it is very long.
    scale: RwSignal<f64>,
}

/// What browsers can scroll at least.
const TALLEST: f64 = 8_000_000.0;

impl Scroll {
    /// At the beginning.
    pub fn new() -> Self {
        Self {
            top: RwSignal::new(0.0),
            left: RwSignal::new(0.0),
            height: RwSignal::new(400.0),
            narrow: narrow(),
            scale: RwSignal::new(1.0),
        }
    }

    /// Takes the sizes from the field once it is there, and again when the window changes.
    pub fn measure(self, field: impl Fn() -> Option<Element> + 'static) {
        Effect::new(move || {
            self.narrow.track();
            if let Some(element) = field() {
                self.height.set(f64::from(element.client_height()));
            }
        });
    }

    /// The field was scrolled.
    pub fn moved(self, field: Option<Element>) {
        if let Some(element) = field {
            self.top.set(f64::from(element.scroll_top()) * self.scale.get_untracked());
            self.left.set(f64::from(element.scroll_left()));
        }
    }

    /// How tall a row is; the style sheet says the same.
    fn row(self) -> f64 {
        if self.narrow.get() { 44.0 } else { 26.0 }
    }

    /// How tall the room for so many lines is; a browser cannot scroll further than some millions of pixels.
    pub fn room(self, lines: usize) -> f64 {
        let wanted = whole::number(lines) * self.row();
        let tall = wanted.min(TALLEST);
        // Scrolled to its end, the field shows the end of the text.
        let height = self.height.get();
        self.scale.set(((wanted - height) / (tall - height).max(1.0)).max(1.0));
        tall
    }
}

/// The lines in view.
#[component]
pub fn Lines(scroll: Scroll) -> impl IntoView {
    let draft = expect_context::<Draft>();
    let shown = move || {
        draft.version.track();
        draft.plan.track();
        let (top, row) = (scroll.top.get(), scroll.row());
        let count = draft.with_paper(Paper::lines);
        let one = |index: usize| {
            let y = whole::number(index) * row - top;
            line(draft, index + 1, y)
        };
        visible(top, scroll.height.get(), row, count).map(one).collect_view()
    };
    view! { <div class="lines" class:aside=move || { scroll.left.get() > 4.0 } aria-hidden="true">{dynamic(shown)}</div> }
}

fn line(draft: Draft, number: usize, y: f64) -> impl IntoView + use<> {
    let said = draft.annotation(number);
    let class = match said.mood {
        Mood::Plain => "row",
        Mood::Soon => "row soon",
        Mood::Bad => "row bad",
    };
    // A very long line is cut: only its beginning is in view.
    let text: String = draft.with_paper(|paper| paper.line(number).chars().take(400).collect());
    view! {
        <div class=class style:transform=format!("translateY({y}px)")>
            <b>{number}</b>
            <div class="body"><span class="text">{text}</span><em>{said.text}</em></div>
        </div>
    }
}
