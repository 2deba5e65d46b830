//! Puts the server's claims and the simulator's books side by side, message by message: in passing while the world
//! goes on, and in full at its end.

use std::collections::BTreeMap;

use anyhow::Result;
use rcs_revoke_api::MessageView;
use rcs_revoke_simulator::Running;
use rcs_revoke_tests::client::Api;

use crate::compare::{Case, Lie, judge};
use crate::play::Played;
use crate::reality::Reality;
use crate::script::Scripted;

/// One message with everything that is known of it.
#[derive(Debug)]
pub struct Judged<'a> {
    /// What was scripted.
    pub scripted: &'a Scripted,
    /// What the server says; none if it does not know the message.
    pub view: Option<MessageView>,
    /// What happened.
    pub reality: Reality,
    /// What is wrong with it.
    pub lies: Vec<Lie>,
}

/// The end of a drill.
#[derive(Debug)]
pub struct Verdicts<'a> {
    /// Every message of the script.
    pub judged: Vec<Judged<'a>>,
    /// Messages in the store that the world never had.
    pub invented: Vec<String>,
}

/// Asks the server, with a look into the simulator's books before and after.
///
/// # Errors
/// When the server does not answer.
pub async fn judge_all<'a>(
    script: &'a [Scripted],
    played: &Played,
    simulator: &Running,
    api: &Api,
) -> Result<Verdicts<'a>> {
    let before = books(simulator);
    let views = api.messages("").await?;
    let mut after = books(simulator);
    let mut views: BTreeMap<String, MessageView> =
        views.into_iter().map(|view| (view.message.clone(), view)).collect();
    let mut judged = Vec::with_capacity(script.len());
    for (index, scripted) in script.iter().enumerate() {
        let key = scripted.key();
        let mut view = views.remove(&key);
        if view.is_none() {
            // What changes while the pages are turned may be on none of them; and then the books change too.
            view = api.message(&key).await.ok().map(|detail| detail.view);
            after.extend(
                simulator.truth_of(&scripted.id).map(|truth| (scripted.id.clone(), Reality::of(&truth))),
            );
        }
        let (Some(before), Some(reality)) = (before.get(&scripted.id), after.remove(&scripted.id)) else {
            anyhow::bail!("the simulator does not know {}, which was to be sent", scripted.id);
        };
        let lies = judge(&Case {
            claim: view.as_ref().map(|view| &view.outcome),
            before,
            after: &reality,
            was_taken: played.taken.contains(&index),
            confirmed: scripted.sender.confirmed,
        });
        judged.push(Judged { scripted, view, reality, lies });
    }
    Ok(Verdicts { judged, invented: views.into_keys().collect() })
}

/// What is false at this moment, in the middle of everything. What is not in the list may have changed while its
/// pages were turned, and what moves may move: only what is said counts.
///
/// # Errors
/// When the server does not answer.
pub async fn glimpse(script: &[Scripted], simulator: &Running, api: &Api) -> Result<Vec<(String, Lie)>> {
    let before = books(simulator);
    let views = api.messages("").await?;
    let after = books(simulator);
    let views: BTreeMap<&str, &MessageView> =
        views.iter().map(|view| (view.message.as_str(), view)).collect();
    let mut lies = Vec::new();
    for scripted in script {
        let key = scripted.key();
        let Some(view) = views.get(key.as_str()) else { continue };
        let (Some(before), Some(after)) = (before.get(&scripted.id), after.get(&scripted.id)) else {
            continue;
        };
        let confirmed = scripted.sender.confirmed;
        let case = Case { claim: Some(&view.outcome), before, after, was_taken: true, confirmed };
        let false_now = judge(&case).into_iter().filter(|lie| *lie != Lie::NeverAtRest);
        lies.extend(false_now.map(|lie| (key.clone(), lie)));
    }
    Ok(lies)
}

fn books(simulator: &Running) -> BTreeMap<String, Reality> {
    simulator.truth().iter().map(|truth| (truth.message.id.clone(), Reality::of(truth))).collect()
}
