//! What became of the messages that were handed over, as it is heard.

use std::collections::{BTreeMap, HashMap};

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rcs_revoke_core::outcome::{Sureness, row_of};

use crate::api::{Message, Sentence, Taken};
use crate::live::Live;
use crate::session::Session;

/// How long changes are gathered before they are shown.
const GATHER: u32 = 120;

/// How many messages a page of the list holds at most, and how many ids one look-up asks for.
const PAGE: &str = "500";
const BATCH: usize = 1_000;

/// One message that was handed over.
#[derive(Clone, Debug, PartialEq)]
pub struct Tracked {
    pub key: String,
    pub news: News,
}

/// The latest that is known of it.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// It was not handed over yet, as far as we know.
    Waiting,
    /// The server has taken it; nothing more was heard yet.
    Taken,
    /// It was not taken, and why.
    NotTaken(String),
    /// Its outcome, and why where that was told.
    Told { code: String, why: Option<Sentence>, version: i64, deaf: bool },
}

/// All messages of the latest run.
#[derive(Clone, Copy)]
pub struct Tracking {
    session: Session,
    rows: StoredValue<Vec<Tracked>, LocalStorage>,
    places: StoredValue<HashMap<String, usize>, LocalStorage>,
    /// Grows when there are news to show.
    pub version: RwSignal<u32>,
    waiting: StoredValue<bool>,
}

impl Tracking {
    /// Follows nothing yet.
    pub fn begin(session: Session, live: Live) -> Self {
        let tracking = Self {
            session,
            rows: StoredValue::new_local(Vec::new()),
            places: StoredValue::new_local(HashMap::new()),
            version: RwSignal::new(0),
            waiting: StoredValue::new(false),
        };
        live.listen(move |message| tracking.heard(message));
        Effect::new(move |before: Option<()>| {
            live.healed.track();
            if before.is_some() {
                tracking.catch_up(true);
            }
        });
        tracking
    }

    /// Follows these from now on.
    pub fn start(self, keys: Vec<String>) {
        self.places.set_value(keys.iter().enumerate().map(|(at, key)| (key.clone(), at)).collect());
        self.rows.set_value(keys.into_iter().map(|key| Tracked { key, news: News::Waiting }).collect());
        self.show();
    }

    /// What the server made of the messages of a command.
    pub fn taken(self, results: &[Taken]) {
        for result in results {
            let news = result.refusal().map_or(News::Taken, |why| News::NotTaken(why.to_owned()));
            self.edit(&result.message, |tracked| {
                if tracked.news == News::Waiting {
                    tracked.news = news;
                }
            });
        }
        self.show();
    }

    /// Reads what may have been missed: of all messages after an interruption, else of those without news.
    pub fn catch_up(self, all: bool) {
        if self.rows.with_value(Vec::is_empty) {
            return;
        }
        spawn_local(async move {
            if let Ok(page) = self.session.api.messages(&[("limit", PAGE)]).await {
                page.items.iter().for_each(|message| self.heard(message));
            }
            let wanted = |tracked: &&Tracked| all || tracked.news == News::Taken;
            let keys: Vec<String> = self
                .rows
                .with_value(|rows| rows.iter().filter(wanted).map(|tracked| tracked.key.clone()).collect());
            for batch in keys.chunks(BATCH) {
                let ids = batch.iter().filter_map(|key| key.rsplit(':').next()).map(str::to_owned).collect();
                let Ok(found) = self.session.api.lookup(ids).await else { return };
                for lookup in found {
                    self.edit(&lookup.message, |tracked| tracked.looked_up(&lookup.outcome));
                }
                self.show();
            }
        });
    }

    /// How many there are.
    pub fn len(self) -> usize {
        self.rows.with_value(Vec::len)
    }

    /// Some of them, in the order in which they were handed over.
    pub fn some(self, range: core::ops::Range<usize>) -> Vec<Tracked> {
        self.rows.with_value(|rows| rows.get(range).unwrap_or_default().to_vec())
    }

    /// How many there are of each outcome, and how many without one.
    pub fn counts(self) -> Counted {
        self.rows.with_value(|rows| {
            let mut counted = Counted::default();
            for tracked in rows {
                match &tracked.news {
                    News::Waiting => counted.waiting += 1,
                    News::Taken => counted.taken += 1,
                    News::NotTaken(_) => counted.not_taken += 1,
                    News::Told { code, .. } => match counted.told.get_mut(code.as_str()) {
                        Some(count) => *count += 1,
                        None => drop(counted.told.insert(code.clone(), 1)),
                    },
                }
            }
            counted
        })
    }

    /// The keys of all of them.
    pub fn keys(self) -> Vec<String> {
        self.rows.with_value(|rows| rows.iter().map(|tracked| tracked.key.clone()).collect())
    }

    fn heard(self, message: &Message) {
        let news = News::Told {
            code: message.code().to_owned(),
            why: Some(message.why.clone()),
            version: message.version,
            deaf: message.deaf,
        };
        if self.edit(&message.key, |tracked| tracked.hear(news, message.version)) {
            self.show();
        }
    }

    /// Changes one, and says whether we follow it.
    fn edit(self, key: &str, edit: impl FnOnce(&mut Tracked)) -> bool {
        let place = self.places.with_value(|places| places.get(key).copied());
        if let Some(at) = place {
            self.rows.update_value(|rows| rows.get_mut(at).map(edit).unwrap_or_default());
        }
        place.is_some()
    }

    fn show(self) {
        if !self.waiting.get_value() {
            self.waiting.set_value(true);
            Timeout::new(GATHER, move || {
                self.waiting.set_value(false);
                self.version.update(|version| *version = version.wrapping_add(1));
            })
            .forget();
        }
    }
}

/// The messages of a run by what is known of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counted {
    pub told: BTreeMap<String, usize>,
    pub waiting: usize,
    pub taken: usize,
    pub not_taken: usize,
}

impl Counted {
    /// How many may still have something to stop.
    pub fn open(&self) -> usize {
        let moving = |code: &str| row_of(code).is_some_and(|row| row.sureness == Sureness::Moving);
        self.waiting
            + self.taken
            + self.told.iter().filter(|(code, _)| moving(code)).map(|(_, count)| count).sum::<usize>()
    }
}

impl Tracked {
    fn hear(&mut self, news: News, version: i64) {
        let newer = match &self.news {
            News::Told { version: held, .. } => *held < version,
            News::Waiting | News::Taken | News::NotTaken(_) => true,
        };
        if newer {
            self.news = news;
        }
    }

    /// A look-up tells the outcome only: what was told in full about the same outcome stays.
    fn looked_up(&mut self, outcome: &str) {
        match &self.news {
            News::Told { code, .. } if code == outcome => {}
            News::NotTaken(_) => {}
            _ => self.news = News::Told { code: outcome.to_owned(), why: None, version: 0, deaf: false },
        }
    }
}
