//! The configuration in force, and the scenarios.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::Value;

use super::Control;
use crate::config::Config;
use crate::scenario::{self, Scenario};
use crate::world::Refused;

fn refused(error: &crate::ConfigError) -> Refused {
    Refused::Config(error.to_string())
}

pub(super) async fn get(State(control): State<Control>) -> Json<Config> {
    Json(Config::clone(&control.site.config()))
}

pub(super) async fn change(
    State(control): State<Control>,
    Json(part): Json<Value>,
) -> Result<Json<Config>, Refused> {
    let faults_anew = part.get("faults").is_some() || part.get("scenarios").is_some();
    let changed = control.site.reconfigure(faults_anew, |config| config.clone().changed(part));
    changed.map(|config| Json(Config::clone(&config))).map_err(|error| refused(&error))
}

/// Puts back the configuration of the start. Where events go stays as it is.
pub(super) async fn put_back(State(control): State<Control>) -> Result<Json<Config>, Refused> {
    let changed = control.site.reconfigure(true, |config| {
        let mut first = Config::clone(&control.site.first_config);
        first.google.webhook_url.clone_from(&config.google.webhook_url);
        first.vonage.webhook_url.clone_from(&config.vonage.webhook_url);
        Ok(first)
    });
    changed.map(|config| Json(Config::clone(&config))).map_err(|error| refused(&error))
}

pub(super) async fn scenarios() -> Json<&'static [Scenario]> {
    Json(scenario::all())
}

/// Which scenario.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Name {
    name: String,
}

pub(super) async fn play(
    State(control): State<Control>,
    Json(Name { name }): Json<Name>,
) -> Result<Json<&'static Scenario>, Refused> {
    let scenario = scenario::named(&name).ok_or(Refused::UnknownScenario(name))?;
    let played = control.site.reconfigure(true, |config| scenario.over(config.clone()));
    played.map(|_| Json(scenario)).map_err(|error| refused(&error))
}
