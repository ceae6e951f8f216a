//! What this crate refuses where others may not: the rows that `docs/strictness.md` lists, each with its verdict and its error.
//! How they were made: `scripts/interop/make-strictness.mjs`.

use edgeward::{Error, UnixTime, Verifier};
use serde_json::Value;

use crate::rows::{algorithm, key_set, rows, rules, text};

const FILE: &str = "strictness.jsonl";
const COUNT: usize = 152;

fn judge(row: &Value) -> Result<(), Error> {
    let now = UnixTime::from_seconds(row["now"].as_u64().expect("a time"));
    let verifier = Verifier::new(rules(&row["options"]), [algorithm(row)]);
    verifier.verify(text(row, "token"), &key_set(row), now).map(|_| ())
}

/// Attack classes 1, 2, 4 to 18, 20, 21, 23, 24 and 32: refused for the reason that the row names, and the good ones beside them
/// taken.
#[test]
fn suspicious_tokens_are_refused_for_the_reason_they_should_be_and_good_ones_taken() {
    let rows = rows(FILE);
    assert_eq!(rows.len(), COUNT, "all rows are there");
    let mut wrong = Vec::new();
    for row in &rows {
        let verdict = judge(row).err().map(|error| error.code());
        if verdict != row["code"].as_str() || row["code"].is_string() != (text(row, "expect") == "invalid") {
            wrong.push(format!("{} ({}): {verdict:?}, not {}", row["id"], row["why"], row["code"]));
        }
    }
    assert!(wrong.is_empty(), "{} rows disagree:\n{}", wrong.len(), wrong.join("\n"));
}

/// Stricter than the standards is a choice, laxer never is: what must be refused is, and what is refused although it must be taken
/// is known by name.
#[test]
fn nothing_that_a_standard_refuses_is_taken() {
    let mut stricter = Vec::new();
    for row in rows(FILE) {
        match (text(&row, "says"), judge(&row)) {
            ("refuse", Ok(())) => panic!("{} ({}) is taken", row["id"], row["why"]),
            ("accept", Err(_)) => stricter.push(text(&row, "why").to_owned()),
            ("refuse" | "accept" | "either", _) => {}
            (other, _) => panic!("{other}"),
        }
    }
    assert_eq!(stricter, ["`zip` DEF"]);
}

/// The table that people read says of this crate what the rows say.
#[test]
fn the_table_in_the_documentation_has_every_verdict() {
    let path = format!("{}/docs/strictness.md", env!("CARGO_MANIFEST_DIR"));
    let table = std::fs::read_to_string(path).expect("docs/strictness.md");
    for row in rows(FILE) {
        let verdict = row["code"].as_str().map_or("accepts".to_owned(), |code| format!("refuses: `{code}`"));
        let line = table
            .lines()
            .find(|line| line.starts_with(&format!("| {} |", text(&row, "why"))))
            .unwrap_or_else(|| panic!("{} is not in the table: npm run interop", row["id"]));
        let own = line.split(" | ").nth(2).expect("a third column");
        assert_eq!(own.trim_matches('*'), verdict, "{}: npm run interop", row["id"]);
    }
}
