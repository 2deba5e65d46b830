//! What holds for every text: where it is cut never changes a row, nothing in it is lost, and no line is too long.

use arbtest::arbitrary::{Result, Unstructured};
use rcs_revoke_core::import::{Found, Importer, LONGEST_PIECE, ProblemCode, Row, parse};

#[path = "support/seeds.rs"]
mod seeds;

use seeds::holds;

/// Pieces of text that mean something to an import, and some that do not.
const WORDS: &[&str] = &[
    "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab",
    "5d1f0c1e-7a52-4b0e-9a53-0f8f6f4f7c11",
    "5d1f0c1e-7a52-4b0e-9a53-0f8f6f4f7c1",
    "phones/+12223334444/agentMessages/12345xyz",
    "vonage:aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab",
    "google_rbm:agent:1",
    "+12223334444",
    "+447700900000",
    "12345xyz",
    "agentId=my_agent",
    "word",
    "4.47701E+11",
    "2026-11-20T10:00:00Z",
    "600s",
    "vonage.eu",
    "none",
    "ü→",
];
/// Pieces of JSON, whole and broken.
const JSON: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    "\n",
    ":",
    "\"",
    "\\u00e9\\ud83d\\ude00",
    "null",
    "12345",
    "\"message_uuid\":\"aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab\"",
    "\"message\":\"google_rbm:a:1\"",
    "\"id\":\"x1\"",
    "\"to\":\"447700900000\"",
    "\"items\":[",
    "\"message\":{",
    "\"data\":\"eyJtZXNzYWdlSWQiOiJNMSIsImFnZW50SWQiOiJhIn0=\"",
    "\"msg\":\"sent 5d1f0c1e-7a52-4b0e-9a53-0f8f6f4f7c11\"",
    "\"application_id\":\"5d1f0c1e-7a52-4b0e-9a53-0f8f6f4f7c11\"",
    "{\"id\":\"x2\",\"source\":\"otp\"}",
    "5d1f0c1e-7a52-4b0e-9a53-0f8f6f4f7c11",
    " é ",
];
const GLUE: &[&str] =
    &[",", " ", "\t", ";", "\"", "\"\"", "\n", "\r\n", "\n", "'", "/", ".", "..", "%2e", ":", "\u{feff}"];
const FIRST: &[&str] = &[
    "",
    "id\n",
    "phone,id,sent_at\n",
    "text;message_uuid;from\r\n",
    "\u{feff}id\tto\n",
    "to,sent\n",
    LEDGER,
];
const LEDGER: &str = "id,class,fallback text,failover,host,ttl,expires at,revoke at\n";

fn text(u: &mut Unstructured<'_>) -> Result<String> {
    let mut text = (*u.choose(FIRST)?).to_owned();
    while !u.is_empty() {
        text.push_str(u.choose(WORDS)?);
        for _ in 0..u.int_in_range(0..=3)? {
            text.push_str(u.choose(GLUE)?);
        }
    }
    Ok(text)
}

/// The rows of a text that comes in pieces.
fn in_pieces(text: &[u8], mut next: impl FnMut() -> usize) -> Vec<Row> {
    let (mut importer, mut rows, mut rest) = (Importer::new(), Vec::new(), text);
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(next().clamp(1, rest.len()));
        rows.extend(importer.push(piece));
        rest = after;
    }
    rows.extend(importer.finish());
    rows
}

#[test]
fn where_a_text_is_cut_never_matters() {
    holds(|u| {
        let mut lengths: Vec<usize> = u.arbitrary_iter::<u8>()?.take(16).flatten().map(usize::from).collect();
        lengths.push(7);
        let text = text(u)?;
        let mut lengths = lengths.iter().copied().cycle();
        let rows = in_pieces(text.as_bytes(), || lengths.next().expect("a cycle has no end"));
        assert_eq!(rows, parse(&text), "{text:?}");
        Ok(())
    });
}

fn json(u: &mut Unstructured<'_>) -> Result<String> {
    let mut text = (*u.choose(&["{", "[", "{\"items\":[\n", "", "\u{feff}[\n"])?).to_owned();
    while !u.is_empty() {
        text.push_str(u.choose(JSON)?);
    }
    Ok(text)
}

#[test]
fn where_json_is_cut_never_matters_and_every_place_is_in_it() {
    holds(|u| {
        let step = u.int_in_range(1..=9)?;
        let text = json(u)?;
        let rows = parse(&text);
        assert_eq!(in_pieces(text.as_bytes(), || step), rows, "{text:?}");
        let lines: Vec<&str> = text.split('\n').collect();
        for row in rows {
            assert!(row.column <= lines[row.line - 1].chars().count() + 1, "{row:?} in {text:?}");
        }
        Ok(())
    });
}

/// The ids of objects that are read, or told of as free text, are the same: nothing of broken JSON is lost.
#[test]
fn no_message_of_json_is_lost_where_it_breaks() {
    holds(|u| {
        let (mut text, mut ids) = ("{\"items\":[".to_owned(), Vec::new());
        let broken = u.int_in_range(0..=6)?;
        while !u.is_empty() && ids.len() < 9 {
            let id = format!("aaaaaaaa-bbbb-4ccc-8ddd-{:012}", ids.len());
            let gap = u.choose(&["", "\n", " \n\t"])?;
            let name = u.choose(&["message_uuid", "id", "msg"])?;
            text.extend([
                gap,
                "{",
                gap,
                "\"to\":\"447700900000\",",
                gap,
                "\"",
                name,
                "\":\"",
                &id,
                "\"",
                gap,
                "},",
            ]);
            if ids.len() == broken {
                text.push_str(u.choose(&["oops", "}", "]]", "\"", "{'a'", "\u{0}", "{\"x\":\"\n"])?);
            }
            ids.push(id);
        }
        let rows = parse(&text);
        for id in ids {
            let is_it = |row: &Row| matches!(&row.found, Found::Entry(entry) if entry.id.as_str() == id);
            assert!(rows.iter().any(is_it), "{id} of {text:?} in {rows:?}");
        }
        Ok(())
    });
}

#[test]
fn the_same_text_in_utf_16_gives_the_same_rows_wherever_it_is_cut() {
    holds(|u| {
        let step = u.int_in_range(1..=9)?;
        let is_big = u.arbitrary()?;
        let text = if u.arbitrary()? { json(u)? } else { text(u)? };
        let bytes: Vec<u8> = format!("\u{feff}{text}")
            .encode_utf16()
            .flat_map(|unit| if is_big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect();
        let expected = parse(&format!("\u{feff}{text}"));
        assert_eq!(in_pieces(&bytes, || step), expected, "{text:?}");
        if text.len() > 1 && text.bytes().take(2).all(|byte| (1..0x80).contains(&byte)) {
            assert_eq!(in_pieces(&bytes[2..], || step), parse(&text), "{text:?}");
        }
        Ok(())
    });
}

#[test]
fn a_page_on_one_endless_line_is_read_piece_by_piece() {
    let items: Vec<String> = (0..20_000)
        .map(|n| format!(r#"{{"id":"m{n}","to":"+44770{n:07}","outcome":{{"outcome":"sent","é":[{n}]}}}}"#))
        .collect();
    let text = format!(r#"{{"items":[{}],"next":null}}"#, items.join(","));
    assert!(text.len() > 10 * LONGEST_PIECE);
    let rows = parse(&text);
    assert_eq!(rows.len(), items.len());
    let mut column = 10;
    for (n, (row, item)) in rows.iter().zip(&items).enumerate() {
        let Found::Entry(entry) = &row.found else { panic!("{row:?}") };
        assert_eq!(entry.id.as_str(), format!("m{n}"));
        assert_eq!(entry.phone.as_ref().map(rcs_revoke_core::E164::digits), Some(&*format!("44770{n:07}")));
        assert_eq!((row.line, row.column), (1, column + 8));
        column += item.chars().count() + 1;
    }
    assert_eq!(in_pieces(text.as_bytes(), || 4_099), rows);
    let mut importer = Importer::new();
    let first = importer.push(&text.as_bytes()[..3 * LONGEST_PIECE]);
    assert!(first.len() > 500, "rows come while the document is read: {}", first.len());
}

#[test]
fn a_text_of_json_without_end_costs_no_memory_and_the_rest_goes_on() {
    let text =
        format!("[{{\"id\":\"x1\",\"text\":\"{}\"}},\n{{\"id\":\"x2\"}}]", "a, b \\n".repeat(LONGEST_PIECE));
    let rows = parse(&text);
    let ids: Vec<_> = rows
        .iter()
        .map(|row| match &row.found {
            Found::Entry(entry) => entry.id.as_str(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(ids, ["x1", "x2"]);
    assert_eq!(in_pieces(text.as_bytes(), || 1_001), rows);
}

#[test]
fn no_bytes_make_it_panic_and_their_cuts_never_matter() {
    holds(|u| {
        let step = u.int_in_range(1..=9)?;
        let bytes = u.bytes(u.len())?;
        assert_eq!(in_pieces(bytes, || step), in_pieces(bytes, || usize::MAX));
        Ok(())
    });
}

#[test]
fn every_line_of_free_text_is_accounted_for() {
    holds(|u| {
        let text = format!("aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab\n{}", text(u)?);
        let rows = parse(&text);
        for (number, line) in text.split('\n').enumerate() {
            let expected = line.contains(char::is_alphanumeric);
            assert_eq!(
                rows.iter().any(|row| row.line == number + 1),
                expected,
                "line {}: {line:?}",
                number + 1
            );
        }
        Ok(())
    });
}

#[test]
fn every_uuid_of_a_csv_is_accounted_for() {
    holds(|u| {
        let mut csv = "text,id\n".to_owned();
        let mut written = 0;
        while !u.is_empty() {
            let value = u.choose(&["plain", "\"a, b\"", "\"two\nlines\"", "\"open", "5\" wide", "\"a\"b"])?;
            csv.extend([value, &*format!(",aaaaaaaa-bbbb-4ccc-8ddd-{written:012}\n")]);
            written += 1;
        }
        let rows = parse(&csv);
        for number in 0..written {
            let id = format!("aaaaaaaa-bbbb-4ccc-8ddd-{number:012}");
            let line = 1 + csv[..csv.find(&id).expect("it was written")].matches('\n').count();
            let told = rows.iter().any(|row| match &row.found {
                Found::Entry(entry) => entry.id.as_str() == id,
                Found::Duplicate { .. } => false,
                Found::Problem(_) => row.line == line || row.line + 1 == line,
            });
            assert!(told, "{id} of line {line} in {csv:?}");
        }
        Ok(())
    });
}

#[test]
fn a_field_of_a_ledger_is_kept_or_is_a_problem_at_its_place() {
    let fields = [
        ("class", "otp"),
        ("sms text", "Your code is \"1234\""),
        ("failover", "perhaps"),
        ("host", "vonage.eu"),
        ("host", "eu"),
        ("ttl", "600s"),
        ("ttl", "600"),
        ("ttl_seconds", "600"),
        ("expires at", "2026-11-20T10:00:00Z"),
        ("revoke at", "2026-11-20 10:00"),
    ];
    holds(|u| {
        let mut chosen = vec![("id", "x1")];
        while !u.is_empty() && chosen.len() < 8 {
            chosen.push(*u.choose(&fields)?);
        }
        let quoted = |texts: &mut dyn Iterator<Item = &str>| {
            texts.map(|text| format!("\"{}\"", text.replace('"', "\"\""))).collect::<Vec<_>>().join(",")
        };
        let names = quoted(&mut chosen.iter().map(|(name, _)| *name));
        let values = quoted(&mut chosen.iter().map(|(_, value)| *value));
        let rows = parse(&format!("{names}\n{values}\n"));
        let [row] = rows.as_slice() else { panic!("{rows:?}") };
        // Of two columns with one name the first counts.
        let said = |name: &str| chosen.iter().find(|(other, _)| *other == name).map(|(_, value)| *value);
        let ends = ["ttl", "ttl_seconds", "expires at"].map(|name| said(name).is_some());
        // Ten minutes are ten minutes, however they are written.
        let contradict = ends[2] && (ends[0] || ends[1]);
        let wrong =
            [("failover", "perhaps"), ("host", "eu"), ("ttl", "600"), ("revoke at", "2026-11-20 10:00")];
        let is_wrong = contradict || wrong.iter().any(|(name, value)| said(name) == Some(value));
        match &row.found {
            Found::Entry(entry) => {
                assert!(!is_wrong, "{values}");
                assert_eq!(entry.class.as_deref(), said("class"));
                assert_eq!(entry.fallback_text.as_deref(), said("sms text"));
                assert_eq!(entry.host.map(rcs_revoke_core::Host::name), said("host"));
                assert_eq!(entry.life.is_some(), ends.contains(&true));
            }
            Found::Problem(problem) => {
                assert!(is_wrong, "{values}: {problem:?}");
                let before: String = values.chars().take(row.column - 1).collect();
                assert!(before.ends_with('"'), "where a field begins: {before}");
                let (name, _) = chosen[before.matches("\",\"").count()];
                let is_end = ["ttl", "ttl_seconds"].contains(&name);
                assert!(wrong.iter().any(|(other, _)| *other == name) || is_end, "{name} in {values}");
            }
            Found::Duplicate { .. } => panic!("{row:?}"),
        }
        Ok(())
    });
}

#[test]
fn a_list_on_one_endless_line_is_read_whole() {
    let ids: Vec<String> = (0..20_000).map(|n| format!("aaaaaaaa-bbbb-4ccc-8ddd-{n:012}")).collect();
    let text = ids.join(",");
    assert!(text.len() > 10 * LONGEST_PIECE);
    let rows = parse(&text);
    assert_eq!(rows.len(), ids.len());
    for (n, (row, id)) in rows.iter().zip(&ids).enumerate() {
        assert!(matches!(&row.found, Found::Entry(entry) if entry.id.as_str() == id));
        assert_eq!((row.line, row.column), (1, 37 * n + 1));
    }
    assert_eq!(in_pieces(text.as_bytes(), || 4_099), rows);
}

#[test]
fn an_endless_line_without_an_id_is_one_row_and_an_endless_blank_is_none() {
    let prose = "no id ".repeat(LONGEST_PIECE);
    let rows = parse(&format!("{prose}\n{}\n{prose}", " ".repeat(3 * LONGEST_PIECE)));
    let lines: Vec<usize> = rows.iter().map(|row| row.line).collect();
    assert_eq!(lines, [1, 3]);
}

#[test]
fn an_endless_word_is_cut_and_the_rest_goes_on() {
    let word = "ä".repeat(3 * LONGEST_PIECE);
    let text = format!("{word} 5d1f0c1e-7a52-4b0e-9a53-0f8f6f4f7c11\naaaaaaaa-bbbb-4ccc-8ddd-0123456789ab");
    let rows = parse(&text);
    assert_eq!(in_pieces(text.as_bytes(), || 1_001), rows);
    let [cut, same_line, next_line] = rows.as_slice() else { panic!("{rows:?}") };
    let Found::Problem(problem) = &cut.found else { panic!("{cut:?}") };
    assert_eq!((problem.code, cut.line, cut.column), (ProblemCode::TooLong, 1, 1));
    assert!(problem.text.chars().count() < 200);
    assert_eq!((same_line.line, same_line.column), (1, 3 * LONGEST_PIECE + 2));
    assert_eq!((next_line.line, next_line.column), (2, 1));
}

#[test]
fn an_endless_line_of_a_csv_is_cut_and_the_rest_goes_on() {
    let text = format!("id,text\nx1,{}\nx2,fine\n", "a,".repeat(LONGEST_PIECE));
    let rows = parse(&text);
    assert_eq!(in_pieces(text.as_bytes(), || 1_001), rows);
    let [cut, next] = rows.as_slice() else { panic!("{rows:?}") };
    assert!(matches!(&cut.found, Found::Problem(problem) if problem.code == ProblemCode::TooLong));
    assert!(matches!(&next.found, Found::Entry(entry) if entry.id.as_str() == "x2"));
    assert_eq!((cut.line, next.line), (2, 3));
}

#[test]
fn quotes_that_are_never_closed_cost_their_own_lines_only() {
    let lines = 10_000;
    let open: Vec<String> = (0..lines).map(|n| format!("x{n},\"open {n}\n")).collect();
    let rows = parse(&format!("id,text\n{}", open.concat()));
    let problems = rows.iter().filter(|row| matches!(row.found, Found::Problem(_))).count();
    assert!(problems > lines / 4, "{problems}");
    let accounted: Vec<usize> = rows.iter().map(|row| row.line).collect();
    assert!(accounted.is_sorted());
}
