use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

use super::oracle::{Unambiguous, object};
use super::write::write_string;
use super::{Value, opt_text, pick};

/// Whether it is the value that `serde_json` reads.
fn same(ours: &Value<'_>, theirs: &serde_json::Value) -> bool {
    match (ours, theirs) {
        (Value::Plain("null"), serde_json::Value::Null) => true,
        (Value::Plain(ours), serde_json::Value::Bool(theirs)) => *ours == theirs.to_string(),
        (Value::Plain(ours), serde_json::Value::Number(theirs)) => ours.parse().ok() == theirs.as_u64(),
        (Value::Text(ours), serde_json::Value::String(theirs)) => ours == theirs,
        (Value::List(ours), serde_json::Value::Array(theirs)) => {
            let mut pairs = ours.iter().zip(theirs);
            ours.len() == theirs.len() && pairs.all(|(ours, theirs)| same(&ours.value, theirs))
        }
        (Value::Object(ours), serde_json::Value::Object(theirs)) => {
            let mut pairs = ours.iter().zip(theirs);
            ours.len() == theirs.len()
                && pairs.all(|(ours, (name, theirs))| ours.name == *name && same(&ours.value, theirs))
        }
        _ => false,
    }
}

fn check(bytes: &[u8]) {
    let shown = String::from_utf8_lossy(bytes);
    match (Value::read(bytes), serde_json::from_slice(bytes)) {
        (Ok(ours), Ok(Unambiguous(theirs))) => assert!(same(&ours, &theirs), "{shown:?}"),
        (ours, Err(why)) => {
            // Only `serde_json` makes a float of every number, and refuses one that is none.
            let is_range = why.to_string().contains("number out of range");
            assert!(ours.is_err() || is_range, "{shown:?}: {why}");
        }
        // One number may be written in two ways; we compare what is written.
        (Err(why), Ok(_)) => assert!(why.to_string().starts_with("a key stands twice"), "{shown:?}: {why}"),
    }
}

#[derive(Deserialize)]
struct Picked {
    a: Option<String>,
    #[serde(default, deserialize_with = "stands_there")]
    data: bool,
}

fn stands_there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

fn check_picked(bytes: &[u8]) {
    let ours = pick(bytes, &["a", "data"]).and_then(|[a, data]| Some((opt_text(a).ok()?, data.is_some())));
    let theirs = object::<Picked>(bytes).map(|read| (read.a, read.data));
    assert_eq!(ours, theirs, "{:?}", String::from_utf8_lossy(bytes));
}

const SEEDS: &[&str] = &[
    r#"{"a":"x","data":{"b":[1,2,{"c":null}],"d":"\u00e9\ud83d\ude00\n\/"},"e":-0.5e+3,"f":true}"#,
    r#"{"a":null,"data":null,"data2":[],"x":{},"y":"","z":18446744073709551616}"#,
    r#" {"\u0061" : "1" , "a" : "2" , "n" : [ false , [ ] , { } ] } "#,
    r#"{"a":"\ud800","s":"\udc00\ud800","t":"\u12g4","u":01,"v":1.,"w":.5,"x":1e,"y":-}"#,
    r#"[null,null,["x"]]"#,
    "{}",
    "",
    "null",
    r#"{"a":1,}"#,
    r#"{"a":"x","a":"y"}"#,
    r#"{"data":1,"b":"\ud800","data":2}"#,
    "{\"a\":\"tab\there\"}",
    "{\"a\":\"\u{7f}é→😀\"}",
    r#"{"a":1,"a":2}"#,
    r#"{"b":[{"a":{"b":1},"a":{"b":null}}]}"#,
    r#"{"a":{"b":1},"a":{"b":1},"c":[1,true],"c":[1,true]}"#,
    "{\"a\":1,\"\\u0061\":\"1\"}",
    r#"{"n":1e400,"m":123456789012345678901234567890}"#,
];

#[test]
fn reads_what_serde_json_reads() {
    for seed in SEEDS {
        check(seed.as_bytes());
        check_picked(seed.as_bytes());
    }
    for depth in [1, 125, 126, 127, 128, 129, 500] {
        let nested = format!("{{\"b\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        check(nested.as_bytes());
        check_picked(nested.as_bytes());
        let nested = format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
        check(nested.as_bytes());
        check_picked(nested.as_bytes());
    }
}

#[test]
fn reads_what_serde_json_reads_of_what_was_bent() {
    arbtest::arbtest(|u| {
        let mut bytes = u.choose(SEEDS)?.as_bytes().to_vec();
        for _ in 0..u.int_in_range(1..=4)? {
            let at = u.int_in_range(0..=bytes.len())?;
            let symbols = b"{}[]\",:\\/u0159aden-+.tfl \n\x00\x80\xc3\xa9\xff";
            match u.int_in_range(0..=3)? {
                0 => bytes.insert(at, *u.choose(symbols)?),
                1 if at < bytes.len() => bytes[at] = *u.choose(symbols)?,
                2 if at < bytes.len() => drop(bytes.remove(at)),
                _ => bytes.truncate(at),
            }
        }
        check(&bytes);
        check_picked(&bytes);
        Ok(())
    });
}

#[test]
fn writes_texts_as_serde_json_does() {
    let all: String = ('\0'..='\u{300}').chain(['\u{2028}', '\u{fffd}', '😀']).collect();
    let mut json = String::new();
    write_string(&mut json, &all);
    assert_eq!(json, serde_json::to_string(&all).unwrap());
}

#[test]
fn many_keys_are_read_in_time_that_grows_with_their_number() {
    let many = (0..50_000).fold(String::new(), |many, key| many + &format!("\"{key}\":0,\"{key}\":0,"));
    let many = format!("{{{many}\"\":0}}");
    let Ok(Value::Object(fields)) = Value::read(many.as_bytes()) else { panic!("no object") };
    assert_eq!(fields.len(), 50_001);
}
