use serde::Deserialize;

use super::write::write_string;
use super::{Map, Value, pick, string};

/// The same value as `serde_json` reads it.
fn same(ours: &Value, theirs: &serde_json::Value) -> bool {
    match (ours, theirs) {
        (Value::Number(number), serde_json::Value::Number(theirs)) => *number == theirs.as_u64(),
        (Value::String(text), serde_json::Value::String(theirs)) => text == theirs,
        (Value::Object(map), serde_json::Value::Object(theirs)) => {
            theirs.iter().all(|(key, value)| map.get(key).is_some_and(|ours| same(ours, value)))
                && map.0.iter().all(|(key, _)| theirs.contains_key(key))
        }
        (Value::Null, serde_json::Value::Null)
        | (Value::Other, serde_json::Value::Bool(_) | serde_json::Value::Array(_)) => true,
        _ => false,
    }
}

fn check(bytes: &[u8]) {
    let theirs = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(bytes);
    match (Map::read(bytes), theirs) {
        (Ok(map), Ok(theirs)) => {
            assert!(same(&Value::Object(map), &theirs.into()), "{:?}", String::from_utf8_lossy(bytes));
        }
        // Only `serde_json` makes a float of every number, and refuses one that is none.
        (ours, Err(why)) => {
            let is_range = why.to_string().contains("number out of range");
            assert!(ours.is_err() || is_range, "{:?}: {why}", String::from_utf8_lossy(bytes));
        }
        (ours, theirs) => panic!("{:?}: {ours:?}, {theirs:?}", String::from_utf8_lossy(bytes)),
    }
}

#[derive(Deserialize)]
struct Picked {
    a: Option<String>,
    data: Option<serde::de::IgnoredAny>,
}

fn check_picked(bytes: &[u8]) {
    let ours =
        pick(bytes, ["a", "data"]).and_then(|[a, data]| Ok((a.map(string).transpose()?, data.is_some())));
    // Derived code also takes a list for an object: we do not.
    let is_list = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    let theirs = serde_json::from_slice::<Picked>(bytes).map(|read| (read.a, read.data.is_some()));
    match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => assert_eq!(ours, theirs, "{:?}", String::from_utf8_lossy(bytes)),
        (Err(_), theirs) if theirs.is_err() || is_list => {}
        (ours, theirs) => panic!("{:?}: {ours:?}, {theirs:?}", String::from_utf8_lossy(bytes)),
    }
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
