//! JSON as webhooks may bring it: read strictly, because whoever may write something into it would profit from every
//! freedom of the reader.

use core::fmt;
use core::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Reads a struct from JSON text that is an object. A field of the struct that stands twice is refused.
pub(crate) fn object<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Option<T> {
    let text = core::str::from_utf8(bytes).ok()?;
    serde_json::from_str(text).ok().map(|Object(read)| read)
}

/// A struct that is read from an object and from nothing else: by itself serde takes a list of its fields, too.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfFields<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for OfFields<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(fields)).map(Object)
            }
        }

        deserializer.deserialize_map(OfFields(PhantomData))
    }
}

/// Any JSON value in which no key of an object stands twice with different values. What such an object means differs
/// from reader to reader, so nobody knows what its writer meant.
pub(crate) struct Unambiguous(pub(crate) Value);

impl<'de> Deserialize<'de> for Unambiguous {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue).map(Self)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Unambiguous(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some((key, Unambiguous(value))) = entries.next_entry::<String, _>()? {
            if fields.get(&key).is_some_and(|before| *before != value) {
                return Err(A::Error::custom("a key stands twice and says two things"));
            }
            fields.insert(key, value);
        }
        Ok(Value::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::Value;

    use super::{Unambiguous, object};

    #[derive(Debug, PartialEq, Deserialize)]
    struct Pair {
        one: String,
        other: Option<u8>,
    }

    #[test]
    fn a_struct_is_an_object_and_no_list() {
        let pair = |text: &[u8]| object::<Pair>(text);
        assert_eq!(pair(br#"{"one":"a","more":[]}"#), Some(Pair { one: "a".to_owned(), other: None }));
        for text in [
            &br#"["a",1]"#[..],
            br#"{"one":"a","one":"a"}"#,
            b"{\"one\":\"a\",\"\\u006fne\":\"b\"}",
            b"{\"one\":\"a\",\"more\":\"\xFF\"}",
            b"\xEF\xBB\xBF{\"one\":\"a\"}",
            br#""one""#,
            b"null",
        ] {
            assert_eq!(pair(text), None, "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn what_says_one_thing_is_read_as_serde_json_reads_it() {
        let read = |text: &str| serde_json::from_str(text).ok().map(|Unambiguous(value)| value);
        for text in [
            r#"{"a":[1,-1,1.5,1e3,true,null,"x"],"b":{"c":{}},"":""}"#,
            r#"{"a":{"b":1},"a":{"b":1}}"#,
            "18446744073709551615",
            r#""\ud83d\ude00""#,
        ] {
            let plain: Option<Value> = serde_json::from_str(text).ok();
            assert!(plain.is_some(), "{text}");
            assert_eq!(read(text), plain, "{text}");
        }
        for text in
            [r#"{"a":1,"a":2}"#, r#"[{"a":{"b":1},"a":{"b":null}}]"#, r#"{"a":1,"\u0061":"1"}"#, "1e999"]
        {
            assert_eq!(read(text), None, "{text}");
        }
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(read(&deep), None);
    }

    #[test]
    fn many_keys_are_read_in_time_that_grows_with_their_number() {
        let many = (0..50_000).fold(String::new(), |many, key| many + &format!("\"{key}\":0,\"{key}\":0,"));
        let text = format!("{{{many}\"\":0}}");
        let Unambiguous(value) = serde_json::from_str(&text).unwrap();
        assert_eq!(value.as_object().map(serde_json::Map::len), Some(50_001));
    }
}
