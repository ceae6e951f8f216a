//! This reader and `serde_json`, made as strict: they take the same texts, and read the same from them.

use std::collections::BTreeMap;

use edgeward::json::{Fault, Value};

use crate::{
    generator::{Generator, seeds},
    reference,
};

const DOCUMENTS: usize = 100_000;

/// How often each end was reached.
#[derive(Default)]
struct Tally {
    taken: usize,
    refused: BTreeMap<String, usize>,
}

impl Tally {
    /// Holds both readers against one text. There is no exception: near the greatest double `serde_json` rounds twice, so what it
    /// takes there could differ, but no text here comes so near.
    fn compare(&mut self, text: &[u8]) {
        let shown = || String::from_utf8_lossy(text).into_owned();
        match (Value::parse(text), reference::parse(text)) {
            (Ok(own), Some(other)) => {
                self.taken += 1;
                let written = own.to_string();
                let read_again = serde_json::from_str::<serde_json::Value>(&written);
                assert_eq!(read_again.expect("JSON"), other, "{}", shown());
                assert_eq!(Value::parse(written.as_bytes()).expect("JSON"), own, "{}", shown());
            }
            (Err(error), None) => *self.refused.entry(format!("{:?}", error.fault())).or_default() += 1,
            (own, other) => panic!("{own:?} and {other:?} of {}", shown()),
        }
    }
}

#[test]
fn both_readers_take_the_same_texts_and_read_the_same() {
    let seeds = seeds();
    assert!(seeds.len() > 40, "{} seeds", seeds.len());
    let mut generator = Generator::new(0x6a73_6f6e);
    let mut tally = Tally::default();
    for seed in &seeds {
        tally.compare(seed);
    }
    for number in 0..DOCUMENTS {
        let mut text = match number % 4 {
            0 => seeds[generator.below(seeds.len())].clone(),
            _ => generator.document().into_bytes(),
        };
        if number % 3 > 0 {
            generator.change(&mut text);
        }
        tally.compare(&text);
    }
    let Tally { taken, refused } = &tally;
    println!("{taken} taken, refused: {refused:?}");
    assert!(*taken > DOCUMENTS / 4, "{taken} taken");
    for fault in [
        Fault::NotUtf8,
        Fault::Incomplete,
        Fault::ValueExpected,
        Fault::NameExpected,
        Fault::ColonExpected,
        Fault::CommaOrEndExpected,
        Fault::TextAfterValue,
        Fault::NumberMalformed,
        Fault::NumberTooLarge,
        Fault::ControlCharacter,
        Fault::EscapeMalformed,
        Fault::SurrogateAlone,
        Fault::DuplicateName,
        Fault::TooDeep,
    ] {
        let count = refused.get(&format!("{fault:?}")).copied().unwrap_or_default();
        assert!(count >= 20, "{fault:?} was reached {count} times");
    }
}
