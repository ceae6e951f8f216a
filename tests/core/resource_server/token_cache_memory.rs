//! What the memory of good tokens really takes from the allocator, and what a hit does.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

use edgeward::{
    UnixTime,
    limits::MIN_TOKEN_CACHE_BYTES,
    resource_server::{Decision, Progress, Request},
};
use serde_json::{Value, json};

use crate::{
    counting::{Counted, sealed},
    outside::{NOW, claims_with, merged, policy},
};

/// The system's allocator, watched by each thread for itself.
struct Watched;

thread_local! {
    /// Bytes that this thread holds, less those that it has freed for others.
    static HELD: Cell<isize> = const { Cell::new(0) };
    /// Bytes that this thread has ever asked for.
    static ASKED: Cell<usize> = const { Cell::new(0) };
}

fn note(asked: usize, freed: usize) {
    let signed = |bytes| isize::try_from(bytes).unwrap_or(isize::MAX);
    HELD.set(HELD.get() + signed(asked) - signed(freed));
    ASKED.set(ASKED.get() + asked);
}

// SAFETY: each call is handed to the system's allocator as it came; the counters are plain cells that allocate nothing.
unsafe impl GlobalAlloc for Watched {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(layout.size(), 0);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        note(0, layout.size());
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note(size, layout.size());
        unsafe { System.realloc(block, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Watched = Watched;

fn token(number: usize, claims: Value) -> String {
    sealed(&merged(claims_with(json!({ "sub": format!("user-{number:04}") })), claims))
}

/// The bytes that one request asks the allocator for, with its header made beforehand.
fn asked_by_a_hit(gate: &mut Counted, token: &str) -> usize {
    assert!(matches!(gate.get("/me", token).0, Decision::Forward(_)));
    let authorization = format!("Bearer {token}");
    let request = Request { method: "GET", path: "/me", authorization: Some(&authorization), ..Request::default() };
    let before = ASKED.get();
    let progress = gate.world.gate.authorize(&request, UnixTime::from_seconds(NOW));
    let asked = ASKED.get() - before;
    assert!(matches!(progress, Progress::Decided(Decision::Forward(_))));
    asked
}

/// A hit allocates what the origin is told and not a byte for the token: the same for one of 500 characters and one of 15,000.
#[test]
fn a_hit_allocates_nothing_that_grows_with_the_token() {
    let mut gate = Counted::of_seals(&policy());
    let small = asked_by_a_hit(&mut gate, &token(1, json!({ "roles": [] })));
    for claims in [
        json!({ "roles": "x".repeat(11_000) }),
        json!({ "roles": vec!["role"; 1_500] }),
        json!({ "roles": { "a": vec![json!({ "b": 1 }); 1_000] } }),
        json!({ "aud": (0..900).map(|number| format!("aud-{number}")).chain(["https://api.example".into()]).collect::<Vec<_>>() }),
    ] {
        let token = token(2, claims);
        assert!((9_000..16_384).contains(&token.len()), "{}", token.len());
        assert_eq!(asked_by_a_hit(&mut gate, &token), small);
    }
    assert!(small < 2_000, "{small}");
}

/// However hostile the shape of the claims, what is kept stays within the bound on bytes, as the allocator sees it.
#[test]
fn what_is_kept_takes_no_more_memory_than_the_bound() {
    let shapes: [fn(usize) -> Value; 8] = [
        |_| json!({}),
        |number| json!({ "x": "y".repeat(number * 37 % 10_000) }),
        |number| json!({ "x": vec![json!({ "": 0 }); number % 70] }),
        |number| json!({ "x": vec![json!([0]); number % 900] }),
        |number| json!({ "x": vec![json!([]); number % 2_000] }),
        |number| json!({ "x": vec![json!({ "a": { "b": [{ "c": {} }] } }); number % 30] }),
        |number| json!({ "scope": (0..number % 400).map(|word| format!("s{word}")).collect::<Vec<_>>().join(" ") }),
        |number| (0..number % 300).map(|name| (format!("n{name}"), json!(name))).collect(),
    ];
    for (max_bytes, shapes) in shapes.iter().map(|shape| vec![*shape]).chain([shapes.to_vec()]).flat_map(|shapes| {
        [MIN_TOKEN_CACHE_BYTES, 4 * MIN_TOKEN_CACHE_BYTES].map(|max_bytes| (max_bytes, shapes.clone()))
    }) {
        let mut gate = Counted::of_seals(&merged(policy(), json!({ "token_cache": { "max_bytes": max_bytes } })));
        // The keys, and whatever else a gate has after its first request.
        assert!(matches!(gate.get("/me", &token(9_999, json!({}))).0, Decision::Forward(_)));
        gate.world.take_fetched();
        let before = HELD.get();
        let mut most = 0;
        for number in 0..500 {
            let token = token(number, shapes[number % shapes.len()](number));
            assert!(matches!(gate.get("/me", &token).0, Decision::Forward(_)));
            drop(token);
            most = most.max(HELD.get() - before);
        }
        let bound = isize::try_from(max_bytes).unwrap();
        assert!(most <= bound, "{most} of {bound}");
        assert!(most > bound / 8, "{most} of {bound}: the estimate is too far off");
    }
}
