//! Which messages are listed, as the address says it, and the controls that change the address.

use leptos::html;
use leptos::prelude::*;
use rcs_revoke_api::MessageQuery;
use rcs_revoke_core::outcome::{ROWS, Sureness};
use web_sys::UrlSearchParams;

use crate::api::{Batch, Counts, Message};
use crate::place::{Place, address_of_batch};
use crate::session::Session;
use crate::text::words;
use crate::ui::{Badge, bar_class, dynamic, label_of, text_of, title_of};
use crate::when::number;

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListFilter {
    /// Outcome codes; all when empty.
    pub outcomes: Vec<String>,
    /// Only those of which the person may have got an SMS too.
    pub duplicate: bool,
    pub source: Option<String>,
    /// A batch's id.
    pub batch: Option<String>,
    pub q: Option<String>,
    pub after: Option<String>,
}

impl ListFilter {
    /// Reads it from the address.
    pub fn from_query(query: &UrlSearchParams) -> Self {
        let get = |name| query.get(name).filter(|value| !value.is_empty());
        let outcomes = get("outcome").unwrap_or_default();
        Self {
            outcomes: outcomes.split(',').filter(|code| !code.is_empty()).map(str::to_owned).collect(),
            duplicate: query.get("duplicate").as_deref() == Some("true"),
            source: get("source"),
            batch: get("batch"),
            q: get("q"),
            after: get("after"),
        }
    }

    /// The same filter at another page.
    #[must_use]
    pub fn with_after(&self, after: Option<String>) -> Self {
        Self { after, ..self.clone() }
    }

    /// What the server is asked, name by name.
    pub fn query(&self) -> Vec<(&'static str, String)> {
        let mut query = Vec::new();
        if !self.outcomes.is_empty() {
            query.push(("outcome", self.outcomes.join(",")));
        }
        if self.duplicate {
            query.push(("duplicate", "true".to_owned()));
        }
        let others =
            [("source", &self.source), ("batch", &self.batch), ("q", &self.q), ("after", &self.after)];
        for (name, value) in others {
            if let Some(value) = value {
                query.push((name, value.clone()));
            }
        }
        query
    }

    /// The address of this list.
    pub fn address(&self) -> String {
        let pairs: Vec<String> = self
            .query()
            .into_iter()
            .map(|(name, value)| format!("{name}={}", String::from(js_sys::encode_uri_component(&value))))
            .collect();
        if pairs.is_empty() { "/messages".to_owned() } else { format!("/messages?{}", pairs.join("&")) }
    }

    /// The same as a selection, whichever page is shown.
    pub fn selection(&self) -> MessageQuery {
        MessageQuery {
            outcome: Some(self.outcomes.join(",")).filter(|outcomes| !outcomes.is_empty()),
            duplicate: self.duplicate,
            source: self.source.clone(),
            batch: self.batch.clone(),
            q: self.q.clone(),
            ..MessageQuery::default()
        }
    }

    /// Whether a changed message may belong to this list. A search and a batch are the server's to answer: it may.
    pub fn may_hold(&self, message: &Message) -> bool {
        (self.outcomes.is_empty() || self.outcomes.iter().any(|code| code == message.code()))
            && (!self.duplicate || message.outcome.duplicate.is_some())
            && self.source.as_ref().is_none_or(|source| message.source.as_ref() == Some(source))
    }

    /// Whether everything is listed.
    pub fn is_all(&self) -> bool {
        self.outcomes.is_empty()
            && !self.duplicate
            && self.source.is_none()
            && self.batch.is_none()
            && self.q.is_none()
    }
}

/// One chip: the codes it stands for, its name, and how many there are.
struct Chip {
    codes: Vec<String>,
    label: String,
    count: u64,
}

/// The chips worth showing: what is under way together, each other outcome that there is.
fn chips(counts: &Counts) -> Vec<Chip> {
    let count = |code: &str| counts.get(code).copied().unwrap_or(0);
    let moving: Vec<String> =
        ROWS.iter().filter(|row| row.sureness == Sureness::Moving).map(|row| row.code.to_owned()).collect();
    let under_way = moving.iter().map(|code| count(code)).sum();
    let mut chips =
        vec![Chip { codes: moving.clone(), label: words().list.under_way.to_owned(), count: under_way }];
    let known = ROWS.iter().map(|row| row.code).filter(|code| !moving.iter().any(|other| other == code));
    let newer = counts.keys().map(String::as_str).filter(|code| ROWS.iter().all(|row| row.code != *code));
    chips.extend(known.chain(newer).map(|code| Chip {
        codes: vec![code.to_owned()],
        label: label_of(code),
        count: count(code),
    }));
    chips
}

/// The outcomes with their counts, within the batch if the list is of one; pressing one filters by it.
#[component]
pub fn Chips(filter: Memo<ListFilter>, batch: RwSignal<Option<Batch>>) -> impl IntoView {
    let session = expect_context::<Session>();
    let shown = move || {
        let filter = filter.get();
        let counts = match &filter.batch {
            Some(_) => batch.with(|batch| batch.as_ref().map(|batch| batch.progress.outcomes.clone())),
            None => Some(session.counts.get()),
        };
        let counts = counts.unwrap_or_default();
        let all =
            Chip { codes: Vec::new(), label: words().list.all.to_owned(), count: counts.values().sum() };
        let worth = |chip: &Chip| chip.count > 0 || chip.codes == filter.outcomes;
        let others = chips(&counts).into_iter().filter(worth);
        let twice = if filter.batch.is_some() { 0 } else { session.duplicates.get() };
        let twice = (twice > 0 || filter.duplicate).then(|| duplicates_chip(twice, &filter));
        (core::iter::once(all).chain(others).map(|chip| one_chip(chip, &filter)).collect_view(), twice)
    };
    view! {
        <div class="chips" role="group" aria-label=words().list.filter>
            <BatchChip filter batch/>
            {dynamic(shown)}
        </div>
    }
}

/// Which batch the list is of; pressing it leaves that filter.
#[component]
fn BatchChip(filter: Memo<ListFilter>, batch: RwSignal<Option<Batch>>) -> impl IntoView {
    let place = expect_context::<Place>();
    let text = &words().batches;
    let id = Memo::new(move |_| filter.with(|filter| filter.batch.clone()));
    let title =
        move |id: &str| batch.with(|batch| batch.as_ref().map(title_of)).unwrap_or_else(|| id.to_owned());
    let leave =
        move |_| place.go(&ListFilter { batch: None, after: None, ..filter.get_untracked() }.address());
    dynamic(move || {
        id.get().map(|id| {
            view! {
                <span class="chip of-batch" data-batch=id.clone()>
                    <a href=address_of_batch(&id)>{(text.chip)(&title(&id))}</a>
                    <button aria-label=text.unchip title=text.unchip on:click=leave>"×"</button>
                </span>
            }
        })
    })
}

fn one_chip(chip: Chip, filter: &ListFilter) -> impl IntoView + use<> {
    let pressed = chip.codes == filter.outcomes && !filter.duplicate;
    let address =
        ListFilter { outcomes: chip.codes.clone(), duplicate: false, after: None, ..filter.clone() }
            .address();
    let place = expect_context::<Place>();
    let mark = chip.codes.first().map(|code| {
        let class = format!("o {}", bar_class(code));
        view! { <span class=class aria-hidden="true"><i></i></span> }
    });
    let count = number(usize::try_from(chip.count).unwrap_or(usize::MAX));
    view! {
        <button class="chip" aria-pressed=pressed.to_string()
            on:click=move |_| place.go(&address)>
            {mark}{chip.label}" "{count}
        </button>
    }
}

/// Who got the message and an SMS, or may have.
fn duplicates_chip(count: u64, filter: &ListFilter) -> impl IntoView + use<> {
    let address =
        ListFilter { outcomes: Vec::new(), duplicate: true, after: None, ..filter.clone() }.address();
    let place = expect_context::<Place>();
    let text = &words().sms;
    view! {
        <button class="chip" data-duplicates="" aria-pressed=filter.duplicate.to_string()
            title=text.twice_title on:click=move |_| place.go(&address)>
            {text.twice}" "{number(usize::try_from(count).unwrap_or(usize::MAX))}
        </button>
    }
}

/// The search and the choice of a source.
#[component]
pub fn FilterBar(filter: Memo<ListFilter>) -> impl IntoView {
    let session = expect_context::<Session>();
    let place = expect_context::<Place>();
    let field = NodeRef::<html::Input>::new();
    let typed = move |_| {
        let text = field.get_untracked().map(|field| field.value().trim().to_owned()).unwrap_or_default();
        let q = Some(text).filter(|text| !text.is_empty());
        place.change(&ListFilter { q, after: None, ..filter.get_untracked() }.address());
    };
    let chosen = move |event| {
        let source = Some(event_target_value(&event)).filter(|source| !source.is_empty());
        place.go(&ListFilter { source, after: None, ..filter.get_untracked() }.address());
    };
    let options = move || {
        let chosen = filter.get().source;
        let option = |source: crate::api::SourceRow| {
            let id = source.source.id.to_string();
            let selected = chosen.as_deref() == Some(&id);
            let name = source.name().to_owned();
            view! { <option value=id selected=selected>{name}</option> }
        };
        session.sources.get().into_iter().map(option).collect_view()
    };
    let list = &words().list;
    view! {
        <select class="field from" aria-label=list.source on:change=chosen>
            <option value="">{list.any_source}</option>
            {dynamic(options)}
        </select>
        <input class="field find" type="search" node_ref=field data-find="" aria-label=list.find
            placeholder=format!("{}   /", list.find) prop:value=move || filter.get().q.unwrap_or_default()
            on:input=typed/>
    }
}

/// What an empty list says.
#[component]
pub fn Nothing(filter: Memo<ListFilter>) -> impl IntoView {
    let said = move || if filter.get().is_all() { words().list.none } else { words().list.none_fit };
    view! { <p class="empty">{text_of(move || said().to_owned())}</p> }
}

/// The outcome of a row.
#[component]
pub fn OutcomeOf(message: RwSignal<Message>) -> impl IntoView {
    let code = Memo::new(move |_| message.with(|message| message.code().to_owned()));
    dynamic(move || view! { <Badge code=code.get()/> })
}
