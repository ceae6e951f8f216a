//! Nesting is bounded, and deep input does not overflow the stack (attack class 32).

use edgeward::{json::Fault, limits::MAX_JSON_DEPTH};

use crate::{fault, parse};

#[test]
fn objects_and_arrays_nest_to_the_bound_and_no_deeper() {
    let arrays = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let objects = |depth: usize| format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
    let both = |depth: usize| {
        let open: String = (0..depth).map(|level| if level % 2 == 0 { "[" } else { r#"{"a":"# }).collect();
        let close: String = (0..depth).rev().map(|level| if level % 2 == 0 { ']' } else { '}' }).collect();
        format!("{open}1{close}")
    };
    let shapes: [&dyn Fn(usize) -> String; 3] = [&arrays, &objects, &both];
    for nested in shapes {
        for depth in 1..=MAX_JSON_DEPTH {
            assert!(parse(&nested(depth)).is_ok(), "{depth}");
        }
        for depth in [MAX_JSON_DEPTH + 1, 50, 127, 128, 129, 1_000, 100_000] {
            assert_eq!(fault(&nested(depth)), Some(Fault::TooDeep), "{depth}");
        }
    }
    for open in ["[", r#"{"a":"#, r#"[{"a":"#] {
        assert_eq!(fault(&open.repeat(100_000)), Some(Fault::TooDeep), "without an end");
    }
}

/// What stands side by side is not deep, however much it is, and what was deep before does not count.
#[test]
fn wide_is_not_deep() {
    let deep = format!("{}{}", "[".repeat(MAX_JSON_DEPTH - 1), "]".repeat(MAX_JSON_DEPTH - 1));
    let wide = format!("[{}]", vec![deep; 1_000].join(","));
    assert_eq!(parse(&wide).unwrap().as_array().unwrap().len(), 1_000);
}
