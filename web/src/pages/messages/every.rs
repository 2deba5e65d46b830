//! What can be done with every message that the filter lets through, on every page of it: a plan. Without a filter there
//! is nothing to press: nothing chosen never means everything.

use leptos::prelude::*;
use leptos::task::spawn_local;
use rcs_revoke_api::{BatchCommand, BatchTerms};
use rcs_revoke_core::recall::RETRIED;

use super::filter::ListFilter;
use crate::api::{Batch, Counts, Failure, idempotency_key};
use crate::place::{Place, address_of_batch};
use crate::session::Session;
use crate::text::words;
use crate::ui::{Dialog, Only, dynamic, text_of};
use crate::when::count;

/// The button for all that match, and its question.
#[component]
pub fn Every(filter: Memo<ListFilter>, batch: RwSignal<Option<Batch>>) -> impl IntoView {
    let session = expect_context::<Session>();
    let place = expect_context::<Place>();
    let text = &words().batches;
    let (asking, acting) = (RwSignal::new(false), RwSignal::new(false));
    let again = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<Failure>);
    let key = StoredValue::new(String::new());
    let how_many = Memo::new(move |_| {
        filter.with(|filter| match &filter.batch {
            Some(_) => batch.with(|batch| matching(filter, &batch.as_ref()?.progress.outcomes)),
            None => session.counts.with(|counts| matching(filter, counts)),
        })
    });
    let number = move || how_many.get().map(count);
    // The question belongs to the filter that it was asked for.
    Effect::new(move || {
        filter.track();
        asking.set(false);
    });
    let ask = move |_| {
        let retried = filter.with_untracked(|filter| {
            !filter.outcomes.is_empty() && filter.outcomes.iter().all(|code| RETRIED.contains(&code.as_str()))
        });
        again.set(retried);
        failure.set(None);
        key.set_value(idempotency_key());
        asking.set(true);
    };
    let plan = move |_| {
        let select = filter.with_untracked(|filter| (!filter.is_all()).then(|| filter.selection()));
        let Some(select) = select else { return };
        let said = reason.get_untracked().trim().to_owned();
        let said = Some(said).filter(|said| !said.is_empty());
        let command = BatchCommand {
            terms: BatchTerms {
                title: said.as_ref().map(|said| said.chars().take(200).collect()),
                reason: said,
                again: again.get_untracked(),
                ..BatchTerms::default()
            },
            select: Some(select),
            ..BatchCommand::default()
        };
        acting.set(true);
        failure.set(None);
        spawn_local(async move {
            let answer = session.api.plan_batch(&command, &key.get_value()).await;
            if acting.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(batch) => place.go(&address_of_batch(&batch.id)),
                Err(why) => failure.set(Some(why)),
            }
        });
    };
    // What the command says has changed: it is another command.
    let anew = move || key.set_value(idempotency_key());
    view! {
        <Only when=move || !filter.get().is_all() && how_many.get() != Some(0)>
            <button class="btn" data-every="" on:click=ask>
                {text_of(move || (text.all_that_match)(number().as_deref()))}"…"
            </button>
        </Only>
        <Dialog open=asking title=Signal::derive(move || (text.select_title)(number().as_deref()))>
            <p>{text.select_what}</p>
            <label class="cap" for="every-reason">{words().plan.reason}</label>
            <input id="every-reason" class="field" maxlength="500" placeholder=words().plan.reason_hint
                on:input=move |event| { reason.set(event_target_value(&event)); anew(); }/>
            <label class="check gap">
                <input type="checkbox" prop:checked=move || again.get()
                    on:change=move |event| { again.set(event_target_checked(&event)); anew(); }/>
                <span>{text.select_again}</span>
            </label>
            {dynamic(move || failure.get().map(|failure| view! { <p class="wrong gap" role="alert">{failure.sentence()}</p> }))}
            <div class="actions">
                <button class="btn" on:click=move |_| asking.set(false)>{words().shell.cancel}</button>
                <button class="btn primary" data-confirm="" disabled=move || acting.get() on:click=plan>{text.select_plan}</button>
            </div>
        </Dialog>
    }
}

/// How many messages fit, where the counts by outcome can tell.
fn matching(filter: &ListFilter, counts: &Counts) -> Option<u64> {
    if filter.duplicate || filter.source.is_some() || filter.q.is_some() {
        return None;
    }
    let fits = |code: &String| filter.outcomes.is_empty() || filter.outcomes.contains(code);
    Some(counts.iter().filter(|(code, _)| fits(code)).map(|(_, count)| count).sum())
}

#[cfg(test)]
mod tests {
    use super::{ListFilter, matching};

    #[test]
    fn a_number_is_said_only_where_it_is_known() {
        let counts = [("refused".to_owned(), 3), ("watched".to_owned(), 4)].into();
        let filter = ListFilter { outcomes: vec!["refused".to_owned()], ..ListFilter::default() };
        assert_eq!(matching(&filter, &counts), Some(3));
        assert_eq!(
            matching(&ListFilter { batch: Some("b".to_owned()), ..ListFilter::default() }, &counts),
            Some(7)
        );
        assert_eq!(matching(&ListFilter { q: Some("x".to_owned()), ..filter }, &counts), None);
    }
}
