//! English, about an SMS instead.

use crate::text::SmsText;
use crate::when::number;

pub const TEXT: SmsText = SmsText {
    title: "SMS instead",
    state: |code| match code {
        "sending" => "On its way to the provider",
        "sent" => "Taken by the provider",
        "submitted" => "Handed to the network",
        "delivered" => "Reached the person",
        "not_delivered" => "Will not reach the person",
        "maybe_sent" => "May have been sent, nobody knows",
        "not_sent" => "Surely not sent",
        _ => "",
    },
    numbered: |sms| format!("SMS {sms}"),
    mark: "SMS",
    code: |code| format!("code {code}"),
    duplicate: "Duplicate: the person got the SMS too",
    duplicate_short: "Duplicate",
    maybe_duplicate_short: "Duplicate?",
    maybe_duplicate: "Possible duplicate: the person may have got an SMS too",
    twice: "Got both, or may have",
    twice_title: "The person got the message and an SMS, or may have",
    send: "Send an SMS",
    send_title: |sms| format!("Send SMS {sms} instead?"),
    send_button: |sms| format!("Send SMS {sms}"),
    again: "Revoke again, then SMS",
    again_title: "Revoke again, then send an SMS?",
    again_what: "The message is asked for once more. Once that is settled, this SMS leaves by itself, whatever it may duplicate, unless the message turns out to be delivered or presumed so.",
    again_button: "Revoke again, then send the SMS",
    again_asked: "Taken. The SMS follows once that is settled, unless the message is delivered or presumed so.",
    from: "From",
    to: "To",
    text: "Text",
    text_fixed: "Text, as it will be sent",
    parts: |parts, used, most| {
        let cut = if parts == 1 { "1 part".to_owned() } else { format!("{} parts", number(parts)) };
        format!("{cut} · {} of {} characters", number(used), number(most))
    },
    too_long: |most| format!("At most {} characters.", number(most)),
    no_text: "Write what the person shall read.",
    ordered: |sms| {
        format!(
            "SMS {sms} is ordered. It leaves within the provider’s limit, unless the message turns out to be delivered."
        )
    },
    lost: "Pressing the button again orders no second SMS.",
    meanwhile: "What happened meanwhile is on the page behind this; look at it before you order one anew.",
    then: "And then",
    follows: |code| match code {
        "nothing" => "Nothing",
        "fallback" => "SMS if its class allows it",
        _ => "SMS, unless delivered or presumed so",
    },
    follows_why: |code| match code {
        "nothing" => "The content was wrong: nobody gets anything else.",
        "fallback" => "The person still needs it: an SMS follows where the message’s class allows it.",
        _ => "An SMS follows once nothing more is tried, unless the message is delivered or presumed so.",
    },
    by_itself: |class, outcomes| {
        format!("Class {class}: an SMS leaves by itself if a message is {outcomes}.")
    },
    by_hand: |outcomes| format!("It is left to a person if {outcomes}."),
    never: |class| format!("Class {class}: no SMS leaves by itself."),
    no_limit: "It is for advertising and does not say for how long an SMS may follow, so none leaves by itself.",
    may_double: |outcomes| {
        format!(
            "Nothing proves that a message was taken back that is {outcomes}. Who gets an SMS then may get both."
        )
    },
    registered: "Messages that were registered with a class of their own follow that one; Sources shows each.",
    no_class: "For messages without a class none leaves by itself; you may send one by hand.",
    no_class_known: |class| {
        format!("A source here has no class {class}: for its messages none leaves by itself.")
    },
    no_sender: |sources| {
        format!("No sender of SMS is configured for {sources}: none can be sent for their messages.")
    },
};
