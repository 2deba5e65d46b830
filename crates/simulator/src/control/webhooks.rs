//! Where events go, and Google's handshakes with those addresses.

use axum::Json;
use axum::extract::State;

use super::Control;
use crate::config::check_webhook_url;
use crate::courier::{handshake, new_client};
use crate::host::Provider;
use crate::site::Site;
use crate::world::{HandshakeSeen, NewHandshake, Refused, Webhooks};

pub(super) async fn set_all(
    State(control): State<Control>,
    Json(urls): Json<Webhooks>,
) -> Result<Json<Webhooks>, Refused> {
    if urls.google.is_some() {
        set_webhook(&control.site, Provider::Google, urls.google)?;
    }
    if urls.vonage.is_some() {
        set_webhook(&control.site, Provider::Vonage, urls.vonage)?;
    }
    Ok(Json(control.site.world(|world| world.webhooks())))
}

/// Says where a provider's events go.
///
/// # Errors
/// When the address cannot be called.
pub(crate) fn set_webhook(site: &Site, provider: Provider, url: Option<String>) -> Result<(), Refused> {
    let changed = site.reconfigure(false, |config| {
        let mut config = config.clone();
        match provider {
            Provider::Google => config.google.webhook_url = url,
            Provider::Vonage => config.vonage.webhook_url = url,
        }
        Ok(config)
    });
    changed.map(|_| ()).map_err(|error| Refused::Webhook(error.to_string()))
}

pub(super) async fn handshakes(State(control): State<Control>) -> Json<Vec<HandshakeSeen>> {
    Json(control.site.world(|world| world.handshakes().to_vec()))
}

pub(super) async fn make_handshake(
    State(control): State<Control>,
    Json(new): Json<NewHandshake>,
) -> Result<Json<HandshakeSeen>, Refused> {
    shake_hands(&control.site, new).await.map(Json)
}

/// Makes a handshake and waits for its end.
///
/// # Errors
/// When no webhook is known, or its address cannot be called.
pub(crate) async fn shake_hands(site: &Site, new: NewHandshake) -> Result<HandshakeSeen, Refused> {
    let url = new.url.or_else(|| site.config().google.webhook_url.clone());
    let url = url.ok_or(Refused::Incomplete("no Google webhook is set: give `url`"))?;
    check_webhook_url(&url).map_err(|error| Refused::Webhook(error.to_string()))?;
    let seen = handshake::make(site, &new_client(), url, new.token).await;
    site.world(|world| world.record_handshake(seen.clone()));
    Ok(seen)
}
