//! Class 37: headers that one reader takes for something and the next does not.

use edgeward::resource_server::{Decision, Request};

use crate::{
    answers::wordy,
    gate::honest,
    outside::{World, policy, refused},
    signing::{Key, key_set},
};

/// Two Authorization headers reach the gate as one text, joined by a comma. Which of them an origin would read can't be known, so none counts.
#[test]
fn class_37_two_authorization_headers_are_refused_whichever_is_good() {
    let mut world = World::new(&wordy());
    world.key_set = Some(key_set());
    let good = format!("Bearer {}", honest(Key::Ec));
    for other in ["Bearer a.b.c", "Basic YTpi", "DPoP a.b.c", "Bearer", good.as_str()] {
        for authorization in [format!("{good}, {other}"), format!("{other}, {good}"), format!("{other},{good}")] {
            let request =
                Request { method: "GET", path: "/me", authorization: Some(&authorization), ..Request::default() };
            let response = refused(world.call(&request));
            assert!([400, 401].contains(&response.status), "{}: {other}", response.status);
        }
    }
}

/// RFC 9110 section 11.1: the scheme in any case; what only looks like one is none.
#[test]
fn class_37_the_scheme_counts_in_any_case_and_nothing_that_looks_like_it() {
    let mut world = World::new(&policy());
    world.key_set = Some(key_set());
    let token = honest(Key::Ec);
    let mut call = |authorization: String| {
        world.call(&Request { method: "GET", path: "/me", authorization: Some(&authorization), ..Request::default() })
    };
    for scheme in ["Bearer", "bearer", "BEARER", "bEaReR", "Bearer  "] {
        assert!(matches!(call(format!("{scheme} {token}")), Decision::Forward(_)), "{scheme:?}");
    }
    let unlike =
        ["Bearer:", "Bearer,", "Bearer\u{a0}", "Bearer\t", "\u{42}earer2", "Вearer", "Token", "", "Bearer Bearer"];
    for scheme in unlike {
        let response = refused(call(format!("{scheme} {token}")));
        assert!([400, 401].contains(&response.status), "{scheme:?}");
    }
}

/// CVE-2025-64484: an origin may read "edgeward_sub" as "edgeward-sub", so whatever can be taken for a header of the gate's never passes on.
#[test]
fn class_37_underscore_names_and_odd_case_never_pass_for_the_gates_own() {
    let world = World::new(&wordy());
    for name in [
        "edgeward-sub",
        "Edgeward-Sub",
        "EDGEWARD_SUB",
        "edgeward_sub",
        "edgeward-anything",
        "x-user",
        "X_User",
        "authorization",
        "Authorization",
        "DPoP",
        "dpop",
    ] {
        assert!(world.gate.drops_header(name), "{name}");
    }
    for name in ["accept", "x-request-id", "user-agent"] {
        assert!(!world.gate.drops_header(name), "{name}");
    }
}
