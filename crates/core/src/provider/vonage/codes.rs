//! What Vonage's status codes mean, in our own words, for the sentences that people read.
//!
//! <https://developer.vonage.com/en/messages/concepts/messages-status-callbacks>

use crate::text;

/// Codes with one meaning on a line, and the meaning behind them: a text is a third of the size of a `match`.
const CODES: &str = "\
1000 too many messages were sent at once
1010 a parameter was missing
1020,1021,1022 a parameter, tag or template was not valid
1030 Vonage's platform had an error
1040 the message was not valid
1050 the number is barred
1060 the Vonage account is barred
1070 credit or quota was used up
1080 the Vonage account is not enabled for this
1090 the message was too long
1100 handing it over to the network failed
1120 the sender was not allowed
1130 its time to live was not valid
1140 the feature is not enabled for the account
1150 the message class was not valid
1160 the number is not on the account's list of allowed numbers
1170 the number was not valid
1180 the phone was out of reach for the moment
1190 the number is out of reach for good
1200 the ported number could not be resolved
1210 it was taken for spam
1220 the phone was busy
1230 the network had an error
1240 the person has opted out
1241 the number was written to too often
1250,1251 there was no route to the number
1260 the number could not be reached
1270 an age limit stood against it
1280 the carrier blocked it
1282 the provider blocked it
1290 the person's prepaid credit was used up
1300 the number cannot be reached by RCS
1310 the phone is not suited for RCS
1320 it had been sent already
1330 the carrier gave an error without a known meaning
1331 the provider did not respond
1340 the time to reply had passed
1350 no matching fee was found
1370 the token was not valid
1360 its time to live ran out
1380 its media could not be fetched
1381 its media was too large
1382 its media was of a wrong type
1400 the channel was not valid
1410 the channel's parameters were not valid
1420 the sender was not valid
1430 the recipient was not valid
1440 the message type was not valid
1450 the client reference was not valid
1451 the message that it answers was not valid
1460 the daily limit was reached
1461 the provider limited the sender
1470,1472,1473 a rule against fraud stopped it
1480,1481 the registration that the country asks for was missing or wrong
1482 its content is not allowed in the country
1483 the person's consent was missing
1484 a regulation of the country forbids it";

/// What the code means, as a clause without a full stop; none if this build does not know it.
pub(super) fn meaning(code: &str) -> Option<&'static str> {
    let mut rest = CODES;
    loop {
        let (line, after) = text::split_once(rest, "\n").unwrap_or((rest, ""));
        let (codes, meaning) = text::split_once(line, " ")?;
        if is_listed(code, codes) {
            return Some(meaning);
        }
        rest = after;
    }
}

/// Codes that speak about the person: barred, opted out, written to too often, too young, sent already, fraud, consent,
/// regulation.
const ABOUT_THE_PERSON: &str = "1050 1240 1241 1270 1320 1470 1472 1473 1482 1483 1484";

/// Whether what kept the message from the person holds for every channel.
pub(super) fn is_about_the_person(code: &str) -> bool {
    is_listed(code, ABOUT_THE_PERSON)
}

/// Whether a code is one of a list. Each has four digits, and one character behind it where another follows.
fn is_listed(code: &str, codes: &str) -> bool {
    codes.as_bytes().chunks(5).any(|known| &known[..4] == code.as_bytes())
}
