//! RFC 6750 section 2: where the token travels and what form it has.

use edgeward::{
    limits,
    resource_server::{BearerToken, Request},
};

use crate::outside::{World, code, header, introspecting_policy, policy, refused, verdict};

const MALFORMED: &str = concat!(
    "Bearer realm=\"edgeward test\", error=\"invalid_request\", ",
    "error_description=\"The request carries its token in a malformed way\""
);

fn request<'a>(authorization: Option<&'a str>, query: Option<&'a str>) -> Request<'a> {
    Request { method: "GET", path: "/data", authorization, query, ..Request::default() }
}

/// RFC 6750 section 3.1: without authentication information no error code is given.
#[test]
fn without_bearer_credentials_the_challenge_is_bare() {
    let rows = [
        None,
        Some(""),
        Some(" "),
        Some("Basic dXNlcjpwYXNz"),
        Some("DPoP abc.def.ghi"),
        Some("Digest username=\"x\""),
        Some("Bearerabc"),
        Some("Bearer-Token abc"),
        Some("Bearer\tabc"),
        Some(" Bearer abc"),
        Some("Basic abc, Bearer abc"),
    ];
    for authorization in rows {
        let mut world = World::new(&policy());
        let response = refused(world.call(&request(authorization, None)));
        assert_eq!((response.status, code(&response)), (401, "credentials_missing"), "{authorization:?}");
        assert_eq!(header(&response.headers, "www-authenticate"), Some("Bearer realm=\"edgeward test\""));
        assert_eq!(response.body, r#"{"status":401,"title":"Unauthorized","type":"about:blank"}"#);
        assert!(world.fetched.is_empty());
    }
}

/// RFC 6750 section 2.1, `b64token`; attack 37 where two headers arrive joined by a comma.
#[test]
fn what_is_no_b64token_is_an_invalid_request() {
    let rows = [
        "Bearer",
        "Bearer ",
        "Bearer    ",
        "Bearer =",
        "Bearer ==",
        "Bearer a=b",
        "Bearer a b",
        "Bearer a ",
        "Bearer a\t",
        "Bearer \ta",
        "Bearer a,b",
        "Bearer a, Bearer b",
        "Bearer a,Bearer a",
        "Bearer a, Basic b",
        "Bearer Bearer a",
        "Bearer \"a\"",
        "Bearer token=a",
        "Bearer a%20b",
        "Bearer a;b",
        "Bearer a\0",
        "Bearer a\r\nX-Evil: 1",
        "Bearer caf\u{e9}",
        "Bearer a\\b",
        "Bearer *",
    ];
    for authorization in rows {
        let mut world = World::new(&policy());
        let response = refused(world.call(&request(Some(authorization), None)));
        assert_eq!((response.status, code(&response)), (400, "credentials_malformed"), "{authorization:?}");
        assert_eq!(header(&response.headers, "www-authenticate"), Some(MALFORMED), "{authorization:?}");
        assert!(world.fetched.is_empty(), "{authorization:?}");
    }
}

/// RFC 9110 section 11.1: the scheme's name is compared without regard to case; attack 37.
#[test]
fn the_scheme_is_taken_in_any_case_with_any_number_of_spaces() {
    for authorization in ["Bearer abc", "bearer abc", "BEARER abc", "bEaReR abc", "Bearer    abc"] {
        let token = BearerToken::from_request(&request(Some(authorization), None)).expect(authorization);
        assert_eq!(token.expose(), "abc", "{authorization}");
        let at_the_gate = World::new(&policy()).call(&request(Some(authorization), None));
        assert_eq!(verdict(at_the_gate), (401, "token_malformed"), "{authorization}");
    }
}

/// RFC 6750 section 2.1: every character of `b64token`, and "=" at the end.
#[test]
fn every_character_of_a_b64token_is_taken() {
    let token = "AZaz09-._~+/==";
    let header = format!("Bearer {token}");
    assert_eq!(BearerToken::from_request(&request(Some(&header), None)).unwrap().expose(), token);
}

/// RFC 9700 section 4.3.2: no token in a URL, not even beside a good header.
#[test]
fn a_token_in_the_query_is_an_invalid_request() {
    let rows = [
        "access_token=abc",
        "access_token=",
        "access_token",
        "a=1&access_token=abc",
        "access%5Ftoken=abc",
        "%61ccess_token=abc",
        "access_token=abc&access_token=def",
    ];
    for query in rows {
        for authorization in [None, Some("Bearer abc"), Some("Basic abc")] {
            let response = refused(World::new(&policy()).call(&request(authorization, Some(query))));
            assert_eq!((response.status, code(&response)), (400, "credentials_malformed"), "{query} {authorization:?}");
            assert_eq!(header(&response.headers, "www-authenticate"), Some(MALFORMED), "{query}");
        }
    }
}

/// The same rule does not fire on what only looks like it.
#[test]
fn other_query_members_are_not_taken_for_a_token() {
    for query in ["", "q=access_token", "my_access_token=1", "access_token2=1", "a=b=access_token"] {
        let decision = World::new(&policy()).call(&request(None, Some(query)));
        assert_eq!(verdict(decision), (401, "credentials_missing"), "{query}");
    }
}

/// Attack 33: a token over the bound costs nothing, and is refused before it is looked at.
#[test]
fn a_token_over_the_size_bound_is_refused_without_a_fetch() {
    for (length, code) in [
        (limits::MAX_TOKEN_BYTES, "token_malformed"),
        (limits::MAX_TOKEN_BYTES + 1, "token_too_large"),
        (1 << 20, "token_too_large"),
    ] {
        let mut world = World::new(&policy());
        assert_eq!(verdict(world.get("/data", &"a".repeat(length))), (401, code), "{length}");
        assert!(world.fetched.is_empty());
    }
    // The bound holds for opaque tokens as well, which no JWS parser sees.
    let mut world = World::new(&introspecting_policy());
    assert_eq!(verdict(world.get("/admin", &"a".repeat(limits::MAX_TOKEN_BYTES + 1))), (401, "token_too_large"));
    assert!(world.fetched.is_empty());
}

/// Attack 35: the token's text is in no debug output.
#[test]
fn debug_output_never_shows_the_token() {
    let token = BearerToken::from_request(&request(Some("Bearer visible-secret"), None)).unwrap();
    assert_eq!(format!("{token:?}"), "BearerToken(..)");
}
