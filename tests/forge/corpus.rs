//! The named cases, as tables: what is wrong, its name, the status, and how it is made.

use std::sync::Arc;

use rand::SeedableRng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use rcs_revoke_simulator::Provider;

use super::draft::{Material, Target};
use super::keys::Keys;
use super::{Call, Forgery, Kind, google as google_draft, mutations, vonage as vonage_draft};

mod google;
mod google_content;
mod transport;
mod vonage;
mod vonage_content;

/// The longest body that is read.
pub(super) const LIMIT: usize = 1 << 20;

/// One row of a table about one provider.
struct Case<D> {
    kind: Kind,
    name: &'static str,
    status: u16,
    make: fn(&mut D),
}

/// One row of the table about how calls travel: a call that was accepted before, sent in another way.
struct Journey {
    kind: Kind,
    name: &'static str,
    google: u16,
    vonage: u16,
    make: fn(&mut Call),
}

const fn case<D>(kind: Kind, name: &'static str, status: u16, make: fn(&mut D)) -> Case<D> {
    Case { kind, name, status, make }
}

fn google_cases() -> impl Iterator<Item = &'static Case<google_draft::Draft>> {
    google::CASES.iter().chain(google_content::CASES)
}

fn vonage_cases() -> impl Iterator<Item = &'static Case<vonage_draft::Draft>> {
    vonage::CASES.iter().chain(vonage_content::CASES)
}

/// The names of all cases about a provider, with what is wrong and the status.
pub fn named(provider: Provider) -> Vec<(Kind, &'static str, u16)> {
    let mut rows: Vec<_> = match provider {
        Provider::Google => google_cases().map(|case| (case.kind, case.name, case.status)).collect(),
        Provider::Vonage => vonage_cases().map(|case| (case.kind, case.name, case.status)).collect(),
    };
    rows.extend(transport::JOURNEYS.iter().map(|case| (case.kind, case.name, status(case, provider))));
    rows
}

const fn status(journey: &Journey, provider: Provider) -> u16 {
    match provider {
        Provider::Google => journey.google,
        Provider::Vonage => journey.vonage,
    }
}

/// Makes forgeries about one world.
#[derive(Debug)]
pub struct Forger {
    /// The secrets.
    pub keys: Arc<Keys>,
    /// The messages.
    pub targets: Vec<Target>,
    /// The events that were accepted.
    pub known: Vec<(Provider, String)>,
}

impl Forger {
    /// Every named case once.
    pub fn corpus(&self, seed: u64) -> Vec<Forgery> {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let mut all = Vec::new();
        for provider in [Provider::Google, Provider::Vonage] {
            for (kind, name, _) in named(provider) {
                all.extend(self.make(provider, kind, name, &mut dice));
            }
        }
        all
    }

    /// Any case of any kind, or a genuine call with something changed in it.
    pub fn draw(&self, dice: &mut ChaCha8Rng) -> Forgery {
        let provider = *[Provider::Google, Provider::Vonage].choose(dice).expect("there are two");
        let rows = named(provider);
        loop {
            let kind = *Kind::ALL.choose(dice).expect("there are kinds");
            if kind == Kind::Mutated {
                return mutations::mutated(self.material(provider, dice));
            }
            let of_kind: Vec<_> = rows.iter().filter(|(found, ..)| *found == kind).collect();
            // Some kinds are about one provider only.
            let Some((kind, name, _)) = of_kind.choose(dice) else { continue };
            if let Some(forgery) = self.make(provider, *kind, name, dice) {
                return forgery;
            }
        }
    }

    fn material(&self, provider: Provider, dice: &mut ChaCha8Rng) -> Material {
        Material::draw(&self.keys, provider, &self.targets, &self.known, ChaCha8Rng::from_rng(dice))
    }

    fn make(&self, provider: Provider, kind: Kind, name: &str, dice: &mut ChaCha8Rng) -> Option<Forgery> {
        let material = self.material(provider, dice);
        let is_it = |found: Kind, found_name: &str| found == kind && found_name == name;
        let forgery = |status, call| Forgery { kind, name: name.to_owned(), provider, call, status };
        if let Some(journey) = transport::JOURNEYS.iter().find(|row| is_it(row.kind, row.name)) {
            let mut call = accepted(provider, material);
            (journey.make)(&mut call);
            return Some(forgery(status(journey, provider), call));
        }
        match provider {
            Provider::Google => {
                let case = google_cases().find(|row| is_it(row.kind, row.name))?;
                let mut draft = google_draft::Draft::new(material);
                (case.make)(&mut draft);
                Some(forgery(case.status, draft.into_call()))
            }
            Provider::Vonage => {
                let case = vonage_cases().find(|row| is_it(row.kind, row.name))?;
                let mut draft = vonage_draft::Draft::new(material);
                (case.make)(&mut draft);
                Some(forgery(case.status, draft.into_call()))
            }
        }
    }
}

/// A call that was accepted before.
fn accepted(provider: Provider, material: Material) -> Call {
    match provider {
        Provider::Google => {
            let mut draft = google_draft::Draft::new(material);
            draft.says_the_known();
            draft.into_call()
        }
        Provider::Vonage => {
            let mut draft = vonage_draft::Draft::new(material);
            draft.says_the_known();
            draft.into_call()
        }
    }
}
