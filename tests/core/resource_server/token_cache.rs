//! The memory of good tokens: its bounds, the order in which entries leave, and its switch.

use edgeward::{
    limits::{
        KEY_SET_TTL_SECONDS, MAX_TOKEN_CACHE_BYTES, MAX_TOKEN_CACHE_ENTRIES, MIN_TOKEN_CACHE_BYTES, TOKEN_CACHE_BYTES,
        TOKEN_CACHE_ENTRIES,
    },
    resource_server::Decision,
};
use serde_json::{Value, json};

use crate::{
    counting::{Counted, Numbers, ending_in, sealed},
    outside::{claims_with, merged, policy, verdict},
    policy::{paths, problems_of},
    signing::Key,
};

fn gate(token_cache: &Value) -> Counted {
    Counted::of_seals(&merged(policy(), json!({ "token_cache": token_cache })))
}

/// The `number`th token, with this much of a claim that the gate has no use for.
fn token(number: usize, padding: usize) -> String {
    sealed(&claims_with(json!({ "sub": format!("user-{number:06}"), "padding": "x".repeat(padding) })))
}

/// Whether a token was known, that is passed without a signature.
fn is_known(gate: &mut Counted, token: &str) -> bool {
    let (decision, checks) = gate.get("/data", token);
    assert!(matches!(decision, Decision::Forward(_)));
    checks == 0
}

/// The entry that was used longest ago leaves first; being asked for is use.
#[test]
fn the_token_unused_longest_leaves_first() {
    let mut gate = gate(&json!({ "max_entries": 3 }));
    let [ada, bob, cyd, dan, eve] = [0, 1, 2, 3, 4].map(|number| token(number, 0));
    for token in [&ada, &bob, &cyd] {
        assert!(!is_known(&mut gate, token));
    }
    assert!(is_known(&mut gate, &ada), "so bob's is now the oldest");
    assert!(!is_known(&mut gate, &dan), "bob's leaves");
    for token in [&cyd, &ada, &dan] {
        assert!(is_known(&mut gate, token));
    }
    assert!(!is_known(&mut gate, &eve), "cyd's leaves");
    assert!(!is_known(&mut gate, &bob), "ada's leaves");
    for token in [&dan, &eve, &bob] {
        assert!(is_known(&mut gate, token));
    }
    assert!(!is_known(&mut gate, &ada));
}

/// An entry that has ended gives its place back to others, although it was asked for last.
#[test]
fn an_ended_entry_gives_its_place_back() {
    let mut gate = Counted::new(&merged(policy(), json!({ "token_cache": { "max_entries": 2 } })));
    let long_lived = |subject: &str| claims_with(json!({ "sub": subject, "exp": gate.world.now + 10_000 }));
    let (ada, bob, cyd) =
        (Key::Rsa.sign(&long_lived("ada")), Key::Ec.sign(&long_lived("bob")), Key::Ec.sign(&long_lived("cyd")));
    for token in [&ada, &bob] {
        assert!(!is_known(&mut gate, token));
    }
    gate.world.key_set = Some(json!({ "keys": [Key::Ec.jwk()] }).to_string());
    gate.world.now += KEY_SET_TTL_SECONDS;
    assert!(!is_known(&mut gate, &bob), "the set is another");
    assert_eq!(verdict(gate.get("/data", &ada).0).1, "key_unknown");
    assert!(!is_known(&mut gate, &cyd));
    for token in [&bob, &cyd] {
        assert!(is_known(&mut gate, token));
    }
}

/// A token that ends as another does takes its place in the index, and no place of a third's.
#[test]
fn tokens_that_end_alike_share_one_place() {
    let mut gate = Counted::of_equal_ends(&merged(policy(), json!({ "token_cache": { "max_entries": 2 } })));
    let [ada, bob, cyd] = [(7, "ada"), (7, "bob"), (8, "cyd")]
        .map(|(byte, subject)| ending_in(byte, &claims_with(json!({ "sub": subject }))));
    for token in [&ada, &bob, &cyd] {
        assert!(!is_known(&mut gate, token));
    }
    for token in [&bob, &cyd, &bob] {
        assert!(is_known(&mut gate, token));
    }
    assert!(!is_known(&mut gate, &ada));
    assert!(!is_known(&mut gate, &bob));
    assert!(is_known(&mut gate, &cyd));
}

/// Thousands of requests against a list that says in the plainest way what must be known: bounds of one entry, of few, of many.
#[test]
fn the_order_is_that_of_a_naive_list() {
    let tokens: Vec<String> = (0..24).map(|number| token(number, 0)).collect();
    let mut numbers = Numbers(9_068);
    for max_entries in [1, 2, 7, 23, 24] {
        let mut gate = gate(&json!({ "max_entries": max_entries }));
        let mut list: Vec<usize> = Vec::new();
        for _ in 0..2_000 {
            // Low numbers come more often, as some callers do.
            let number = numbers.below(24).min(numbers.below(24));
            let place = list.iter().position(|known| *known == number);
            if numbers.below(10) == 0 {
                // A request before the token's time ends its entry, wherever in the order it stands.
                gate.world.now -= 200;
                let (decision, checks) = gate.get("/data", &tokens[number]);
                gate.world.now += 200;
                assert!(matches!(decision, Decision::Respond(_)));
                assert_eq!(checks == 0, place.is_some(), "{number} of {list:?}");
                list.retain(|known| *known != number);
                continue;
            }
            assert_eq!(is_known(&mut gate, &tokens[number]), place.is_some(), "{number} of {list:?}");
            if let Some(place) = place {
                list.remove(place);
            }
            list.insert(0, number);
            list.truncate(max_entries);
        }
    }
}

/// With tokens of 1 to 15 KiB the bytes are the bound: the newest are kept, without a gap, as many as fit and not fewer.
#[test]
fn bytes_are_bounded_as_entries_are() {
    let mut numbers = Numbers(7_519);
    let tokens: Vec<String> = (0..24).map(|number| token(number, 600 + numbers.below(10_000))).collect();
    // Asking changes what is kept, so each is asked about in a world of its own.
    let known: Vec<bool> = tokens
        .iter()
        .map(|asked| {
            let mut gate = gate(&json!({ "max_bytes": MIN_TOKEN_CACHE_BYTES }));
            for token in &tokens {
                assert!(!is_known(&mut gate, token));
            }
            is_known(&mut gate, asked)
        })
        .collect();
    let first = known.iter().position(|is_known| *is_known).unwrap();
    assert!(first > 0 && known[first..].iter().all(|is_known| *is_known), "{known:?}");
    let bytes = |tokens: &[String]| tokens.iter().map(String::len).sum::<usize>();
    assert!(bytes(&tokens[first..]) <= MIN_TOKEN_CACHE_BYTES);
    // The claims are shorter than the text they were read from, but for what their tree takes.
    let generous: usize = tokens[first - 1..].iter().map(|token| 2 * token.len() + 4_096).sum();
    assert!(generous > MIN_TOKEN_CACHE_BYTES, "{known:?}");
}

/// A token that would not fit alone is judged like any other, is not kept, and costs no other its place.
#[test]
fn a_token_too_heavy_to_keep_costs_no_other_its_place() {
    let mut gate = gate(&json!({ "max_bytes": MIN_TOKEN_CACHE_BYTES }));
    // 8 KiB of text whose claims take a tree node for each 7 characters of it.
    let heavy = sealed(&claims_with(json!({ "x": vec![json!({ "": 0 }); 900] })));
    let light: Vec<String> = (0..4).map(|number| token(number, 0)).collect();
    for token in &light {
        assert!(!is_known(&mut gate, token));
    }
    for _ in 0..2 {
        assert!(!is_known(&mut gate, &heavy));
    }
    for token in &light {
        assert!(is_known(&mut gate, token));
    }
}

/// As it comes, the memory is on and holds what `limits` says; `true` says the same.
#[test]
fn it_is_on_unless_the_policy_turns_it_off() {
    let tokens: Vec<String> = (0..=TOKEN_CACHE_ENTRIES).map(|number| token(number, 0)).collect();
    for document in [policy(), merged(policy(), json!({ "token_cache": true }))] {
        let mut gate = Counted::of_seals(&document);
        for token in &tokens {
            assert!(!is_known(&mut gate, token));
        }
        for token in &tokens[1..] {
            assert!(is_known(&mut gate, token));
        }
        assert!(!is_known(&mut gate, &tokens[0]));
    }
    let mut off = gate(&json!(false));
    for _ in 0..3 {
        assert!(!is_known(&mut off, &tokens[0]));
    }
}

/// A bound out of range is a problem at its place, and a member that is not known is named.
#[test]
fn bounds_out_of_range_are_problems_at_their_place() {
    let of = |token_cache: Value| paths(&merged(policy(), json!({ "token_cache": token_cache })));
    for good in [
        json!({}),
        json!({ "max_entries": 1, "max_bytes": MIN_TOKEN_CACHE_BYTES }),
        json!({ "max_entries": MAX_TOKEN_CACHE_ENTRIES, "max_bytes": MAX_TOKEN_CACHE_BYTES }),
        json!({ "max_bytes": TOKEN_CACHE_BYTES }),
    ] {
        assert_eq!(of(good), Vec::<String>::new());
    }
    for entries in [0, MAX_TOKEN_CACHE_ENTRIES + 1, usize::MAX] {
        assert_eq!(of(json!({ "max_entries": entries })), ["token_cache.max_entries"]);
    }
    for bytes in [0, MIN_TOKEN_CACHE_BYTES - 1, MAX_TOKEN_CACHE_BYTES + 1] {
        assert_eq!(of(json!({ "max_bytes": bytes })), ["token_cache.max_bytes"]);
    }
    for (value, said) in [
        (
            json!({ "entries": "hunter2" }),
            ("token_cache.entries", "is not known; what may stand here: max_entries, max_bytes"),
        ),
        (json!({ "max_entries": -1 }), ("token_cache.max_entries", "must be a whole number, 0 or more")),
        (json!({ "max_bytes": "hunter2" }), ("token_cache.max_bytes", "must be a whole number, 0 or more")),
        (json!("hunter2"), ("token_cache", "must be true, false or an object of bounds")),
        (json!([false]), ("token_cache", "must be true, false or an object of bounds")),
    ] {
        let problems = problems_of(&merged(policy(), json!({ "token_cache": value })).to_string());
        assert_eq!(problems.len(), 1);
        assert_eq!((problems[0].path.as_str(), problems[0].problem.as_str()), said);
    }
}
